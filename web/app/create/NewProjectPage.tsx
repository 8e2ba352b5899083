import { Banner, Button, PageDrop, ProgressBar, TextField } from "@labelwright/ui";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { ApiError, errorText } from "../api/client";
import { ConfigEditor } from "../config/ConfigEditor";
import { Preview } from "../config/Preview";
import { TemplatePicker } from "../config/TemplatePicker";
import { useCommands } from "../shell/commands";
import { useTitle } from "../shell/title";
import { DataColumn } from "./DataColumn";
import styles from "./NewProjectPage.module.css";
import { useNewProject } from "./useNewProject";

const route = getRouteApi("/shell/projects/new");

/** Data, interface, preview side by side; nothing is saved before the button is pressed. */
export function NewProjectPage() {
  useTitle("New project");
  const navigate = useNavigate();
  const { sample } = route.useSearch();
  const draft = useNewProject(sample);
  const { title, config, sources, columns, rows, creating, failure } = draft;
  const hasRows = sources.length > 0;

  const create = async () => {
    const created = await draft.create();
    if (!created) return;
    const to = created.tasks > 0 ? "/projects/$projectId/label" : "/projects/$projectId/data";
    void navigate({ to, params: { projectId: created.projectId } });
  };
  useCommands([{ title: hasRows ? "Create and label" : "Create", keys: "mod+enter", group: "New project", run: () => void create() }]);

  return (
    <div className={styles.page}>
      <PageDrop onFiles={draft.addFiles} message="Drop to add to the project" />
      <form
        className={styles.head}
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <h1 className="visually-hidden">New project</h1>
        <TextField
          label="Title of the project"
          hideLabel
          placeholder="Title of the project"
          className={styles.title}
          value={title}
          minLength={3}
          maxLength={50}
          required
          error={failure instanceof ApiError ? failure.field("title") : null}
          onChange={(event) => draft.setTitle(event.target.value)}
        />
        <Button type="submit" variant="primary" busy={creating !== null} keys="mod+enter">
          {hasRows ? "Create & label" : "Create"}
        </Button>
      </form>
      {creating !== null && (
        <div className={styles.progress}>
          <ProgressBar label="Upload" value={creating} max={1} valueText={`${Math.round(creating * 100)} %`} />
        </div>
      )}
      {failure !== null && <Failure error={failure} created={draft.isCreated} />}
      <div className={styles.columns}>
        <section className={styles.column} aria-label="Data">
          <h2>Data</h2>
          <DataColumn sources={sources} columns={columns} problems={draft.problems} onFiles={draft.addFiles} onRemove={draft.removeSource} />
        </section>
        <section className={styles.column} aria-label="Interface">
          <h2>Interface</h2>
          <TemplatePicker suggestions={draft.suggestions} fitted={hasRows} chosen={draft.chosen} onChoose={draft.choose} />
          <ConfigEditor xml={config} fields={columns.map((column) => column.name)} onChange={draft.editConfig} />
        </section>
        <section className={styles.column} aria-label="Preview">
          <Preview config={config} rows={rows} total={draft.total} />
        </section>
      </div>
    </div>
  );
}

function Failure({ error, created }: { error: unknown; created: boolean }) {
  const config = error instanceof ApiError ? error.field("label_config") : null;
  return (
    <div className={styles.failure}>
      <Banner tone="danger">
        {config ? `The server does not accept the interface:\n${config}` : errorText(error)}
        {created && "\nThe project itself was created. Mend the data and press the button again: it goes on from here."}
      </Banner>
    </div>
  );
}
