/** The tabs of a task: from what the server holds, what this device remembers and what is still on its way. Pure functions. */
import type { ResultItem, Suggestion } from "@labelwright/engine";
import { newUniqueId } from "./api";
import { isUnsaved, type JournalEntry, type LabelTask, type OpenAnswer, type Parcel, type Person, type Prediction, type Project, type StoredAnnotation, type StoredDraft } from "./model";

export interface AnswerSources {
  readonly task: LabelTask;
  readonly project: Project;
  readonly me: Person;
  readonly journal: readonly JournalEntry[];
  readonly parcels: readonly Parcel[];
  /** ISO time. */
  readonly now: string;
}

/** All tabs: my answers (newest draft first), then others', then models'. Never without one of mine. */
export function answersOf(sources: AnswerSources): OpenAnswer[] {
  const { task, me } = sources;
  const mine = [...unsentAnswers(sources), ...storedAnswers(sources), ...newDrafts(sources)];
  const others = task.annotations.filter((annotation) => annotation.annotator !== null && annotation.annotator.id !== me.id).map(otherAnswer);
  const models = shownPredictions(sources).map(predictionAnswer);
  if (mine.length === 0) mine.push(newAnswer(sources.now, suggestionFor(sources)));
  return [...mine, ...others, ...models];
}

/** The tab to open first: a draft of mine, else my latest answer. */
export function firstAnswer(answers: readonly OpenAnswer[]): OpenAnswer | undefined {
  const mine = answers.filter((answer) => !answer.isReadOnly);
  return mine.findLast((answer) => answer.isChanged || answer.state === "draft") ?? mine.findLast((answer) => answer.annotationId !== null) ?? mine[0] ?? answers[0];
}

const blank = {
  annotationId: null, uniqueId: null, parentPrediction: null, parentAnnotation: null, score: null, isGroundTruth: false, isReadOnly: false,
  stored: null, isChanged: false, draftId: null, leadTimeS: 0,
} as const;

/** A fresh answer of mine; a prediction makes it open as a suggestion, a copied answer as a copy. */
export function newAnswer(now: string, from?: { prediction: Prediction } | { copy: OpenAnswer }): OpenAnswer {
  const fresh = { ...blank, key: newUniqueId(), state: "new" as const, author: "You", startedAt: now };
  if (!from) return { ...fresh, uniqueId: fresh.key, result: [] };
  if ("prediction" in from) {
    const { id, score, result } = from.prediction;
    return { ...fresh, uniqueId: fresh.key, parentPrediction: id, score, result: result.map(asSuggestion) };
  }
  const { copy } = from;
  return { ...fresh, uniqueId: fresh.key, result: copy.result, isChanged: true, parentAnnotation: copy.annotationId, parentPrediction: copy.parentPrediction };
}

function asSuggestion(item: ResultItem): ResultItem {
  return item.type === "relation" ? item : { ...item, origin: "prediction" };
}

/** An answer of mine in which nothing was done yet. */
export const isUntouched = (answer: OpenAnswer): boolean => answer.state === "new" && answer.stored === null && !answer.isChanged;

/** Whether the parts of an answer that come from a model are still to be accepted; the score of those that have none. */
export function suggestionsOf(answer: OpenAnswer): Suggestion | undefined {
  const areOpen = answer.state === "prediction" || (answer.stored === null && answer.parentPrediction !== null);
  return areOpen ? { score: answer.score } : undefined;
}

// ---------------------------------------------------------------- mine

function storedAnswers({ task, me, journal, parcels, now }: AnswerSources): OpenAnswer[] {
  return task.annotations
    .filter((annotation) => annotation.annotator === null || annotation.annotator.id === me.id)
    .filter((annotation) => !parcels.some(({ errand }) => errand.kind === "delete" && "id" in errand.annotation && errand.annotation.id === annotation.id))
    .map((annotation) => {
      const answer = withUpdates(storedAnswer(annotation, now), parcels);
      const draft = newest(journal.find((entry) => entry.annotationId === annotation.id), task.drafts.find((one) => one.annotationId === annotation.id));
      return draft ? { ...answer, ...draft, isChanged: true } : answer;
    });
}

function storedAnswer(annotation: StoredAnnotation, now: string): OpenAnswer {
  return {
    ...blank, key: `a${annotation.id}`, state: annotation.isSkipped ? "skipped" : "submitted", author: "You", annotationId: annotation.id,
    isGroundTruth: annotation.isGroundTruth, result: annotation.result, stored: annotation.result, leadTimeS: annotation.leadTimeS, startedAt: now,
  };
}

/** Updates still on their way lie over what the server said. */
function withUpdates(answer: OpenAnswer, parcels: readonly Parcel[]): OpenAnswer {
  return parcels.reduce((seen, { errand }) => {
    if (errand.kind !== "update" || !isAbout(errand.annotation, seen)) return seen;
    return {
      ...seen,
      ...(errand.result ? { result: errand.result, stored: errand.result } : {}),
      ...(errand.isSkipped === undefined ? {} : { state: errand.isSkipped ? ("skipped" as const) : ("submitted" as const) }),
      ...(errand.isGroundTruth === undefined ? {} : { isGroundTruth: errand.isGroundTruth }),
    };
  }, answer);
}

const isAbout = (ref: { id: number } | { uniqueId: string }, answer: OpenAnswer): boolean =>
  "id" in ref ? ref.id === answer.annotationId : ref.uniqueId === answer.uniqueId;

/** Submits the server does not have yet. */
function unsentAnswers({ parcels, now }: AnswerSources): OpenAnswer[] {
  const undone = new Set(parcels.flatMap(({ errand }) => (errand.kind === "delete" && "uniqueId" in errand.annotation ? [errand.annotation.uniqueId] : [])));
  return parcels.flatMap(({ errand }) => {
    if (errand.kind !== "submit" || undone.has(errand.uniqueId)) return [];
    const { uniqueId, result, isSkipped, parentPrediction, parentAnnotation, leadTimeS } = errand;
    const answer: OpenAnswer = {
      ...blank, key: uniqueId, uniqueId, state: isSkipped ? "skipped" : "submitted", author: "You", parentPrediction, parentAnnotation,
      result, stored: result, leadTimeS, startedAt: now,
    };
    return [withUpdates(answer, parcels)];
  });
}

/** Answers in progress that belong to no stored annotation: from this device and from the server, each once. */
function newDrafts({ task, me, journal, parcels, now }: AnswerSources): OpenAnswer[] {
  const sent = new Set(parcels.flatMap(({ errand }) => (errand.kind === "submit" ? [errand.uniqueId] : [])));
  const isAnswered = task.annotations.some((annotation) => annotation.annotator?.id === me.id);
  const local = journal.filter((entry) => {
    if (entry.annotationId !== null || entry.uniqueId === null || sent.has(entry.uniqueId)) return false;
    // the server had all of it, has it no more, and has an answer of mine: it was submitted on another device
    const isGone = !isUnsaved(entry) && entry.draftId !== null && !task.drafts.some((draft) => draft.id === entry.draftId);
    return !(isGone && isAnswered);
  });
  const paired = pairDrafts(local, task.drafts);
  const drafts = local.map((entry): OpenAnswer => {
    const { result, leadTimeS, draftId } = newest(entry, paired.get(entry)) ?? entry;
    const { key, uniqueId, parentPrediction, parentAnnotation, startedAt } = entry;
    const score = task.predictions.find((prediction) => prediction.id === parentPrediction)?.score ?? null;
    return { ...blank, score, key, uniqueId, state: "draft", author: "You", parentPrediction, parentAnnotation, result, isChanged: true, draftId, leadTimeS, startedAt };
  });
  const taken = new Set([...paired.values()].map((draft) => draft.id));
  const fromServer = task.drafts.filter((draft) => draft.annotationId === null && !taken.has(draft.id));
  const more = fromServer.map((draft): OpenAnswer => {
    const key = newUniqueId();
    return { ...blank, key, uniqueId: key, state: "draft", author: "You", result: draft.result, isChanged: true, draftId: draft.id, leadTimeS: draft.leadTimeS, startedAt: now };
  });
  return [...drafts, ...more].sort((a, b) => (a.draftId ?? Infinity) - (b.draftId ?? Infinity));
}

/**
 * Which draft on the server is which entry here: by its id; an entry that never heard its id (the page was closed while it was
 * saved) takes a draft that no other entry has.
 */
export function pairDrafts(entries: readonly JournalEntry[], drafts: readonly StoredDraft[]): Map<JournalEntry, StoredDraft> {
  const pairs = new Map<JournalEntry, StoredDraft>();
  const free = new Map(drafts.map((draft) => [draft.id, draft]));
  const pair = (entry: JournalEntry, draft: StoredDraft | undefined) => {
    if (!draft) return;
    pairs.set(entry, draft);
    free.delete(draft.id);
  };
  for (const entry of entries) if (entry.draftId !== null) pair(entry, free.get(entry.draftId));
  for (const entry of entries) if (entry.draftId === null) pair(entry, [...free.values()].findLast((draft) => draft.annotationId === entry.annotationId));
  return pairs;
}

/**
 * Of the same draft here and on the server, the one to go on with: this device's while the server lacks some of it, else the
 * server's (another device may have gone on).
 */
export function newest(
  entry: JournalEntry | undefined,
  draft: StoredDraft | undefined,
): { result: readonly ResultItem[]; leadTimeS: number; draftId: number | null } | null {
  if (draft && (!entry || !isUnsaved(entry))) return { result: draft.result, leadTimeS: draft.leadTimeS, draftId: draft.id };
  if (!entry) return null;
  if (!draft && !isUnsaved(entry) && entry.annotationId !== null) return null; // submitted from elsewhere: the server dropped it
  return { result: entry.result, leadTimeS: entry.leadTimeS, draftId: draft?.id ?? null };
}

// ---------------------------------------------------------------- others and models

function otherAnswer(annotation: StoredAnnotation): OpenAnswer {
  return {
    ...blank, key: `a${annotation.id}`, state: annotation.isSkipped ? "skipped" : "other", author: annotation.annotator?.name ?? "Somebody",
    annotationId: annotation.id, isGroundTruth: annotation.isGroundTruth, isReadOnly: true, result: annotation.result, stored: annotation.result,
    leadTimeS: annotation.leadTimeS, startedAt: annotation.updatedAt,
  };
}

/** Name of a tab whose model gave no version. */
export const NO_VERSION = "no version";

function predictionAnswer(prediction: Prediction): OpenAnswer {
  const { id, score, result, modelVersion } = prediction;
  return {
    ...blank, key: `p${id}`, state: "prediction", author: modelVersion || NO_VERSION, score, isReadOnly: true, parentPrediction: id,
    result: result.map(asSuggestion), stored: result, startedAt: "",
  };
}

/** One per model version, its newest, in the server's order. */
function shownPredictions({ task, project }: AnswerSources): readonly Prediction[] {
  if (!project.showPredictions || task.suggestion?.is === "withheld") return [];
  const newest = new Map<string, Prediction>();
  for (const prediction of task.predictions) {
    const other = newest.get(prediction.modelVersion);
    if (!other || other.id < prediction.id) newest.set(prediction.modelVersion, prediction);
  }
  return [...newest.values()];
}

/**
 * The prediction a fresh answer starts from: the chosen model's; where that name fits none (a model may be chosen by its
 * title), the first the server names; with none chosen, the newest.
 */
export function suggestionFor(sources: AnswerSources): { prediction: Prediction } | undefined {
  const shown = shownPredictions(sources).filter((prediction) => prediction.result.length > 0);
  const { modelVersion } = sources.project;
  const newest = shown.reduce<Prediction | undefined>((best, one) => (best && best.id > one.id ? best : one), undefined);
  const prediction = modelVersion === "" ? newest : (shown.find((one) => one.modelVersion === modelVersion) ?? shown[0]);
  return prediction && { prediction };
}
