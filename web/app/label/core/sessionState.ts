/** What the screen shows, as one frozen value, and the small questions asked about it. Pure. */
import type { LabelConfig } from "@labelwright/config";
import type { Problem } from "@labelwright/engine";
import { NO_VERSION } from "./answers";
import type { SmartState } from "./interactive";
import type { LabelTask, OpenAnswer, Parcel, Person, Project, Suggesting } from "./model";
import type { Place } from "./queue";

export type Phase =
  /** quiet: the old task stays in view, inert. */
  | { readonly is: "loading"; readonly quiet: boolean }
  | { readonly is: "labeling" }
  /** Nothing to show, and why; elsewhere: tasks that my other tabs hold. */
  | { readonly is: "empty"; readonly why: "finished" | "end-of-view" | "no-tasks" | "no-controls"; readonly elsewhere: number }
  | { readonly is: "failed"; readonly why: "offline" | "gone" | "no-project" | "forbidden" | "logged-out" | "broken"; readonly message: string };

export type SaveState =
  | { readonly is: "clean" }
  | { readonly is: "saving" }
  | { readonly is: "saved"; readonly at: number }
  | { readonly is: "offline" | "logged-out" | "waiting"; readonly queued: number }
  | { readonly is: "refused"; readonly count: number };

/** For a few seconds after an answer went out: it can be taken back. */
export interface UndoOffer {
  readonly id: number;
  readonly text: string;
  /** ms since the epoch. */
  readonly until: number;
}

export interface SessionState {
  readonly phase: Phase;
  readonly me: Person | null;
  readonly project: Project | null;
  readonly config: LabelConfig | null;
  readonly task: LabelTask | null;
  readonly answers: readonly OpenAnswer[];
  /** Key of the open answer. */
  readonly open: string | null;
  /** What hinders a submit of the open answer. */
  readonly problems: readonly Problem[];
  readonly isEmpty: boolean;
  readonly isChanged: boolean;
  /** Answered here and left to do, as far as this screen knows. */
  readonly done: number;
  readonly left: number;
  readonly place: Place | null;
  readonly hasPrevious: boolean;
  readonly hasNext: boolean;
  readonly autoAdvance: boolean;
  /** The config allows one-key answers; the person wants them. */
  readonly canBeInstant: boolean;
  readonly instant: boolean;
  readonly save: SaveState;
  /** Not sent yet, older than a moment or held up. */
  readonly unsent: readonly Parcel[];
  readonly undo: UndoOffer | null;
  /** What is said where a suggestion is awaited or cannot come. */
  readonly suggestion: Suggesting | null;
  /** The smart tools; null = the config has none. */
  readonly smart: SmartState | null;
  /** Counts the submits that something hindered: each draws the eye to the reason. */
  readonly hindered: number;
  /** Something to tell, once. */
  readonly notice: string | null;
}

export const initialState: SessionState = {
  phase: { is: "loading", quiet: false }, me: null, project: null, config: null, task: null, answers: [], open: null, problems: [], isEmpty: true,
  isChanged: false, done: 0, left: 0, place: null, hasPrevious: false, hasNext: false, autoAdvance: true, canBeInstant: false, instant: true,
  save: { is: "clean" }, unsent: [], undo: null, suggestion: null, smart: null, hindered: 0, notice: null,
};

export const openAnswer = (state: SessionState): OpenAnswer | undefined => state.answers.find((answer) => answer.key === state.open);

/** What the main button does. "next": everything is stored, go on; "none": somebody else's answer. */
export function submitKind(state: SessionState): "submit" | "accept" | "update" | "next" | "none" {
  const answer = openAnswer(state);
  if (!answer || answer.isReadOnly) return "none";
  if (answer.stored === null) return answer.parentPrediction !== null && !state.isChanged ? "accept" : "submit";
  // Enter on a skipped task answers it
  return state.isChanged || answer.state === "skipped" ? "update" : "next";
}

/** "m1, score 0.93": the model whose prediction an answer is, or started from; null = from none. */
export function modelOf({ answers }: SessionState, answer: OpenAnswer): string | null {
  if (answer.parentPrediction === null) return null;
  const model = answers.find((one) => one.state === "prediction" && one.parentPrediction === answer.parentPrediction);
  const name = !model ? "a model" : model.author === NO_VERSION ? "a model without version" : model.author;
  return answer.score === null ? name : `${name}, score ${answer.score.toFixed(2)}`;
}

export interface SuggestionText {
  readonly is: "model" | "pending" | "unavailable";
  readonly text: string;
  readonly detail?: string;
}

/** What is said of suggestions where none waits for a decision: a model's tab is open, or none came. */
export function suggestionText(state: SessionState): SuggestionText | null {
  const answer = openAnswer(state);
  if (answer?.state === "prediction") {
    const models = state.answers.filter((one) => one.state === "prediction");
    const place = models.length > 1 ? ` · ${models.indexOf(answer) + 1} of ${models.length}` : "";
    return { is: "model", text: `Answer of ${modelOf(state, answer)}${place}` };
  }
  if (!answer || answer.isReadOnly || answer.stored !== null || answer.parentPrediction !== null) return null;
  switch (state.suggestion?.is) {
    case "pending":
      return { is: "pending", text: "The model is working on this task…" };
    case "unavailable":
      return { is: "unavailable", text: "Model not reachable; labeling goes on", ...(state.suggestion.reason ? { detail: state.suggestion.reason } : {}) };
    default:
      return null;
  }
}

/** Of all answered or waiting, how many are answered: for the bar and the window's title. */
export function progressOf(state: SessionState): { done: number; total: number } {
  return state.place ? { done: state.place.index + 1, total: state.place.total } : { done: state.done, total: state.done + state.left };
}

export function titleOf(state: SessionState): string {
  const name = state.project?.title ?? "Labeling";
  const { done, total } = progressOf(state);
  return state.project && total > 0 ? `${done}/${total} · ${name}` : name;
}

/** "Saved 2 s ago", "Saving…", "Offline · 3 queued". */
export function saveText(save: SaveState, now: number): string {
  switch (save.is) {
    case "clean":
      return "Saved";
    case "saving":
      return "Saving…";
    case "saved":
      return `Saved ${agoText(now - save.at)}`;
    case "offline":
      return save.queued > 0 ? `Offline · ${save.queued} queued` : "Offline";
    case "logged-out":
      return `Logged out · ${save.queued} queued`;
    case "waiting":
      return `Server busy · ${save.queued} queued`;
    case "refused":
      return `${save.count} not accepted`;
  }
}

function agoText(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 1) return "just now";
  if (s < 60) return `${s} s ago`;
  return s < 3600 ? `${Math.floor(s / 60)} min ago` : `${Math.floor(s / 3600)} h ago`;
}
