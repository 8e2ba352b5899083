/** The tabs of the bottom bar: open another answer, add, copy, throw away, mark as ground truth. */
import { firstAnswer, isUntouched, newAnswer } from "./answers";
import type { Desk } from "./desk";
import { refOf } from "./errands";
import type { OpenAnswer } from "./model";
import { openAnswer } from "./sessionState";

export function openTab(desk: Desk, key: string): void {
  const { task, answers, open } = desk.state;
  if (task && key !== open && answers.some((answer) => answer.key === key)) desk.show(task, desk.keep(), key);
}

export function addTab(desk: Desk): void {
  insertTab(desk, desk.keep(), newAnswer(desk.isoNow));
}

/** A copy of the open answer (a colleague's, mine) as a new answer of mine. */
export function duplicateTab(desk: Desk): void {
  const answers = desk.keep();
  const source = answers.find((answer) => answer.key === desk.state.open);
  if (!source) return;
  const copy = newAnswer(desk.isoNow, { copy: source });
  insertTab(desk, answers, copy);
  desk.saveDraft(copy);
}

/** The open answer of a model becomes my suggestion, in the place of one I have not touched. */
export function takePrediction(desk: Desk): void {
  const answers = desk.keep();
  const source = answers.find((answer) => answer.key === desk.state.open);
  if (source?.state !== "prediction") return;
  const { parentPrediction, score, result } = source;
  insertTab(desk, answers.filter((answer) => answer.isReadOnly || !isUntouched(answer)), { ...newAnswer(desk.isoNow), parentPrediction, score, result });
}

function insertTab(desk: Desk, answers: readonly OpenAnswer[], answer: OpenAnswer): void {
  const { task } = desk.state;
  if (!task) return;
  const mine = answers.filter((one) => !one.isReadOnly).length;
  desk.show(task, [...answers.slice(0, mine), answer, ...answers.slice(mine)], answer.key);
}

/** Takes the open answer of mine off the desk and opens another; gives back what was taken off. */
export function removeTab(desk: Desk): OpenAnswer | null {
  const { task, open } = desk.state;
  const answers = desk.keep();
  const answer = answers.find((one) => one.key === open);
  if (!task || !answer || answer.isReadOnly) return null;
  const rest = answers.filter((one) => one !== answer);
  const next = firstAnswer(rest.filter((one) => !one.isReadOnly)) ?? newAnswer(desk.isoNow);
  desk.show(task, rest.includes(next) ? rest : [next, ...rest], next.key);
  return answer;
}

/** Turns the star of the open answer; gives back the answer as it is now, null when it cannot carry one. */
export function turnStar(desk: Desk): OpenAnswer | null {
  const answer = openAnswer(desk.state);
  if (!answer || answer.stored === null || !refOf(answer)) return null;
  const isGroundTruth = !answer.isGroundTruth;
  // a task has at most one ground truth
  const answers = desk.state.answers.map((one) => ({ ...one, isGroundTruth: one.key === answer.key ? isGroundTruth : one.isGroundTruth && !isGroundTruth }));
  desk.set({ answers });
  return { ...answer, isGroundTruth };
}
