/** What the pages read, each with its cache key. Changing something = call the api, then `invalidate` what it touches. */
import { queryOptions, infiniteQueryOptions, keepPreviousData, QueryClient } from "@tanstack/react-query";
import { api, ApiError } from "./client";
import type { Boot, BrowserSession, CustomHotkeys, DataColumn, ExportFormat, Invite, Membership, Organization, Page, Project, Template, TokenPolicy, User } from "./models";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // What the server refused once it refuses again; what did not arrive may arrive.
      retry: (count, error) => count < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 502),
      retryDelay: (count) => 400 * 2 ** count,
    },
  },
});

export const bootQuery = queryOptions({
  queryKey: ["boot"],
  queryFn: ({ signal }) => api.get<Boot>("/api/labelwright/boot", undefined, signal),
  staleTime: Infinity,
});

export type ProjectOrder = "-created_at" | "created_at" | "title" | "-title";

const cardFields = [
  "id", "title", "description", "color", "created_at", "created_by", "parsed_label_config", "config_has_control_tags",
  "task_number", "finished_task_number", "total_annotations_number", "skipped_annotations_number", "total_predictions_number",
  "queue_total", "queue_done",
].join(",");

const PROJECTS_PER_PAGE = 60;

/** Pages of project cards; `title` = words the title must contain. */
export function projectsQuery(title: string, ordering: ProjectOrder) {
  return infiniteQueryOptions({
    queryKey: ["projects", title, ordering],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Project>>(
        "/api/projects",
        { page: pageParam, page_size: PROJECTS_PER_PAGE, include: cardFields, ordering, ...(title && { title }) },
        signal,
      ),
    initialPageParam: 1,
    getNextPageParam: (last, pages) => (last.next ? pages.length + 1 : undefined),
    placeholderData: keepPreviousData,
  });
}

export function projectQuery(id: number) {
  return queryOptions({ queryKey: ["project", id], queryFn: ({ signal }) => api.get<Project>(`/api/projects/${id}`, undefined, signal) });
}

export function columnsQuery(project: number) {
  return queryOptions({
    queryKey: ["columns", project],
    queryFn: async ({ signal }) => (await api.get<{ columns: DataColumn[] }>("/api/dm/columns", { project }, signal)).columns,
  });
}

export function exportFormatsQuery(project: number) {
  return queryOptions({
    queryKey: ["export-formats", project],
    queryFn: ({ signal }) => api.get<ExportFormat[]>(`/api/projects/${project}/export/formats`, undefined, signal),
  });
}

export const templatesQuery = queryOptions({
  queryKey: ["templates"],
  queryFn: async ({ signal }) => (await api.get<{ templates: Template[] }>("/api/templates", undefined, signal)).templates,
  staleTime: Infinity,
});

export const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: ({ signal }) => api.get<User[]>("/api/users", undefined, signal),
  staleTime: 60_000,
});

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => api.get<User>("/api/current-user/whoami", undefined, signal),
});

export function organizationQuery(id: number) {
  return queryOptions({ queryKey: ["organization", id], queryFn: ({ signal }) => api.get<Organization>(`/api/organizations/${id}`, undefined, signal) });
}

export function membersQuery(organization: number) {
  return queryOptions({
    queryKey: ["members", organization],
    queryFn: async ({ signal }) =>
      (
        await api.get<Page<Membership>>(
          `/api/organizations/${organization}/memberships`,
          { page_size: -1, contributed_to_projects: 1 },
          signal,
        )
      ).results,
  });
}

export const inviteQuery = queryOptions({
  queryKey: ["invite"],
  queryFn: ({ signal }) => api.get<Invite>("/api/invite", undefined, signal),
});

export const legacyTokenQuery = queryOptions({
  queryKey: ["legacy-token"],
  queryFn: async ({ signal }) => (await api.get<{ token: string }>("/api/current-user/token", undefined, signal)).token,
});

export const personalTokensQuery = queryOptions({
  queryKey: ["personal-tokens"],
  queryFn: ({ signal }) => api.get<{ token: string }[]>("/api/token", undefined, signal),
});

export const hotkeysQuery = queryOptions({
  queryKey: ["hotkeys"],
  queryFn: async ({ signal }) => (await api.get<{ custom_hotkeys: CustomHotkeys }>("/api/current-user/hotkeys", undefined, signal)).custom_hotkeys,
});

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) => api.get<BrowserSession[]>("/api/labelwright/sessions", undefined, signal),
});

export const tokenPolicyQuery = queryOptions({
  queryKey: ["token-policy"],
  queryFn: ({ signal }) => api.get<TokenPolicy>("/api/jwt/settings", undefined, signal),
});

/** Read these again: the given keys, by their first words. */
export function invalidate(...keys: readonly (readonly (string | number)[])[]): Promise<unknown> {
  return Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}
