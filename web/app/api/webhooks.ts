/** Webhooks of a project and what became of their deliveries. Objects as the server spells them, and what reads them. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { pollWhile } from "./mlModels";
import type { Page } from "./models";

export interface Webhook {
  id: number;
  project: number | null;
  url: string;
  send_payload: boolean;
  send_for_all_actions: boolean;
  headers: Record<string, string>;
  is_active: boolean;
  actions: string[];
  created_at: string;
  updated_at: string;
  has_secret?: boolean;
  /** The connected model that it was made for. */
  ml_backend?: number;
}

/** What is sent when a webhook is made or changed; the secret is write-only. */
export type WebhookFields = Pick<Webhook, "url" | "send_payload" | "send_for_all_actions" | "headers" | "is_active" | "actions"> & { secret?: string };

export interface EventInfo {
  name: string;
  description: string;
  key: string;
  "organization-only"?: boolean;
}

export interface Delivery {
  id: number;
  webhook: number;
  action: string;
  /** waiting: in line; retrying: refused, and tried again. */
  state: "waiting" | "retrying" | "delivered" | "failed";
  attempts: number;
  status_code: number | null;
  duration_ms: number | null;
  error: string | null;
  created_at: string;
  finished_at: string | null;
  next_try_at: string | null;
}

/** Whether it is still on its way. */
export function isOnItsWay({ state }: Pick<Delivery, "state">): boolean {
  return state === "waiting" || state === "retrying";
}

export function webhooksQuery(project: number) {
  return queryOptions({
    queryKey: ["webhooks", project],
    queryFn: ({ signal }) => api.get<Webhook[]>("/api/webhooks", { project }, signal),
  });
}

/** The events a project's webhook may ask for, by name. */
export const eventsQuery = queryOptions({
  queryKey: ["webhook-events"],
  queryFn: ({ signal }) => api.get<Record<string, EventInfo>>("/api/webhooks/info", undefined, signal),
  staleTime: Infinity,
});

export const DELIVERIES_PER_PAGE = 20;

export function deliveriesQuery(webhook: number, page: number, onlyFailed: boolean) {
  return queryOptions({
    queryKey: ["deliveries", webhook, page, onlyFailed],
    queryFn: ({ signal }) =>
      api.get<Page<Delivery>>(`/api/webhooks/${webhook}/deliveries`, { page, page_size: DELIVERIES_PER_PAGE, ...(onlyFailed && { state: "failed" }) }, signal),
    refetchInterval: pollWhile<Page<Delivery>>(({ results }) => results.some(isOnItsWay)),
    placeholderData: keepPreviousData,
    // Others write it: whoever opens the list wants to see what came in the meantime.
    staleTime: 0,
  });
}

export function deliveryBodyQuery(id: number) {
  return queryOptions({
    queryKey: ["delivery", id],
    queryFn: async ({ signal }) => (await api.get<{ body: unknown }>(`/api/webhook-deliveries/${id}`, undefined, signal)).body,
  });
}

export const webhookActions = {
  create: (project: number, fields: WebhookFields) => api.post<Webhook>("/api/webhooks", { ...fields, project }),
  edit: (id: number, fields: Partial<WebhookFields>) => api.patch<Webhook>(`/api/webhooks/${id}`, fields),
  remove: (id: number) => api.delete(`/api/webhooks/${id}`),
  test: (id: number) => api.post<Delivery>(`/api/webhooks/${id}/test`),
  replay: (delivery: number) => api.post<Delivery>(`/api/webhook-deliveries/${delivery}/replay`),
};
