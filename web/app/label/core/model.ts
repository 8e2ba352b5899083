/**
 * The words of the labeling screen. Frozen values; Label Studio's spelling of them stands in `wire.ts` and nowhere else.
 *
 * Read in this order: `model`, `wire`, `api` (calls), `shelf` (this device's storage), `outbox`, `drafts`, `claims`, `queue`,
 * `answers`, `session` (the one object the screen talks to). None of them knows React or the DOM.
 */
import type { ResultItem } from "@labelwright/engine";

export interface Person {
  readonly id: number;
  /** Name to show: full name, else the e-mail address. */
  readonly name: string;
  readonly initials: string;
}

export interface Project {
  readonly id: number;
  readonly title: string;
  readonly labelConfig: string;
  /** HTML, not yet sanitised. */
  readonly instructions: string;
  readonly showInstructions: boolean;
  readonly allowSkip: boolean;
  readonly allowEmpty: boolean;
  readonly showPredictions: boolean;
  /** The chosen model version, "" = none chosen. */
  readonly modelVersion: string;
  readonly taskCount: number;
  /** Tasks still waiting for me, and answered by me. */
  readonly queueLeft: number;
  readonly queueDone: number;
}

export interface StoredAnnotation {
  readonly id: number;
  readonly annotator: Person | null;
  readonly result: readonly ResultItem[];
  readonly isSkipped: boolean;
  readonly isGroundTruth: boolean;
  readonly leadTimeS: number;
  readonly updatedAt: string;
}

export interface StoredDraft {
  readonly id: number;
  /** The annotation it would change; null = a new answer. */
  readonly annotationId: number | null;
  readonly result: readonly ResultItem[];
  readonly leadTimeS: number;
  readonly updatedAt: string;
}

export interface Prediction {
  readonly id: number;
  readonly result: readonly ResultItem[];
  readonly score: number | null;
  readonly modelVersion: string;
}

/** What the server says of a task's suggestion where there is none to show. */
export type Suggesting =
  /** Kept back on purpose: the time without a suggestion is measured. */
  | { readonly is: "withheld" }
  | { readonly is: "pending" }
  | { readonly is: "unavailable"; readonly reason: string };

export interface LabelTask {
  readonly id: number;
  readonly projectId: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly allowSkip: boolean;
  readonly annotations: readonly StoredAnnotation[];
  /** Mine only. */
  readonly drafts: readonly StoredDraft[];
  /** Those that people are to see; of all `predictionCount` that the server holds. */
  readonly predictions: readonly Prediction[];
  readonly predictionCount: number;
  readonly suggestion: Suggesting | null;
}

/** What an interactive model makes of a prompt. */
export type Proposal = { readonly result: readonly ResultItem[]; readonly score: number | null } | { readonly problem: string };

// ---------------------------------------------------------------- answers open on the screen

export type AnswerState = "new" | "draft" | "submitted" | "skipped" | "other" | "prediction";

/** One tab of the bottom bar. */
export interface OpenAnswer {
  /** `uniqueId` of a new answer, `a45` of a stored annotation, `p16` of a prediction. */
  readonly key: string;
  readonly state: AnswerState;
  readonly author: string;
  readonly annotationId: number | null;
  /** Idempotency key of an answer made here; null for stored and foreign ones. */
  readonly uniqueId: string | null;
  readonly parentPrediction: number | null;
  readonly parentAnnotation: number | null;
  readonly score: number | null;
  readonly isGroundTruth: boolean;
  readonly isReadOnly: boolean;
  /** What the editor opens with. */
  readonly result: readonly ResultItem[];
  /** What the server holds; null = nothing yet. Undoing an update goes back to it. */
  readonly stored: readonly ResultItem[] | null;
  /** Something was changed since it was stored. */
  readonly isChanged: boolean;
  readonly draftId: number | null;
  readonly leadTimeS: number;
  readonly startedAt: string;
}

// ---------------------------------------------------------------- kept on this device

/** An annotation by its id, or by the idempotency key of a submit that may not have reached the server yet. */
export type AnnotationRef = { readonly id: number } | { readonly uniqueId: string };

export type Errand =
  | {
      readonly kind: "submit";
      readonly uniqueId: string;
      readonly result: readonly ResultItem[];
      readonly isSkipped: boolean;
      readonly leadTimeS: number;
      readonly startedAt: string;
      readonly draftId: number | null;
      readonly parentPrediction: number | null;
      readonly parentAnnotation: number | null;
    }
  | {
      readonly kind: "update";
      readonly annotation: AnnotationRef;
      readonly result?: readonly ResultItem[];
      readonly isSkipped?: boolean;
      readonly isGroundTruth?: boolean;
      readonly leadTimeS?: number;
    }
  | { readonly kind: "delete"; readonly annotation: AnnotationRef }
  | { readonly kind: "delete-draft"; readonly draftId: number };

/** Why the server did not take a parcel. It stays until somebody decides. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** One errand waiting to reach the server. */
export interface Parcel {
  /** Grows: the order of sending. */
  readonly id: number;
  readonly userId: number;
  readonly projectId: number;
  readonly taskId: number;
  /** The answer it came from (`OpenAnswer.key`): its draft ends with it. */
  readonly answerKey: string;
  readonly errand: Errand;
  /** ms since the epoch. */
  readonly queuedAt: number;
  /** Not sent before this moment (time to take it back), ms since the epoch. */
  readonly notBefore: number;
  readonly attempts: number;
  readonly refusal: Refusal | null;
}

/** An answer in progress as this device remembers it. */
export interface JournalEntry {
  /** `OpenAnswer.key`. */
  readonly key: string;
  readonly userId: number;
  readonly projectId: number;
  readonly taskId: number;
  readonly annotationId: number | null;
  readonly uniqueId: string | null;
  readonly parentPrediction: number | null;
  readonly parentAnnotation: number | null;
  readonly result: readonly ResultItem[];
  readonly leadTimeS: number;
  readonly startedAt: string;
  /** Server's id of the draft, once it has one. */
  readonly draftId: number | null;
  /** ms since the epoch: last change here; last time the server had all of it (0 = never). */
  readonly changedAt: number;
  readonly savedAt: number;
}

export const isUnsaved = (entry: JournalEntry): boolean => entry.changedAt > entry.savedAt;
