/** Waits for the suggestion of a model that is at work on the open task: asks lightly, not for ever, and gives way to work. */
import { answersOf, isUntouched } from "./answers";
import type { LabelApi } from "./api";
import type { Desk } from "./desk";
import type { LabelTask, OpenAnswer } from "./model";
import type { TaskCache } from "./queue";

/** How often is asked, and how long, ms. */
const EVERY_MS = 2_000;
const LONGEST_MS = 30_000;

export interface AwaitingParts {
  readonly api: Pick<LabelApi, "task">;
  readonly desk: Desk;
  readonly cache: TaskCache;
  /** Lays the task on the desk anew. */
  show(task: LabelTask, answers: readonly OpenAnswer[], open: string): void;
}

export class Awaiting {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private watched: number | null = null;

  constructor(private readonly parts: AwaitingParts) {}

  /** Waits, if a suggestion for this task is on its way and its answer is not begun. */
  watch(task: LabelTask): void {
    this.end();
    if (task.suggestion?.is !== "pending") return;
    if (!this.blank) return this.stop();
    this.watched = task.id;
    this.askLater(task.id, LONGEST_MS / EVERY_MS);
  }

  /** No longer: the person began to work, or the page is left. */
  stop(): void {
    this.end();
    const { desk } = this.parts;
    if (desk.state.suggestion?.is === "pending") desk.set({ suggestion: null });
  }

  private end(): void {
    clearTimeout(this.timer);
    this.watched = null;
  }

  private askLater(taskId: number, left: number): void {
    this.timer = setTimeout(() => void this.ask(taskId, left), EVERY_MS);
  }

  private async ask(taskId: number, left: number): Promise<void> {
    const { api, desk } = this.parts;
    // a failed request is no news: the next one may come through
    const task = await api.task(taskId).catch(() => null);
    if (this.watched !== taskId || desk.state.task?.id !== taskId) return;
    const isNews = task !== null && (task.predictions.length > 0 || (task.suggestion !== null && task.suggestion.is !== "pending"));
    if (isNews) this.layIn(task);
    else if (left > 1) this.askLater(taskId, left - 1);
    else this.stop();
  }

  /** The open answer, as long as nothing was done in it. */
  private get blank(): OpenAnswer | null {
    const { mine, editor } = this.parts.desk;
    return mine && isUntouched(mine) && editor?.canUndo !== true ? mine : null;
  }

  /** A model has answered, or cannot: its suggestion becomes the answer that is not begun yet. */
  private layIn(task: LabelTask): void {
    const { desk, cache, show } = this.parts;
    const { project, me, answers } = desk.state;
    const { blank } = this;
    if (!project || !me || !blank) return this.stop();
    this.end();
    cache.put(task);
    const fresh = answersOf({ task, project, me, journal: [], parcels: [], now: blank.startedAt });
    const suggested = fresh.find(isUntouched);
    if (!suggested || suggested.parentPrediction === null) return desk.set({ suggestion: task.suggestion });
    const models = fresh.filter((answer) => answer.state === "prediction");
    const others = answers.filter((answer) => answer !== blank && answer.state !== "prediction");
    show(task, [{ ...suggested, key: blank.key, uniqueId: blank.uniqueId }, ...others, ...models], blank.key);
  }
}
