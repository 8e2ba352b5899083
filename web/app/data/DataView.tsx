import { Button, buttonClass, EmptyState, PageDrop, Skeleton } from "@labelwright/ui";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Inbox, SearchX } from "lucide-react";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import type { Project } from "../api/models";
import { projectQuery } from "../api/queries";
import { useCommands } from "../shell/commands";
import { Failed } from "../shell/Page";
import { useTitle } from "../shell/title";
import { labelColors } from "./answers";
import styles from "./DataView.module.css";
import { DeleteDialog, type DeleteWhat } from "./DeleteDialog";
import { ExportDialog } from "./ExportDialog";
import { ImportDialog } from "./ImportDialog";
import { SelectionBar } from "./SelectionBar";
import { countSelected, nothingSelected, type Selection } from "./selection";
import { tableColumns } from "./tableColumns";
import { taskPageQuery } from "./tasksQuery";
import { TaskTable } from "./TaskTable";
import { Toolbar } from "./Toolbar";
import { useShownColumns } from "./useShownColumns";
import { usePredict } from "./usePredict";
import { useTaskView } from "./useTaskView";

const JobBar = lazy(() => import("../models/JobBar").then((module) => ({ default: module.JobBar })));

interface DataViewProps {
  projectId: number;
  text: string;
  sort: string | undefined;
  onView: (view: { q?: string | undefined; sort?: string | undefined }) => void;
  onOpen: (task: number) => void;
}

type Open = { is: "import"; files: readonly File[] } | { is: "export" } | { is: "delete"; what: DeleteWhat } | null;

export function DataView({ projectId, text, sort, onView, onOpen }: DataViewProps) {
  const project = useQuery(projectQuery(projectId));
  const view = useTaskView(projectId, text, sort);
  const { query } = view;
  const first = useQuery({ ...taskPageQuery(projectId, query, 1), enabled: !view.isWaiting });
  const [selection, setSelection] = useState<Selection>(nothingSelected);
  const [open, setOpen] = useState<Open>(null);
  useTitle(project.data?.title);

  const tasks = first.data?.tasks;
  const columns = useMemo(() => tableColumns(view.columns.data ?? [], tasks ?? []), [view.columns.data, tasks]);
  const [shown, setShown] = useShownColumns(projectId, columns);
  const context = useMemo(
    () => ({ users: new Map((view.users.data ?? []).map((user) => [user.id, user])), colors: labelColors(project.data?.parsed_label_config) }),
    [view.users.data, project.data],
  );
  const total = first.data?.total ?? 0;
  const predict = usePredict(projectId, query, selection, () => setSelection(nothingSelected));
  const navigate = useNavigate();
  const browse = () => setOpen({ is: "import", files: [] });
  const take = useCallback((files: File[]) => setOpen({ is: "import", files }), []);
  useCommands([
    { title: "Label", keys: "l", group: "Data", run: () => void navigate({ to: "/projects/$projectId/label", params: { projectId } }) },
    { title: "Import", keys: "i", group: "Data", run: () => browse() },
    { title: "Export", keys: "e", group: "Data", run: () => setOpen({ is: "export" }) },
  ]);

  if (project.isError) return <Failed error={project.error} what="This project" onRetry={() => void project.refetch()} />;
  const isEmpty = first.isSuccess && total === 0 && text === "" && !first.isPlaceholderData;
  return (
    <div className={styles.view}>
      {open === null && <PageDrop onFiles={take} message="Drop to import" />}
      <h1 className="visually-hidden">Data of {project.data?.title}</h1>
      {!isEmpty && (
        <Toolbar
          project={project.data}
          text={text}
          problems={view.problems}
          columns={columns}
          shown={shown}
          onShown={setShown}
          onText={(q) => {
            setSelection(nothingSelected);
            onView({ q: q || undefined });
          }}
          onImport={() => browse()}
          onExport={() => setOpen({ is: "export" })}
        />
      )}
      {predict.hasJobs && (
        <Suspense fallback={null}>
          <JobBar project={projectId} />
        </Suspense>
      )}
      {first.isError ? (
        <Failed error={first.error} what="The list of tasks" onRetry={() => void first.refetch()} />
      ) : first.isPending || view.columns.isPending ? (
        <Loading />
      ) : isEmpty ? (
        <NoTasks project={project.data} onImport={() => browse()} />
      ) : total === 0 ? (
        <EmptyState icon={<SearchX />} title="No task fits this filter" actions={<Button onClick={() => onView({ q: undefined })}>Show all</Button>} />
      ) : (
        <TaskTable
          projectId={projectId}
          query={query}
          total={total}
          columns={columns.filter((column) => shown.has(column.id))}
          context={context}
          sort={sort}
          onSort={(next) => onView({ sort: next })}
          selection={selection}
          onSelect={setSelection}
          onOpen={onOpen}
          stale={first.isPlaceholderData}
        />
      )}
      {countSelected(selection, total) > 0 && (
        <SelectionBar
          count={countSelected(selection, total)}
          onClear={() => setSelection(nothingSelected)}
          onPredict={predict.run}
          isPredicting={predict.isBusy}
          onExport={() => setOpen({ is: "export" })}
          onDelete={(what) => setOpen({ is: "delete", what })}
        />
      )}
      {open?.is === "import" && <ImportDialog projectId={projectId} files={open.files} onClose={() => setOpen(null)} />}
      {open?.is === "export" && project.data && <ExportDialog project={project.data} selection={selection} total={total} onClose={() => setOpen(null)} />}
      {open?.is === "delete" && (
        <DeleteDialog
          projectId={projectId}
          what={open.what}
          count={countSelected(selection, total)}
          query={query}
          selection={selection}
          onDone={() => setSelection(nothingSelected)}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  );
}

function Loading() {
  return (
    <div className={styles.loading} role="status" aria-label="Loading tasks">
      {Array.from({ length: 12 }, (_, index) => (
        <Skeleton key={index} height={16} width={`${92 - ((index * 17) % 40)}%`} />
      ))}
    </div>
  );
}

function NoTasks({ project, onImport }: { project: Project | undefined; onImport: () => void }) {
  return (
    <EmptyState
      icon={<Inbox />}
      title="No tasks yet"
      actions={
        <>
          <Button variant="primary" onClick={onImport} keys="i">
            Import data
          </Button>
          {project && project.config_has_control_tags === false && (
            <Link to="/projects/$projectId/settings/$section" params={{ projectId: project.id, section: "interface" }} className={buttonClass()}>
              Set up the interface
            </Link>
          )}
        </>
      }
    >
      Drop files anywhere on this page, or import JSON, JSONL, CSV, TSV, text or images.
    </EmptyState>
  );
}
