/** Models of a project: connected ones, the built-in one, their jobs and training runs. Objects as the server spells them, and what reads them. */
import { queryOptions, type Query } from "@tanstack/react-query";
import { api } from "./client";

/** Connected, disconnected, error, training, predicting. */
export type ModelState = "CO" | "DI" | "ER" | "TR" | "PR";

export interface ConnectedModel {
  id: number;
  title: string;
  description: string | null;
  url: string;
  state: ModelState;
  readable_state: string;
  error_message: string | null;
  auth_method: "NONE" | "BASIC_AUTH";
  basic_auth_user: string | null;
  basic_auth_pass_is_set: boolean;
  extra_params: unknown;
  is_interactive: boolean;
  /** What it said last at /setup. */
  model_version: string | null;
  timeout: number;
  project: number;
  latency_ms: number | null;
  checked_at: string | null;
  /** Whose predictions people see; null = its newest. */
  live_version: string | null;
  predicted_count: number;
}

/** Fields of a form that connects or edits a model; the password is write-only. */
export interface ModelFields {
  url: string;
  title: string;
  description: string;
  auth_method: ConnectedModel["auth_method"];
  basic_auth_user: string;
  basic_auth_pass?: string;
  extra_params: unknown;
  is_interactive: boolean;
  timeout: number;
}

export interface ModelVersion {
  version: string;
  count: number;
  /** Null: imported, or made by the built-in model. */
  ml_backend: number | null;
  is_shown: boolean;
}

export type JobState = "queued" | "running" | "done" | "failed" | "cancelled";

export interface Job {
  id: number;
  kind: string;
  title: string;
  state: JobState;
  ml_backend: number | null;
  /** Null until it is known. */
  total: number | null;
  done: number;
  /** Of the done ones: got nothing. */
  failed: number;
  message: string;
  problems: { task: number | null; reason: string }[];
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
}

export interface TrainingRun {
  id: number;
  /** Null: the built-in model. */
  ml_backend: number | null;
  state: "running" | "done" | "failed" | "cancelled";
  reason: "rule" | "asked" | "annotation";
  label_count: number;
  version_before: string | null;
  version_after: string | null;
  /** On the held-out labels, in [0, 1]. */
  score_before: number | null;
  score_after: number | null;
  is_live: boolean;
  log: string;
  created_at: string;
  finished_at: string | null;
}

export interface ModelSettingsFields {
  show_predictions: boolean;
  prelabel_automatically: boolean;
  /** Of the tasks, in [0, 50]. */
  withheld_percent: number;
  /** Labels; 0 = never by itself. */
  train_every: number;
  train_at_least: number;
  goes_live_if_better: boolean;
  /** A version, or the title of a connected model (= its live version); "" = none. */
  shown_version: string | null;
}

export interface Models extends ModelSettingsFields {
  versions: ModelVersion[];
  backends: ConnectedModel[];
  jobs: Job[];
  runs: TrainingRun[];
}

export interface TestAnswer {
  state: ModelState;
  latency_ms: number | null;
  model_version: string | null;
  problem: string | null;
}

export interface DoctorStep {
  name: "connect" | "health" | "setup" | "predict" | "check";
  is_ok: boolean;
  ms: number | null;
  words: string;
}

export interface DoctorAnswer {
  steps: DoctorStep[];
  /** The task that was sent. */
  task: number | null;
  prediction: unknown;
  /** `place` "note": worth knowing, but no fault. */
  problems: { place: string; reason: string; hint: string }[];
}

/** A figure from labels that did not train the model, with its 95 % interval. */
export interface Estimate {
  metric: "accuracy" | "macro_f1" | "micro_f1" | "span_f1" | "mae";
  value: number;
  low: number;
  high: number;
  n: number;
}

export interface CurvePoint {
  labels: number;
  value: number;
  low: number;
  high: number;
}

export interface ControlReport {
  control: string;
  is_learned: boolean;
  reason?: string;
  metrics?: Estimate[];
  /** Of always giving the most frequent answer. */
  baseline?: Estimate | null;
  curve?: CurvePoint[];
  should_stop?: boolean;
  advice?: string;
  unseen_labels?: string[];
}

export interface BuiltinReport {
  controls?: ControlReport[];
  left_out?: { control: string; tag: string; reason: string }[];
  should_stop?: boolean;
  advice?: string;
  warnings?: string[];
}

export interface BuiltinModel {
  is_on: boolean;
  orders_queue: boolean;
  can_learn: boolean;
  /** Why not, in words. */
  reason: string | null;
  /** 0 = not trained yet. */
  version: number;
  trained_label_count: number;
  label_count: number;
  /** Labels still to come before it trains. */
  needs: number;
  report: BuiltinReport | null;
  message: string;
  updated_at: string | null;
  /** The newest training job, finished or not. */
  job: number | null;
}

export function isOpen(job: Pick<Job, "state">): boolean {
  return job.state === "queued" || job.state === "running";
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 10_000;

/**
 * `refetchInterval` of what changes while `isRunning`: after a second, then ever later as long as nothing has changed.
 * Nothing is asked when nothing runs.
 */
export function pollWhile<T>(isRunning: (data: T) => boolean) {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each query has its own key type
  return ({ state }: Query<any, any, any, any>): number | false => {
    const data = state.data as T | undefined;
    if (data === undefined || !isRunning(data)) return false;
    const seen = waits.get(state.data as object);
    if (!seen) waits.set(state.data as object, { at: state.dataUpdatedAt, wait_ms: FIRST_WAIT_MS });
    else if (seen.at !== state.dataUpdatedAt) waits.set(state.data as object, { at: state.dataUpdatedAt, wait_ms: Math.min(seen.wait_ms * 1.5, LONGEST_WAIT_MS) });
    return waits.get(state.data as object)?.wait_ms ?? FIRST_WAIT_MS;
  };
}

/** By the data itself: it stays the same object as long as the server says the same. */
const waits = new WeakMap<object, { at: number; wait_ms: number }>();

export function modelsQuery(project: number) {
  return queryOptions({
    queryKey: ["models", project],
    queryFn: ({ signal }) => api.get<Models>(`/api/projects/${project}/models`, undefined, signal),
    refetchInterval: pollWhile<Models>(({ jobs, runs, backends }) => jobs.some(isOpen) || runs.some((run) => run.state === "running") || backends.some(({ state }) => state === "TR" || state === "PR")),
  });
}

/** The project's newest jobs first. */
export function jobsQuery(project: number) {
  return queryOptions({
    queryKey: ["jobs", project],
    queryFn: ({ signal }) => api.get<Job[]>(`/api/projects/${project}/jobs`, undefined, signal),
    refetchInterval: pollWhile<Job[]>((jobs) => jobs.some(isOpen)),
  });
}

export function builtinModelQuery(project: number) {
  return queryOptions({
    queryKey: ["builtin-model", project],
    queryFn: ({ signal }) => api.get<BuiltinModel>(`/api/projects/${project}/builtin-model`, undefined, signal),
  });
}

export interface PredictWishes {
  ml_backend?: number;
  /** Also tasks that have this version's prediction. */
  again?: boolean;
  selectedItems?: unknown;
  filters?: unknown;
}

export const modelActions = {
  connect: (project: number, fields: Partial<ModelFields>) => api.post<ConnectedModel>("/api/ml", { ...fields, project }),
  edit: (id: number, fields: Partial<ModelFields> & { live_version?: string | null }) => api.patch<ConnectedModel>(`/api/ml/${id}`, fields),
  remove: (id: number) => api.delete(`/api/ml/${id}`),
  test: (id: number) => api.post<TestAnswer>(`/api/ml/${id}/test`),
  examine: (id: number) => api.post<DoctorAnswer>(`/api/ml/${id}/doctor`, {}),
  train: (id: number) => api.post<null>(`/api/ml/${id}/train`),
  /** Shows the version that came of a training, also where it is worse. */
  useRun: (run: number) => api.post<TrainingRun>(`/api/training-runs/${run}/use`),
  predict: (project: number, wishes: PredictWishes) => api.post<Job[]>(`/api/projects/${project}/predict`, wishes),
  set: (project: number, patch: Partial<ModelSettingsFields>) => api.patch<Models>(`/api/projects/${project}/models`, patch),
  cancel: (job: number) => api.post<Job>(`/api/jobs/${job}/cancel`),
  retry: (job: number) => api.post<Job>(`/api/jobs/${job}/retry`),
  setBuiltin: (project: number, patch: Partial<Pick<BuiltinModel, "is_on" | "orders_queue">>) => api.put<BuiltinModel>(`/api/projects/${project}/builtin-model`, patch),
  trainBuiltin: (project: number) => api.post<BuiltinModel>(`/api/projects/${project}/builtin-model/train`),
};

export function suggestionStatsQuery(project: number) {
  return queryOptions({
    queryKey: ["suggestion-stats", project],
    queryFn: ({ signal }) => api.get<SuggestionStats>(`/api/projects/${project}/suggestion-stats`, undefined, signal),
  });
}

/** Of 95 %. */
export interface Interval {
  low: number;
  high: number;
}

/** Of `shown` answers with a suggestion, `accepted` are just it; rates in [0, 1], null where nothing is known. */
export interface Acceptance {
  shown: number;
  accepted: number;
  acceptance_rate: number | null;
  acceptance_interval: Interval | null;
  mean_edits: number | null;
  /** Answers that `mean_edits` is over. */
  compared: number;
}

export interface SuggestionStats extends Acceptance {
  answers: number;
  withheld: number;
  withheld_percent: number;
  times: {
    with_median_s: number | null;
    with_n: number;
    without_median_s: number | null;
    without_n: number;
    /** The tasks without were drawn by lot; else they are others that had no suggestion. */
    is_randomized: boolean;
    /** Share of the time without; negative: it takes longer. */
    saving: number | null;
    saving_interval: Interval | null;
  };
  by_version: (Acceptance & { version: string })[];
}
