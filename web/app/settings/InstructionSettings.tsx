import { Banner, Switch, TextArea } from "@labelwright/ui";
import { useDeferredValue, useMemo } from "react";
import { errorText } from "../api/client";
import type { Project } from "../api/models";
import { sanitize } from "../label/Instructions";
import { Page, Section } from "../shell/Page";
import { SaveBar } from "../shell/SaveBar";
import { useDraft } from "../shell/useDraft";
import { useSaveProject } from "./saveProject";
import styles from "./Settings.module.css";

type Fields = Pick<Project, "expert_instruction" | "show_instruction">;

export function InstructionSettings({ project }: { project: Project }) {
  const draft = useDraft<Fields>(project);
  const { value, set } = draft;
  const save = useSaveProject(project.id, draft.reset);
  const shown = useDeferredValue(value.expert_instruction ?? "");
  const html = useMemo(() => sanitize(shown), [shown]);
  return (
    <Page title="Instructions" intro="What annotators should know: shown beside the task, and always at hand with alt+I.">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(draft.changed);
        }}
      >
        <Section>
          <TextArea
            label="Text"
            description="Plain text or HTML: headings, lists, links, pictures."
            rows={10}
            value={value.expert_instruction ?? ""}
            onChange={(event) => set("expert_instruction", event.target.value)}
          />
          <Switch
            label="Show before labeling starts"
            description="Until the person has closed them once, and again when they change."
            checked={value.show_instruction}
            onChange={(on) => set("show_instruction", on)}
          />
        </Section>
        <Section title="As annotators see it">
          {html ? <div className={styles.rendered} dangerouslySetInnerHTML={{ __html: html }} /> : <p className={styles.muted}>Nothing yet.</p>}
        </Section>
        {save.isError && <Banner tone="danger">{errorText(save.error)}</Banner>}
        <div className={styles.foot}>
          <SaveBar isDirty={draft.isDirty} busy={save.isPending} onReset={draft.reset} />
        </div>
      </form>
    </Page>
  );
}
