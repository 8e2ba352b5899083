/**
 * The queue hands a task out with the answer of the chosen model only. Those of the others come a moment later, as tabs to
 * compare with: not before the next task would be on the screen of somebody who accepts one after the other.
 */
import { answersOf } from "./answers";
import type { LabelApi } from "./api";
import type { Desk } from "./desk";
import type { LabelTask } from "./model";

const LATER_MS = 600;

export class OtherModels {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly api: Pick<LabelApi, "task">,
    private readonly desk: Desk,
  ) {}

  /** Fetches what other models say of the task, if there is more than came with it. */
  watch(task: LabelTask): void {
    this.stop();
    const isMore = task.predictionCount > task.predictions.length && task.suggestion?.is !== "withheld" && this.desk.state.project?.showPredictions === true;
    if (isMore) this.timer = setTimeout(() => void this.add(task), LATER_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private async add(task: LabelTask): Promise<void> {
    const whole = await this.api.task(task.id).catch(() => null);
    const { project, me, answers, task: shown } = this.desk.state;
    if (!whole || !project || !me || shown?.id !== task.id) return;
    const all = answersOf({ task: { ...whole, predictions: [...task.predictions, ...whole.predictions] }, project, me, journal: [], parcels: [], now: "" });
    const known = new Set(answers.flatMap((answer) => (answer.state === "prediction" ? [answer.author] : [])));
    const more = all.filter((answer) => answer.state === "prediction" && !known.has(answer.author));
    if (more.length > 0) this.desk.set({ answers: [...answers, ...more] });
  }
}
