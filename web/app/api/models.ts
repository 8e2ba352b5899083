/** The server's objects, in its own spelling (contract: api.md). Only what the pages read; the server sends more. */

export interface User {
  id: number;
  first_name: string;
  last_name: string;
  username: string;
  email: string;
  phone?: string;
  avatar: string | null;
  initials?: string;
  active_organization?: number | null;
  custom_hotkeys?: CustomHotkeys;
  date_joined?: string;
  last_activity?: string;
}

export interface Boot {
  version: string;
  /** False on the first visit: whoever signs up becomes the administrator. */
  has_users: boolean;
  /** Who may sign up: "private" = everybody, into an own organization; "join" = everybody, into the first; "invite" = with the link only. */
  signup: "private" | "join" | "invite";
  user: User | null;
  /** Names of `UNSAFE_…` settings that are on. */
  unsafe_options?: string[];
}

export interface BrowserSession {
  id: string;
  user_agent: string | null;
  created_at: string;
  last_seen_at: string;
  is_current: boolean;
}

export interface ControlInfo {
  type: string;
  to_name: string[];
  inputs: { type: string; value: string | null }[];
  labels: string[];
  labels_attrs?: Record<string, { background?: string }>;
}

export interface ProjectCounters {
  task_number: number | null;
  finished_task_number: number | null;
  total_annotations_number: number | null;
  total_predictions_number: number | null;
  skipped_annotations_number: number | null;
}

export interface Project extends ProjectCounters {
  id: number;
  title: string;
  description: string | null;
  label_config: string;
  expert_instruction: string | null;
  show_instruction: boolean;
  show_skip_button: boolean;
  enable_empty_annotation: boolean;
  show_collab_predictions: boolean;
  color: string | null;
  maximum_annotations: number;
  model_version: string | null;
  sampling: "Sequential sampling" | "Uniform sampling" | "Uncertainty sampling";
  skip_queue: "REQUEUE_FOR_OTHERS" | "REQUEUE_FOR_ME" | "IGNORE_SKIPPED";
  created_at: string;
  created_by: User | null;
  parsed_label_config: Record<string, ControlInfo>;
  config_has_control_tags?: boolean;
  queue_total: number | null;
  queue_done: number | null;
}

export interface Page<T> {
  count: number;
  next: string | null;
  previous: string | null;
  results: T[];
}

/** An item of a result list. */
export interface ResultItem {
  id?: string;
  type?: string;
  from_name?: string;
  to_name?: string;
  value?: Record<string, unknown>;
}

export interface Annotation {
  id: number;
  result: ResultItem[] | null;
  completed_by: number | { id: number } | null;
  was_cancelled: boolean;
  ground_truth: boolean;
}

export interface Task {
  id: number;
  inner_id?: number;
  data: Record<string, unknown>;
  annotations?: Annotation[];
  annotators?: (number | { user_id: number })[];
  is_labeled: boolean;
  total_annotations: number;
  cancelled_annotations: number;
  total_predictions: number;
  predictions_score?: number | null;
  /** Names of the versions that predicted it, separated by commas. */
  predictions_model_versions?: string | null;
  avg_lead_time?: number | null;
  draft_exists?: boolean;
  file_upload?: string | null;
  created_at: string;
  updated_at: string;
  completed_at?: string | null;
}

export interface TaskPage {
  total: number;
  total_annotations: number;
  total_predictions: number;
  tasks: Task[];
}

export interface DataColumn {
  id: string;
  title: string;
  type: string;
  parent?: string;
}

export interface Template {
  title: string;
  group: string;
  type?: string;
  image?: string;
  details?: string;
  config: string;
}

export interface ExportFormat {
  name: string;
  title: string;
  description: string;
  link?: string;
  tags?: string[];
  disabled?: boolean;
}

export interface ImportAnswer {
  task_count: number;
  annotation_count: number | null;
  prediction_count: number | null;
}

export interface Organization {
  id: number;
  title: string;
  created_by: number | null;
}

export interface Membership {
  id: number;
  user: User;
  created_projects?: { id: number; title: string }[];
  contributed_to_projects?: { id: number; title: string }[];
}

export interface Invite {
  token: string;
  invite_url: string;
}

export interface TokenPolicy {
  api_tokens_enabled: boolean;
  legacy_api_tokens_enabled: boolean;
}

/** By "section:action". */
export type CustomHotkeys = Record<string, { key: string; active: boolean }>;
