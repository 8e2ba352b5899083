/** The way from task to task, and what is said where there is none. */
import { answersOf, firstAnswer } from "./answers";
import { ApiError } from "./api";
import type { Claims } from "./claims";
import type { Desk } from "./desk";
import type { Dispatch } from "./dispatch";
import type { LabelTask, OpenAnswer, Project } from "./model";
import type { Memories, Prepared } from "./prepared";
import type { Queue, TaskCache } from "./queue";
import type { SessionState } from "./sessionState";

export interface WalkParts {
  readonly desk: Desk;
  readonly queue: Queue;
  readonly cache: TaskCache;
  readonly prepared: Prepared;
  readonly dispatch: Dispatch;
  readonly claims: Claims;
  /** A task lies on the desk now. */
  onShown(task: LabelTask): void;
}

/** A wait shorter than this keeps the old task in view, ms. */
const QUIET_MS = 120;

export class Walk {
  private steps = 0;
  private disposed = false;

  constructor(private readonly parts: WalkParts) {}

  dispose(): void {
    this.disposed = true;
  }

  /** leaving: the open answer is sent already. */
  async next(leaving = false): Promise<void> {
    const { desk, queue, prepared } = this.parts;
    const from = desk.state.task;
    if (!from) return;
    if (!leaving) desk.keep();
    const ready = queue.peekNext(from.id);
    const memories = ready && prepared.peek(ready.id);
    if (!ready || !memories) return this.go(() => queue.next(from.id));
    void queue.next(from.id).catch(() => undefined);
    this.showFirst(ready, memories);
  }

  async previous(): Promise<void> {
    const { desk, queue } = this.parts;
    const from = desk.state.task;
    if (!from || !queue.hasPrevious(from.id)) return;
    desk.keep();
    await this.go(() => queue.previous(from.id), true);
  }

  async to(taskId: number): Promise<void> {
    this.parts.desk.keep();
    await this.go(() => this.parts.cache.get(taskId), true);
  }

  /** Another try after a failure, or after nothing was left. */
  async again(): Promise<void> {
    const { desk, queue } = this.parts;
    const { task } = desk.state;
    await this.go(() => (task ? queue.next(task.id) : queue.first()));
  }

  /** stay: with nothing there (or no connection) the present task stays. */
  private async go(find: () => Promise<LabelTask | null>, stay = false): Promise<void> {
    const { desk } = this.parts;
    this.steps += 1;
    const step = this.steps;
    const isCurrent = () => !this.disposed && step === this.steps;
    const before = desk.state;
    desk.set({ phase: { is: "loading", quiet: before.phase.is === "labeling" } });
    const slow = setTimeout(() => isCurrent() && desk.set({ phase: { is: "loading", quiet: false } }), QUIET_MS);
    try {
      const task = await find();
      if (!isCurrent()) return;
      if (task) await this.display(task);
      else if (stay) this.stayAt(before);
      else if (desk.state.project) await this.showNothingLeft(desk.state.project);
    } catch (error) {
      if (!isCurrent()) return;
      if (stay && before.phase.is === "labeling") this.stayAt(before, error instanceof Error ? error.message : String(error));
      else this.fail(error);
    } finally {
      clearTimeout(slow);
    }
  }

  private stayAt(before: SessionState, notice: string | null = null): void {
    const { desk } = this.parts;
    if (before.task && before.open) desk.show(before.task, before.answers, before.open, { notice });
    else desk.set({ phase: before.phase });
  }

  async display(task: LabelTask): Promise<void> {
    const memories = await this.parts.prepared.get(task.id);
    if (!this.disposed) this.showFirst(task, memories);
  }

  private showFirst(task: LabelTask, { entries, histories }: Memories): void {
    const { desk } = this.parts;
    const { project, me } = desk.state;
    if (!project || !me) return;
    for (const [key, steps] of histories) desk.histories.set(key, steps);
    const parcels = (desk.office?.outbox.parcels ?? []).filter((parcel) => parcel.taskId === task.id);
    const answers = answersOf({ task, project, me, journal: entries, parcels, now: desk.isoNow });
    this.show(task, answers, firstAnswer(answers)?.key ?? "");
  }

  /** Lays a task on the desk, with these answers, one of them open. */
  show(task: LabelTask, answers: readonly OpenAnswer[], open: string): void {
    const { desk, dispatch, queue, onShown } = this.parts;
    this.steps += 1;
    desk.show(task, answers, open, { ...this.placeOf(task.id), notice: null, suggestion: task.suggestion });
    dispatch.later(() => queue.fill(task.id));
    onShown(task);
  }

  placeOf(taskId: number): Pick<SessionState, "place" | "hasPrevious" | "hasNext"> {
    const { queue } = this.parts;
    return { place: queue.place(taskId), hasPrevious: queue.hasPrevious(taskId), hasNext: queue.hasNext(taskId) };
  }

  async showNothingLeft(project: Project): Promise<void> {
    const { desk, queue, claims } = this.parts;
    const why = project.taskCount === 0 ? "no-tasks" : queue.kind === "view" ? "end-of-view" : "finished";
    const elsewhere = (await claims.others()).length;
    if (!this.disposed) desk.set({ phase: { is: "empty", why, elsewhere } });
  }

  fail(error: unknown): void {
    if (this.disposed) return;
    const { desk } = this.parts;
    const { status, message } = error instanceof ApiError ? error : new ApiError(-1, error instanceof Error ? error.message : String(error));
    const whys = { 0: "offline", 401: "logged-out", 403: "forbidden", 404: desk.state.project ? "gone" : "no-project" } as const;
    desk.set({ phase: { is: "failed", why: whys[status as keyof typeof whys] ?? "broken", message } });
  }
}
