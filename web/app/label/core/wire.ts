/** Label Studio's JSON ⇄ our words (design/api.md §3, §5, §6). Reading is lenient: absent fields get their meaning of "nothing". */
import type { ResultItem } from "@labelwright/engine";
import type { InteractiveModel } from "./interactive";
import type { Errand, LabelTask, Person, Prediction, Project, Proposal, StoredAnnotation, StoredDraft, Suggesting } from "./model";

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const count = (value: unknown): number => (typeof value === "number" && Number.isFinite(value) ? value : 0);
const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

function result(value: unknown): readonly ResultItem[] {
  return objects(value) as unknown as ResultItem[];
}

export function readPerson(value: unknown): Person | null {
  if (typeof value === "number") return { id: value, name: `User ${value}`, initials: `U${value}`.slice(0, 2) };
  if (!isObject(value) || typeof value.id !== "number") return null;
  const name = `${text(value.first_name)} ${text(value.last_name)}`.trim() || text(value.email) || `User ${value.id}`;
  return { id: value.id, name, initials: (text(value.initials) || name.slice(0, 2)).toUpperCase() };
}

export function readProject(value: unknown): Project {
  const json = isObject(value) ? value : {};
  const done = count(json.queue_done);
  return {
    id: count(json.id),
    title: text(json.title) || `Project ${count(json.id)}`,
    labelConfig: text(json.label_config),
    instructions: text(json.expert_instruction),
    showInstructions: json.show_instruction === true,
    allowSkip: json.show_skip_button !== false,
    allowEmpty: json.enable_empty_annotation !== false,
    showPredictions: json.show_collab_predictions !== false,
    modelVersion: json.model_version === "undefined" ? "" : text(json.model_version),
    taskCount: count(json.task_number),
    // queue_total counts the tasks that wait for me and those I answered
    queueLeft: Math.max(0, count(json.queue_total) - done),
    queueDone: done,
  };
}

function readAnnotation(json: Json): StoredAnnotation {
  return {
    id: count(json.id),
    annotator: readPerson(json.completed_by),
    result: result(json.result),
    isSkipped: json.was_cancelled === true,
    isGroundTruth: json.ground_truth === true,
    leadTimeS: count(json.lead_time),
    updatedAt: text(json.updated_at),
  };
}

function readDraft(json: Json): StoredDraft {
  return {
    id: count(json.id),
    annotationId: typeof json.annotation === "number" ? json.annotation : null,
    result: result(json.result),
    leadTimeS: count(json.lead_time),
    updatedAt: text(json.updated_at),
  };
}

export function readDrafts(value: unknown): readonly StoredDraft[] {
  return objects(value).map(readDraft);
}

function readPrediction(json: Json): Prediction {
  return {
    id: count(json.id),
    result: result(json.result),
    score: typeof json.score === "number" ? json.score : null,
    // predictions that come without a version are stored under this word
    modelVersion: json.model_version === "undefined" ? "" : text(json.model_version),
  };
}

function readSuggesting({ suggestion, suggestion_reason }: Json): Suggesting | null {
  if (suggestion === "withheld" || suggestion === "pending") return { is: suggestion };
  return suggestion === "unavailable" ? { is: "unavailable", reason: text(suggestion_reason) } : null;
}

export function readTask(value: unknown): LabelTask {
  const json = isObject(value) ? value : {};
  return {
    id: count(json.id),
    projectId: count(json.project),
    data: isObject(json.data) ? json.data : {},
    allowSkip: json.allow_skip !== false,
    annotations: objects(json.annotations).map(readAnnotation),
    drafts: readDrafts(json.drafts),
    predictions: objects(json.predictions).map(readPrediction),
    predictionCount: count(json.total_predictions),
    suggestion: readSuggesting(json),
  };
}

export function readInteractiveModels(value: unknown): readonly InteractiveModel[] {
  return objects(value).filter((json) => json.is_interactive === true && typeof json.id === "number").map((json) => ({ id: count(json.id), title: text(json.title) }));
}

/** Answer of an interactive call: `{"data": {result, score}}` or `{"errors": [...]}`. */
export function readProposal(value: unknown): Proposal {
  const { errors, data } = isObject(value) ? value : {};
  if (Array.isArray(errors) && errors.length > 0) return { problem: errors.map((error) => (typeof error === "string" ? error : JSON.stringify(error))).join(" ") };
  const [prediction = {}] = isObject(data) ? [data] : objects(data);
  return { result: result(prediction.result), score: typeof prediction.score === "number" ? prediction.score : null };
}

/** Annotation id in the answer of a submit: the stored annotation itself, or a 409 that names it. null = not named. */
export function readAnnotationId(value: unknown): number | null {
  if (!isObject(value)) return null;
  for (const name of ["annotation_id", "annotation", "id"]) {
    const found = value[name];
    if (typeof found === "number") return found;
    if (isObject(found) && typeof found.id === "number") return found.id;
  }
  return null;
}

/** What an error answer says, in one line (design/api.md §0.3). */
export function readDetail(value: unknown, status: number): string {
  if (!isObject(value)) return `The server answered ${status}.`;
  const fields = isObject(value.validation_errors) ? Object.values(value.validation_errors).flat().map(String) : [];
  return [text(value.detail), ...fields].filter((line) => line !== "" && line !== "Validation error").join(" ") || `The server answered ${status}.`;
}

// ---------------------------------------------------------------- out

export interface WireRequest {
  readonly method: "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: Json;
}

/** The request of an errand. annotationId: of the annotation an update or delete is about. Body of a submit: design/editor.md §1.2. */
export function writeErrand(errand: Errand, at: { projectId: number; taskId: number; annotationId: number | null }): WireRequest {
  switch (errand.kind) {
    case "submit":
      return {
        method: "POST",
        path: `/api/tasks/${at.taskId}/annotations?project=${at.projectId}`,
        body: {
          lead_time: errand.leadTimeS,
          result: errand.result,
          draft_id: errand.draftId ?? 0,
          parent_prediction: errand.parentPrediction,
          parent_annotation: errand.parentAnnotation,
          started_at: errand.startedAt,
          unique_id: errand.uniqueId,
          project: String(at.projectId),
          ...(errand.isSkipped ? { was_cancelled: true } : {}),
        },
      };
    case "update":
      return {
        method: "PATCH",
        path: `/api/annotations/${at.annotationId}?project=${at.projectId}&taskID=${at.taskId}`,
        body: {
          ...(errand.result ? { result: errand.result } : {}),
          ...(errand.leadTimeS === undefined ? {} : { lead_time: errand.leadTimeS }),
          ...(errand.isSkipped === undefined ? {} : { was_cancelled: errand.isSkipped }),
          ...(errand.isGroundTruth === undefined ? {} : { ground_truth: errand.isGroundTruth }),
        },
      };
    case "delete":
      return { method: "DELETE", path: `/api/annotations/${at.annotationId}` };
    case "delete-draft":
      return { method: "DELETE", path: `/api/drafts/${errand.draftId}` };
  }
}

export function writeDraft(draft: {
  draftId: number | null;
  projectId: number;
  taskId: number;
  annotationId: number | null;
  result: readonly ResultItem[];
  leadTimeS: number;
}): WireRequest {
  const body = { result: draft.result, lead_time: draft.leadTimeS, was_postponed: false };
  if (draft.draftId !== null) return { method: "PATCH", path: `/api/drafts/${draft.draftId}?project=${draft.projectId}`, body };
  const at = draft.annotationId === null ? "" : `/annotations/${draft.annotationId}`;
  return { method: "POST", path: `/api/tasks/${draft.taskId}${at}/drafts?project=${draft.projectId}`, body };
}
