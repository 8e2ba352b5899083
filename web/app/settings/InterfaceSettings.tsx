import { Banner, Button } from "@labelwright/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api, ApiError, errorText } from "../api/client";
import type { Project } from "../api/models";
import { columnsQuery } from "../api/queries";
import { ConfigEditor } from "../config/ConfigEditor";
import { Preview } from "../config/Preview";
import { fitToColumns, starters } from "../config/starters";
import { TemplatePicker } from "../config/TemplatePicker";
import { detectColumns } from "../create/columns";
import { taskPageQuery } from "../data/tasksQuery";
import { Page } from "../shell/Page";
import { SaveBar } from "../shell/SaveBar";
import { useSaveProject } from "./saveProject";
import styles from "./Settings.module.css";

const isEmptyConfig = (xml: string) => /^\s*(<View>\s*<\/View>|<View\s*\/>)?\s*$/.test(xml);

/** The label config with the project's own tasks beside it. Saving asks the server first whether stored answers still fit. */
export function InterfaceSettings({ project }: { project: Project }) {
  const [xml, setXml] = useState(project.label_config);
  const [picking, setPicking] = useState(isEmptyConfig(project.label_config));
  const [chosen, setChosen] = useState<string | null>(null);
  const columns = useQuery(columnsQuery(project.id));
  const tasks = useQuery(taskPageQuery(project.id, {}, 1));
  const rows = useMemo(() => tasks.data?.tasks.map((task) => task.data) ?? [], [tasks.data]);
  const known = detectColumns(rows);
  const fields = (columns.data ?? []).filter((column) => column.parent === "data" && column.id !== "$undefined$").map((column) => column.id);
  const save = useSaveProject(project.id, () => undefined);
  const check = useMutation({
    mutationFn: () => api.post<unknown>(`/api/projects/${project.id}/validate`, { label_config: xml }),
    onSuccess: () => save.mutate({ label_config: xml }),
  });
  const isDirty = xml !== project.label_config;

  return (
    <Page wide title="Interface" actions={!picking && <Button onClick={() => setPicking(true)}>Choose a template</Button>}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.reset();
          check.mutate();
        }}
      >
        <div className={styles.split}>
          <div className={styles.stack}>
            {picking && (
              <TemplatePicker
                suggestions={starters(known, [])}
                fitted={rows.length > 0}
                chosen={chosen}
                onChoose={(id, config) => {
                  setChosen(id);
                  setXml(fitToColumns(config, known));
                }}
              />
            )}
            <ConfigEditor
              xml={xml}
              fields={fields}
              onChange={(next) => {
                setXml(next);
                setChosen(null);
                check.reset();
              }}
            />
          </div>
          <div className={styles.sticky}>
            <Preview config={xml} rows={rows} total={project.task_number} />
          </div>
        </div>
        {check.isError && <Refused error={check.error} busy={save.isPending} onSave={() => save.mutate({ label_config: xml })} />}
        {save.isError && <Banner tone="danger">{errorText(save.error)}</Banner>}
        <div className={styles.foot}>
          <SaveBar isDirty={isDirty} busy={check.isPending || save.isPending} onReset={() => setXml(project.label_config)} />
        </div>
      </form>
    </Page>
  );
}

/** Why the config does not fit what is there. Labels that are in use may be given up on purpose; other faults may not. */
function Refused({ error, busy, onSave }: { error: unknown; busy: boolean; onSave: () => void }) {
  const text = error instanceof ApiError ? (error.field("label_config") ?? errorText(error)) : errorText(error);
  const mayInsist = /labels still exist/i.test(text);
  return (
    <Banner
      tone={mayInsist ? "warn" : "danger"}
      actions={
        mayInsist && (
          <Button size="small" busy={busy} onClick={onSave}>
            Save all the same
          </Button>
        )
      }
    >
      {text}
      {mayInsist && "\nThe answers keep these labels; nobody can give them any more."}
    </Banner>
  );
}
