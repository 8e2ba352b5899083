import { Banner, Button, Dialog, toast } from "@labelwright/ui";
import { useMutation } from "@tanstack/react-query";
import { api, errorText } from "../api/client";
import { invalidate } from "../api/queries";
import { countOf } from "../format";
import type { TaskQuery } from "./filter";
import { selectedItems, type Selection } from "./selection";

export type DeleteWhat = "tasks" | "annotations" | "predictions";

interface DeleteDialogProps {
  projectId: number;
  what: DeleteWhat;
  count: number;
  query: TaskQuery;
  selection: Selection;
  onDone: () => void;
  onClose: () => void;
}

const actions: Readonly<Record<DeleteWhat, string>> = { tasks: "delete_tasks", annotations: "delete_tasks_annotations", predictions: "delete_tasks_predictions" };

export function DeleteDialog({ projectId, what, count, query, selection, onDone, onClose }: DeleteDialogProps) {
  const remove = useMutation({
    mutationFn: () =>
      api.post<{ detail?: string }>(
        "/api/dm/actions",
        { project: projectId, selectedItems: selectedItems(selection), filters: query.filters ?? { conjunction: "and", items: [] }, ordering: query.ordering ?? [] },
        { id: actions[what], project: projectId },
      ),
    onSuccess: async (answer) => {
      await invalidate(["tasks", projectId], ["project", projectId], ["projects"], ["columns", projectId]);
      toast({ message: answer.detail ?? "Deleted.", tone: "ok" });
      onDone();
      onClose();
    },
  });
  const tasks = countOf(count, "task");
  return (
    <Dialog
      title={what === "tasks" ? `Delete ${tasks}?` : `Delete the ${what} of ${tasks}?`}
      size="small"
      onClose={onClose}
      onSubmit={() => remove.mutate()}
      footer={
        <>
          <Button onClick={onClose} data-autofocus>
            Keep
          </Button>
          <Button type="submit" variant="danger" busy={remove.isPending}>
            Delete
          </Button>
        </>
      }
    >
      <p>{what === "tasks" ? "Their annotations, drafts and predictions are deleted with them." : "The tasks stay."} This cannot be undone.</p>
      {remove.isError && <Banner tone="danger">{errorText(remove.error)}</Banner>}
    </Dialog>
  );
}
