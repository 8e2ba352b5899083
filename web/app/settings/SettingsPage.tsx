import { Skeleton } from "@labelwright/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, type ComponentType } from "react";
import type { Project } from "../api/models";
import { projectQuery } from "../api/queries";
import { Pending } from "../shell/Fallbacks";
import { Failed, Page } from "../shell/Page";
import { SideNav } from "../shell/SideNav";
import { useTitle } from "../shell/title";
import { DangerSettings } from "./DangerSettings";
import { GeneralSettings } from "./GeneralSettings";
import { MemberSettings } from "./MemberSettings";

const InterfaceSettings = lazy(() => import("./InterfaceSettings").then((module) => ({ default: module.InterfaceSettings })));
const InstructionSettings = lazy(() => import("./InstructionSettings").then((module) => ({ default: module.InstructionSettings })));
const ModelSettings = lazy(() => import("../models/ModelSettings").then((module) => ({ default: module.ModelSettings })));
const WebhookSettings = lazy(() => import("../webhooks/WebhookSettings").then((module) => ({ default: module.WebhookSettings })));

const sections: readonly { id: string; label: string; component: ComponentType<{ project: Project }> }[] = [
  { id: "general", label: "General", component: GeneralSettings },
  { id: "interface", label: "Interface", component: InterfaceSettings },
  { id: "instructions", label: "Instructions", component: InstructionSettings },
  { id: "model", label: "Model", component: ModelSettings },
  { id: "webhooks", label: "Webhooks", component: WebhookSettings },
  { id: "members", label: "Members", component: MemberSettings },
  { id: "danger", label: "Danger zone", component: DangerSettings },
];

/** Label Studio's names of the same sections. */
const aliases: Readonly<Record<string, string>> = { labeling: "interface", ml: "model", predictions: "model", "danger-zone": "danger" };

const route = getRouteApi("/shell/projects/$projectId/settings/$section");

export function SettingsPage() {
  const { projectId, section } = route.useParams();
  const project = useQuery(projectQuery(projectId));
  const shown = sections.find((each) => each.id === (aliases[section] ?? section)) ?? sections[0];
  useTitle(project.data ? `${shown?.label} · ${project.data.title}` : undefined);
  const Section = shown?.component;
  return (
    <SideNav
      label="Settings"
      items={sections.map(({ id, label }) => ({
        id,
        label,
        link: (props) => <Link to="/projects/$projectId/settings/$section" params={{ projectId, section: id }} {...props} />,
      }))}
    >
      {project.isError ? (
        <Failed error={project.error} what="This project" onRetry={() => void project.refetch()} />
      ) : project.data && Section ? (
        <Suspense fallback={<Pending />}>
          <Section key={`${projectId}/${section}`} project={project.data} />
        </Suspense>
      ) : (
        <Page title={shown?.label ?? ""}>
          <Skeleton height={240} />
        </Page>
      )}
    </SideNav>
  );
}
