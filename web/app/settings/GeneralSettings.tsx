import { Banner, Checkbox, RadioGroup, TextArea, TextField } from "@labelwright/ui";
import { ApiError, errorText } from "../api/client";
import type { Project } from "../api/models";
import { SaveBar } from "../shell/SaveBar";
import { Page, Section } from "../shell/Page";
import { useDraft } from "../shell/useDraft";
import { ColorField } from "./ColorField";
import styles from "./Settings.module.css";
import { useSaveProject } from "./saveProject";

type Fields = Pick<
  Project,
  | "title" | "description" | "color" | "sampling" | "maximum_annotations" | "show_skip_button" | "skip_queue"
  | "enable_empty_annotation"
>;

const samplings = [
  { value: "Sequential sampling", label: "In order", description: "Oldest task first." },
  { value: "Uniform sampling", label: "At random", description: "Any task, each as likely as the others." },
  { value: "Uncertainty sampling", label: "Least certain first", description: "Tasks whose prediction has the lowest score come first." },
] as const;

const skipQueues = [
  { value: "REQUEUE_FOR_OTHERS", label: "Goes to somebody else", description: "Whoever skipped it does not see it again." },
  { value: "REQUEUE_FOR_ME", label: "Comes back at the end", description: "The same person sees it again after the other tasks." },
  { value: "IGNORE_SKIPPED", label: "Counts as done", description: "Nobody is asked again." },
] as const;

export function GeneralSettings({ project }: { project: Project }) {
  const draft = useDraft<Fields>(project);
  const { value, set } = draft;
  const save = useSaveProject(project.id, draft.reset);
  const error = save.error instanceof ApiError ? save.error : null;
  return (
    <Page title="General">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(draft.changed);
        }}
      >
        <Section title="Project">
          <TextField label="Title" value={value.title} required minLength={3} maxLength={50} error={error?.field("title") ?? null} onChange={(event) => set("title", event.target.value)} />
          <TextArea label="Description" rows={2} value={value.description ?? ""} error={error?.field("description") ?? null} onChange={(event) => set("description", event.target.value)} />
          <ColorField value={value.color} onChange={(color) => set("color", color)} />
        </Section>
        <Section title="Queue" intro="Which task comes next, and how many people answer it.">
          <RadioGroup legend="Order of tasks" options={samplings} value={value.sampling} onChange={(sampling) => set("sampling", sampling)} />
          <TextField
            label="Answers per task"
            type="number"
            min={1}
            max={1000}
            required
            className={styles.short}
            value={value.maximum_annotations}
            error={error?.field("maximum_annotations") ?? null}
            description="A task is done when so many people have answered it."
            onChange={(event) => set("maximum_annotations", event.target.valueAsNumber)}
          />
        </Section>
        <Section title="Answers">
          <Checkbox
            label="Tasks may be skipped"
            description="Shows the Skip button."
            checked={value.show_skip_button}
            onChange={(on) => set("show_skip_button", on)}
          />
          {value.show_skip_button && <RadioGroup legend="A skipped task" options={skipQueues} value={value.skip_queue} onChange={(queue) => set("skip_queue", queue)} />}
          <Checkbox
            label="Empty answers may be submitted"
            description="Where nothing in a picture or text is to be marked."
            checked={value.enable_empty_annotation}
            onChange={(on) => set("enable_empty_annotation", on)}
          />
        </Section>
        {save.isError && <Banner tone="danger">{errorText(save.error)}</Banner>}
        <div className={styles.foot}>
          <SaveBar isDirty={draft.isDirty} busy={save.isPending} onReset={draft.reset} />
        </div>
      </form>
    </Page>
  );
}
