/** Addresses (Label Studio's where it has them) and the code each one loads. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { goToLogin } from "./api/client";
import { bootQuery, projectQuery, queryClient } from "./api/queries";
import { loadScreen } from "./data/screens";
import { askForNext, askForTask } from "./label/early";
import { Crashed, Missing, Pending } from "./shell/Fallbacks";
import { Shell } from "./shell/Shell";

const root = createRootRoute({});

// ---------------------------------------------------------------- before logging in
const login = createRoute({
  getParentRoute: () => root,
  path: "/user/login",
  validateSearch: (search): { next?: string } => pick(search, "next"),
  component: lazyRouteComponent(() => import("./login/LoginPage"), "LoginPage"),
});

const signup = createRoute({
  getParentRoute: () => root,
  path: "/user/signup",
  validateSearch: (search): { next?: string; token?: string } => ({ ...pick(search, "next"), ...pick(search, "token") }),
  component: lazyRouteComponent(() => import("./login/SignupPage"), "SignupPage"),
});

// ---------------------------------------------------------------- everything else needs a user
const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: Shell,
  beforeLoad: async () => {
    const boot = await queryClient.ensureQueryData(bootQuery);
    if (boot.user) return;
    goToLogin();
    // The browser is leaving; nothing may render in the meantime.
    await new Promise(() => undefined);
  },
});

const home = createRoute({ getParentRoute: () => shell, path: "/", beforeLoad: () => redirect({ to: "/projects", replace: true, throw: true }) });

const projects = createRoute({
  getParentRoute: () => shell,
  path: "/projects",
  component: lazyRouteComponent(() => import("./projects/ProjectsPage"), "ProjectsPage"),
});

const newProject = createRoute({
  getParentRoute: () => shell,
  path: "/projects/new",
  validateSearch: (search): { sample?: string } => pick(search, "sample"),
  component: lazyRouteComponent(() => import("./create/NewProjectPage"), "NewProjectPage"),
});

const project = createRoute({
  getParentRoute: () => shell,
  path: "/projects/$projectId",
  params: { parse: ({ projectId }) => ({ projectId: Number(projectId) }), stringify: ({ projectId }) => ({ projectId: String(projectId) }) },
  loader: ({ params }) => void queryClient.prefetchQuery(projectQuery(params.projectId)),
});

const projectHome = createRoute({
  getParentRoute: () => project,
  path: "/",
  beforeLoad: ({ params }) => redirect({ to: "/projects/$projectId/data", params, replace: true, throw: true }),
});

const data = createRoute({
  getParentRoute: () => project,
  path: "data",
  // from: where a closed task leads back to, if not to the table
  validateSearch: (search): { task?: number; q?: string; sort?: string; from?: "skim" } => {
    const task = Number(search["task"]);
    return { ...(task > 0 ? { task } : {}), ...pick(search, "q"), ...pick(search, "sort"), ...(search["from"] === "skim" ? { from: "skim" } : {}) };
  },
  // Label Studio's address of the queue.
  beforeLoad: ({ params, location }) => {
    if (new URLSearchParams(location.searchStr).has("labeling")) redirect({ to: "/projects/$projectId/label", params, replace: true, throw: true });
  },
  loaderDeps: ({ search }) => ({ task: search.task }),
  loader: ({ deps: { task }, cause }) => {
    // While the code of the labeling screen is on its way. Moving from task to task there fetches ahead by itself.
    if (task !== undefined && cause !== "stay") askForTask(task);
    return loadScreen(task !== undefined);
  },
  component: lazyRouteComponent(() => import("./data/DataRoute"), "DataRoute"),
});

const skim = createRoute({
  getParentRoute: () => project,
  path: "skim",
  validateSearch: (search): { version?: string; label?: string; order?: string } => ({ ...pick(search, "version"), ...pick(search, "label"), ...pick(search, "order") }),
  component: lazyRouteComponent(() => import("./skim/SkimPage"), "SkimPage"),
});

const label = createRoute({
  getParentRoute: () => project,
  path: "label",
  staticData: { bare: true },
  loader: ({ params, cause }) => void (cause === "enter" && askForNext(params.projectId)),
  component: lazyRouteComponent(() => import("./data/LabelRoute"), "LabelRoute"),
});

const settings = createRoute({
  getParentRoute: () => project,
  path: "settings/$section",
  component: lazyRouteComponent(() => import("./settings/SettingsPage"), "SettingsPage"),
});

const settingsHome = createRoute({
  getParentRoute: () => project,
  path: "settings",
  beforeLoad: ({ params }) => redirect({ to: "/projects/$projectId/settings/$section", params: { ...params, section: "general" }, replace: true, throw: true }),
});

const account = createRoute({
  getParentRoute: () => shell,
  path: "/user/account/$section",
  component: lazyRouteComponent(() => import("./account/AccountPage"), "AccountPage"),
});

const accountHome = createRoute({
  getParentRoute: () => shell,
  path: "/user/account",
  beforeLoad: () => redirect({ to: "/user/account/$section", params: { section: "profile" }, replace: true, throw: true }),
});

const organization = createRoute({
  getParentRoute: () => shell,
  path: "/organization",
  component: lazyRouteComponent(() => import("./organization/OrganizationPage"), "OrganizationPage"),
});

const people = createRoute({ getParentRoute: () => shell, path: "/people", beforeLoad: () => redirect({ to: "/organization", replace: true, throw: true }) });

const tree = root.addChildren([
  login,
  signup,
  shell.addChildren([
    home,
    projects,
    newProject,
    project.addChildren([projectHome, data, skim, label, settings, settingsHome]),
    account,
    accountHome,
    organization,
    people,
  ]),
]);

/** Search parameters stay text, so that a token of digits is not turned into a number. */
function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

function stringifySearch(search: Record<string, unknown>): string {
  const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return text ? `?${text}` : "";
}

function pick<K extends string>(search: Record<string, unknown>, key: K): { [key in K]?: string } {
  const value = search[key];
  return (typeof value === "string" && value ? { [key]: value } : {}) as { [key in K]?: string };
}

export const router = createRouter({
  routeTree: tree,
  parseSearch,
  stringifySearch,
  trailingSlash: "preserve",
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultPendingComponent: Pending,
  defaultPendingMs: 200,
  defaultErrorComponent: Crashed,
  defaultNotFoundComponent: Missing,
});

/**
 * Asks for everything the address needs at once: who we are, the task to label, then the code of the page (the browser sends six
 * requests at a time, and answers take longer than files). The router comes to the same requests later and finds them under way.
 */
export function preloadPage(): void {
  const { pathname, searchStr } = router.latestLocation;
  const [, projectId, page] = /^\/projects\/(\d+)\/(data|label)/.exec(pathname) ?? [];
  const task = Number(new URLSearchParams(searchStr).get("task"));
  void queryClient.prefetchQuery(bootQuery);
  if (page === "label") askForNext(Number(projectId));
  if (page === "data" && task > 0) askForTask(task);
  for (const { routeId } of router.matchRoutes(router.latestLocation)) {
    const component = Object.values(router.routesById).find((route) => route.id === routeId)?.options.component as { preload?: () => Promise<unknown> } | undefined;
    void component?.preload?.();
  }
  if (page === "data") void loadScreen(task > 0);
}

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
  interface StaticDataRouteOption {
    /** The page brings its own bar. */
    bare?: boolean;
  }
}
