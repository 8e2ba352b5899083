import { Button, Dialog, toast } from "@labelwright/ui";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { modelActions, type ConnectedModel } from "../api/mlModels";
import { invalidate } from "../api/queries";
import { Command } from "./Command";
import { ModelForm, useModelForm } from "./ModelForm";
import styles from "./Models.module.css";

export const START_COMMAND = "labelwright ml start ml_backend.py --port 9090";

/** What a page shows of a project's models must be read again. */
export function refreshModels(project: number): Promise<unknown> {
  return invalidate(["models", project], ["jobs", project], ["project", project], ["columns", project], ["tasks", project]);
}

function useConnect(project: number, onDone?: (model: ConnectedModel) => void) {
  const form = useModelForm();
  const connect = useMutation({
    mutationFn: () => modelActions.connect(project, form.fields()),
    onSuccess: async (model) => {
      await refreshModels(project);
      toast({ message: `Connected to ${model.url}.`, tone: "ok" });
      onDone?.(model);
    },
  });
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (form.extraProblem === null && !connect.isPending) connect.mutate();
  };
  return { form, connect, submit };
}

function StartHint() {
  return (
    <div className={styles.start}>
      <p>Start it on the machine of this server, or on one that it may call:</p>
      <Command text={START_COMMAND} />
    </div>
  );
}

/** The form in the page, for a project without a model. */
export function ConnectCard({ project }: { project: number }) {
  const { form, connect, submit } = useConnect(project);
  return (
    <section className={styles.choice} aria-labelledby="connect-model">
      <h2 id="connect-model">Connect a model</h2>
      <p className={styles.muted}>A small server of yours that predicts, and may learn from the answers.</p>
      <StartHint />
      <form className={styles.fields} onSubmit={submit}>
        <ModelForm form={form} error={connect.error} />
        <div className={styles.foot}>
          <Button type="submit" variant="primary" busy={connect.isPending}>
            Connect
          </Button>
        </div>
      </form>
    </section>
  );
}

export function ConnectDialog({ project, onClose }: { project: number; onClose: () => void }) {
  const { form, connect, submit } = useConnect(project, onClose);
  return (
    <Dialog
      title="Connect a model"
      onClose={onClose}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={connect.isPending}>
            Connect
          </Button>
        </>
      }
    >
      <StartHint />
      <ModelForm form={form} error={connect.error} />
    </Dialog>
  );
}

export function EditModelDialog({ model, onClose }: { model: ConnectedModel; onClose: () => void }) {
  const form = useModelForm(model);
  const save = useMutation({
    mutationFn: () => modelActions.edit(model.id, form.fields()),
    onSuccess: async () => {
      await refreshModels(model.project);
      toast({ message: "Saved.", tone: "ok" });
      onClose();
    },
  });
  return (
    <Dialog
      title={`Edit ${model.title}`}
      onClose={onClose}
      onSubmit={() => form.extraProblem === null && save.mutate()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={save.isPending} disabled={!form.isTouched}>
            Save
          </Button>
        </>
      }
    >
      <ModelForm form={form} error={save.error} model={model} />
    </Dialog>
  );
}
