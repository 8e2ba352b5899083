import { Banner, Button, Dialog, toast } from "@labelwright/ui";
import { useMutation } from "@tanstack/react-query";
import { errorText } from "../api/client";
import { modelActions, type ConnectedModel } from "../api/mlModels";
import { countOf } from "../format";
import { refreshModels } from "./ConnectModel";

export function RemoveModelDialog({ model, onClose }: { model: ConnectedModel; onClose: () => void }) {
  const remove = useMutation({
    mutationFn: () => modelActions.remove(model.id),
    onSuccess: async () => {
      await refreshModels(model.project);
      toast({ message: `${model.title} is no longer connected.`, tone: "ok" });
      onClose();
    },
  });
  return (
    <Dialog
      title={`Remove ${model.title}?`}
      size="small"
      onClose={onClose}
      onSubmit={() => remove.mutate()}
      footer={
        <>
          <Button onClick={onClose} data-autofocus>
            Keep
          </Button>
          <Button type="submit" variant="danger" busy={remove.isPending}>
            Remove
          </Button>
        </>
      }
    >
      <p>
        The server no longer asks it, and no longer tells it about answers. Its jobs and the list of its trainings go too. Its {countOf(model.predicted_count, "prediction")} stay with the
        tasks, and so do all answers. The model itself is not touched.
      </p>
      {remove.isError && <Banner tone="danger">{errorText(remove.error)}</Banner>}
    </Dialog>
  );
}
