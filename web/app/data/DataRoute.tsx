import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";
import { Pending } from "../shell/Fallbacks";
import { taskQuery } from "./filter";
import type { DataScreens } from "./screens";
import { viewQueryString } from "./tasksQuery";
import { useTaskView } from "./useTaskView";

const route = getRouteApi("/shell/projects/$projectId/data");

/** The table of tasks; with `?task=` the labeling screen of that task, and the table's list as its queue. */
export function DataRoute() {
  const { task } = route.useSearch();
  const { DataView, LabelScreen } = route.useLoaderData();
  if (task !== undefined && LabelScreen) return <OpenTask task={task} LabelScreen={LabelScreen} />;
  return DataView ? <Table DataView={DataView} /> : <Pending />;
}

function Table({ DataView }: { DataView: NonNullable<DataScreens["DataView"]> }) {
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

interface OpenTaskProps {
  task: number;
  LabelScreen: NonNullable<DataScreens["LabelScreen"]>;
}

function OpenTask({ task, LabelScreen }: OpenTaskProps) {
  const { projectId } = route.useParams();
  const { q, sort, from } = route.useSearch();
  const navigate = route.useNavigate();
  const onClose = useCallback(() => {
    if (from === "skim") void navigate({ to: "/projects/$projectId/skim", params: { projectId } });
    else void navigate({ search: ({ task: _, ...view }) => view });
  }, [navigate, from, projectId]);
  const onTask = useCallback((shown: number) => void navigate({ search: (now) => ({ ...now, task: shown }), replace: true }), [navigate]);
  const screen = { projectId, taskId: task, queue: "view" as const, onClose, onTask };
  if (q) return <Filtered q={q} sort={sort} LabelScreen={LabelScreen} screen={screen} />;
  return <LabelScreen {...screen} viewQuery={viewQueryString(projectId, taskQuery([], sort))} />;
}

interface FilteredProps extends Pick<OpenTaskProps, "LabelScreen"> {
  q: string;
  sort: string | undefined;
  screen: Parameters<NonNullable<DataScreens["LabelScreen"]>>[0];
}

/** The filter may name columns and people, which must be known before it is a query. */
function Filtered({ q, sort, LabelScreen, screen }: FilteredProps) {
  const view = useTaskView(screen.projectId, q, sort);
  if (view.isWaiting) return <Pending />;
  return <LabelScreen {...screen} viewQuery={viewQueryString(screen.projectId, view.query)} />;
}
