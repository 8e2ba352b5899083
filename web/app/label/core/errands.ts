/** From an open answer to what the server has to be told. Pure. */
import type { ResultItem } from "@labelwright/engine";
import { newAnswer } from "./answers";
import type { AnnotationRef, Errand, JournalEntry, OpenAnswer, Parcel } from "./model";

/** How the server knows the answer; null = it does not. */
export function refOf(answer: OpenAnswer): AnnotationRef | null {
  if (answer.annotationId !== null) return { id: answer.annotationId };
  return answer.uniqueId !== null && answer.stored !== null ? { uniqueId: answer.uniqueId } : null;
}

export function submitErrand(answer: OpenAnswer, result: readonly ResultItem[], isSkipped: boolean, leadTimeS: number): Errand {
  const annotation = refOf(answer);
  if (annotation) return { kind: "update", annotation, result, isSkipped, leadTimeS };
  const { uniqueId, startedAt, draftId, parentPrediction, parentAnnotation, key } = answer;
  return { kind: "submit", uniqueId: uniqueId ?? key, result, isSkipped, leadTimeS, startedAt, draftId, parentPrediction, parentAnnotation };
}

/** What takes back the submit of this answer; `answer` as it was before it. */
export function undoErrand(answer: OpenAnswer): Errand {
  const annotation = refOf(answer);
  if (!annotation) return { kind: "delete", annotation: { uniqueId: answer.uniqueId ?? answer.key } };
  return { kind: "update", annotation, result: answer.stored ?? [], isSkipped: answer.state === "skipped", leadTimeS: answer.leadTimeS };
}

/**
 * The answer to go on with after its submit was taken back. The key of that submit is spent: a new answer gets a new one, or
 * the server would take its next submit for a repeat.
 */
export function reopened(answer: OpenAnswer): OpenAnswer {
  if (refOf(answer)) return answer;
  const { state, parentPrediction, parentAnnotation, score, result, leadTimeS, isChanged } = answer;
  return { ...newAnswer(answer.startedAt), state, parentPrediction, parentAnnotation, score, result, leadTimeS, isChanged };
}

/** What the server did not accept, as an answer in progress again; null for errands that carry no work. */
export function entryOf(parcel: Parcel, now: number): JournalEntry | null {
  const { errand } = parcel;
  if (errand.kind === "delete" || errand.kind === "delete-draft" || !errand.result) return null;
  const isNew = errand.kind === "submit";
  return {
    key: parcel.answerKey, userId: parcel.userId, projectId: parcel.projectId, taskId: parcel.taskId,
    annotationId: !isNew && "id" in errand.annotation ? errand.annotation.id : null,
    uniqueId: isNew ? errand.uniqueId : null,
    parentPrediction: isNew ? errand.parentPrediction : null,
    parentAnnotation: isNew ? errand.parentAnnotation : null,
    result: errand.result, leadTimeS: errand.leadTimeS ?? 0, startedAt: isNew ? errand.startedAt : new Date(now).toISOString(),
    draftId: null, changedAt: now, savedAt: 0,
  };
}
