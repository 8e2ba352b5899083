import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { LabelScreen } from "../label/LabelScreen";

const route = getRouteApi("/shell/projects/$projectId/label");

/** The queue: the server says which task comes next. */
export function LabelRoute() {
  const { projectId } = route.useParams();
  const navigate = useNavigate();
  const onClose = useCallback(() => void navigate({ to: "/projects/$projectId/data", params: { projectId } }), [navigate, projectId]);
  return <LabelScreen key={projectId} projectId={projectId} queue="server" onClose={onClose} />;
}
