import { Banner, Button, Dialog, toast } from "@labelwright/ui";
import { useMutation } from "@tanstack/react-query";
import { api, errorText } from "../api/client";
import type { Project } from "../api/models";
import { invalidate } from "../api/queries";
import { countOf } from "../format";

/** Asks once, naming what goes with it. */
export function DeleteProjectDialog({ project, onClose }: { project: Project; onClose: () => void }) {
  const remove = useMutation({
    mutationFn: () => api.delete(`/api/projects/${project.id}`),
    onSuccess: async () => {
      await invalidate(["projects"]);
      toast({ message: `Deleted “${project.title}”.`, tone: "ok" });
      onClose();
    },
  });
  return (
    <Dialog
      title={`Delete “${project.title}”?`}
      size="small"
      onClose={onClose}
      onSubmit={() => remove.mutate()}
      footer={
        <>
          <Button onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button type="submit" variant="danger" busy={remove.isPending}>
            Delete project
          </Button>
        </>
      }
    >
      <p>
        Its {countOf(project.task_number, "task")}, {countOf(project.total_annotations_number, "annotation")} and{" "}
        {countOf(project.total_predictions_number, "prediction")} are deleted with it. This cannot be undone.
      </p>
      {remove.isError && <Banner tone="danger">{errorText(remove.error)}</Banner>}
    </Dialog>
  );
}
