/** What the skim screen reads and writes: predictions of open tasks, by confidence. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "../api/client";
import type { ResultItem } from "../api/models";

export interface SkimPrediction {
  readonly id: number;
  readonly score: number | null;
  readonly model_version: string | null;
  readonly result: readonly ResultItem[];
}

export interface SkimTask {
  readonly id: number;
  readonly inner_id: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly is_cut: boolean;
  readonly prediction: SkimPrediction;
}

export interface SkimPage {
  readonly version: string;
  readonly tasks: readonly SkimTask[];
  readonly after: number | null;
}

export interface SkimSummary {
  readonly version: string;
  readonly versions: readonly { readonly version: string; readonly count: number }[];
  readonly total: number;
  readonly scored: number;
  /** Per twentieth of [0, 1]. */
  readonly by_score: readonly number[];
  readonly by_label: readonly { readonly label: string; readonly count: number }[];
  readonly is_whole: boolean;
  readonly last_batch: LastBatch | null;
}

export interface LastBatch {
  readonly batch: string;
  readonly count: number;
  readonly created_at: string;
}

export interface SkimPreview {
  readonly count: number;
  readonly is_whole: boolean;
  readonly nearest: readonly SkimTask[];
}

export interface AcceptAnswer {
  readonly batch: string;
  readonly added: number;
  readonly accepted: readonly { readonly prediction: number }[];
  readonly refused: readonly { readonly prediction: number; readonly reason: string }[];
  readonly more: boolean;
}

export interface UndoAnswer {
  readonly batch: string | null;
  readonly removed: number;
  readonly kept: number;
}

export type SkimOrder = "confident" | "uncertain";

/** Which predictions; without a version those that people are shown. */
export interface Which {
  readonly version: string | undefined;
  readonly label: string | undefined;
}

const PAGE_SIZE = 60;

export function skimQuery(project: number, { version, label }: Which, order: SkimOrder) {
  return infiniteQueryOptions({
    queryKey: ["skim", project, version, label, order],
    queryFn: ({ pageParam, signal }) =>
      api.get<SkimPage>(`/api/projects/${project}/skim`, { version, label, order, page_size: PAGE_SIZE, after: pageParam ?? undefined }, signal),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.after ?? undefined,
    // What was accepted is hidden here; a list read again would move under the eyes.
    staleTime: Infinity,
    gcTime: 0,
  });
}

export function summaryQuery(project: number, version: string | undefined) {
  return queryOptions({
    queryKey: ["skim-summary", project, version],
    queryFn: ({ signal }) => api.get<SkimSummary>(`/api/projects/${project}/skim/summary`, { version }, signal),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}

export function previewQuery(project: number, { version, label }: Which, above: number) {
  return queryOptions({
    queryKey: ["skim-preview", project, version, label, above],
    queryFn: ({ signal }) => api.get<SkimPreview>(`/api/projects/${project}/skim/preview`, { version, label, above }, signal),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}

export interface AcceptRequest {
  readonly predictions?: readonly number[];
  readonly above?: number;
  readonly version?: string | undefined;
  readonly label?: string | undefined;
  /** Ours, so that a repeat of the request is known as one, and can be taken back. */
  readonly batch: string;
  readonly lead_time: number;
}

export const acceptPredictions = (project: number, request: AcceptRequest) => api.post<AcceptAnswer>(`/api/projects/${project}/skim/accept`, request);

export const undoBatch = (project: number, batch?: string) => api.post<UndoAnswer>(`/api/projects/${project}/skim/undo`, batch ? { batch } : {});

export function newBatch(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
