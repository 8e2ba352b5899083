import { getRouteApi } from "@tanstack/react-router";
import { lazy, Suspense, useCallback } from "react";
import { Pending } from "../shell/Fallbacks";
import { taskQuery } from "./filter";
import { viewQueryString } from "./tasksQuery";
import { useTaskView } from "./useTaskView";

const DataView = lazy(() => import("./DataView").then((module) => ({ default: module.DataView })));
const LabelScreen = lazy(() => import("../label/LabelScreen").then((module) => ({ default: module.LabelScreen })));

const route = getRouteApi("/shell/projects/$projectId/data");

/** The table of tasks; with `?task=` the labeling screen of that task, and the table's list as its queue. */
export function DataRoute() {
  const { task } = route.useSearch();
  return <Suspense fallback={<Pending />}>{task === undefined ? <Table /> : <OpenTask task={task} />}</Suspense>;
}

function Table() {
  const { projectId } = route.useParams();
  const { q, sort } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <DataView
      key={projectId}
      projectId={projectId}
      text={q ?? ""}
      sort={sort}
      onView={(view) => void navigate({ search: (now) => ({ ...now, ...view }), replace: true })}
      onOpen={(task) => void navigate({ search: (now) => ({ ...now, task }) })}
    />
  );
}

function OpenTask({ task }: { task: number }) {
  const { projectId } = route.useParams();
  const { q, sort } = route.useSearch();
  const navigate = route.useNavigate();
  const onClose = useCallback(() => void navigate({ search: ({ task: _, ...view }) => view }), [navigate]);
  const onTask = useCallback((shown: number) => void navigate({ search: (now) => ({ ...now, task: shown }), replace: true }), [navigate]);
  return q ? (
    <Filtered projectId={projectId} task={task} q={q} sort={sort} onClose={onClose} onTask={onTask} />
  ) : (
    <LabelScreen projectId={projectId} taskId={task} queue="view" viewQuery={viewQueryString(projectId, taskQuery([], sort))} onClose={onClose} onTask={onTask} />
  );
}

interface FilteredProps {
  projectId: number;
  task: number;
  q: string;
  sort: string | undefined;
  onClose: () => void;
  onTask: (task: number) => void;
}

/** The filter may name columns and people, which must be known before it is a query. */
function Filtered({ projectId, task, q, sort, onClose, onTask }: FilteredProps) {
  const view = useTaskView(projectId, q, sort);
  if (view.isWaiting) return <Pending />;
  return <LabelScreen projectId={projectId} taskId={task} queue="view" viewQuery={viewQueryString(projectId, view.query)} onClose={onClose} onTask={onTask} />;
}
