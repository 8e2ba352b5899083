import { Banner, Button, Dialog, TextField, toast } from "@labelwright/ui";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, errorText } from "../api/client";
import type { Project } from "../api/models";
import { invalidate, queryClient } from "../api/queries";
import { countOf } from "../format";
import { Page, Section } from "../shell/Page";
import styles from "./Settings.module.css";

export function DangerSettings({ project }: { project: Project }) {
  const [asking, setAsking] = useState<"tasks" | "project" | null>(null);
  const recount = useMutation({
    mutationFn: () => api.post<unknown>(`/api/projects/${project.id}/summary/reset`),
    onSuccess: async () => {
      await invalidate(["project", project.id], ["columns", project.id]);
      toast({ message: "Counted again.", tone: "ok" });
    },
    onError: (error) => toast({ message: errorText(error), tone: "danger" }),
  });
  return (
    <Page title="Danger zone">
      <Section>
        <div className={styles.row}>
          <div>
            <h2>Count again</h2>
            <p className={styles.muted}>Counts the columns and labels in use anew, from the tasks and answers that are there. Nothing is deleted.</p>
          </div>
          <Button busy={recount.isPending} onClick={() => recount.mutate()}>
            Count again
          </Button>
        </div>
      </Section>
      <Section tone="danger">
        <div className={styles.row}>
          <div>
            <h2>Delete all tasks</h2>
            <p className={styles.muted}>
              {countOf(project.task_number, "task")} with {countOf(project.total_annotations_number, "annotation")} and {countOf(project.total_predictions_number, "prediction")}. The project and its settings stay.
            </p>
          </div>
          <Button variant="danger" disabled={!project.task_number} onClick={() => setAsking("tasks")}>
            Delete all tasks
          </Button>
        </div>
        <div className={styles.row}>
          <div>
            <h2>Delete the project</h2>
            <p className={styles.muted}>Everything: tasks, answers, predictions, settings.</p>
          </div>
          <Button variant="danger" onClick={() => setAsking("project")}>
            Delete project
          </Button>
        </div>
      </Section>
      {asking && <ConfirmDialog project={project} what={asking} onClose={() => setAsking(null)} />}
    </Page>
  );
}

/** Asks for the project's title, so that it is not done by a habit of pressing Enter. */
function ConfirmDialog({ project, what, onClose }: { project: Project; what: "tasks" | "project"; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => api.delete(what === "project" ? `/api/projects/${project.id}` : `/api/projects/${project.id}/tasks`),
    onSuccess: async () => {
      if (what === "project") {
        await navigate({ to: "/projects" });
        queryClient.removeQueries({ queryKey: ["project", project.id] });
        toast({ message: `Deleted “${project.title}”.`, tone: "ok" });
      } else {
        await invalidate(["project", project.id], ["tasks", project.id], ["columns", project.id]);
        toast({ message: "Deleted all tasks.", tone: "ok" });
        onClose();
      }
      await invalidate(["projects"]);
    },
  });
  const matches = typed.trim() === project.title.trim();
  return (
    <Dialog
      title={what === "project" ? "Delete the project?" : "Delete all tasks?"}
      onClose={onClose}
      onSubmit={() => matches && remove.mutate()}
      footer={
        <>
          <Button onClick={onClose}>Keep</Button>
          <Button type="submit" variant="danger" disabled={!matches} busy={remove.isPending}>
            {what === "project" ? "Delete project" : "Delete all tasks"}
          </Button>
        </>
      }
    >
      <p>
        {countOf(project.task_number, "task")} and {countOf(project.total_annotations_number, "annotation")} are deleted. This cannot be undone.
      </p>
      <TextField label={`Type the title of the project, “${project.title}”`} value={typed} autoComplete="off" data-autofocus onChange={(event) => setTyped(event.target.value)} />
      {remove.isError && <Banner tone="danger">{errorText(remove.error)}</Banner>}
    </Dialog>
  );
}
