/** For a few seconds after an answer went out (or was thrown away) it can be had back. */
import type { Desk } from "./desk";
import type { LabelTask, OpenAnswer } from "./model";

/** How long, ms. */
export const UNDO_MS = 5_000;

export interface TakeBack {
  readonly task: LabelTask;
  /** All answers of the task as they were. */
  readonly answers: readonly OpenAnswer[];
  /** Key of the answer that went out. */
  readonly open: string;
  /** What to open on return. */
  readonly restored: OpenAnswer;
  /** Change of the count of answered tasks that goes back too. */
  readonly counted: number;
  undo(): void;
}

export class TakeBacks {
  private current: TakeBack | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly desk: Desk) {}

  /** Replaces an earlier offer. */
  offer(text: string, takeBack: TakeBack): void {
    clearTimeout(this.timer);
    this.current = takeBack;
    const now = this.desk.now();
    this.desk.set({ undo: { id: now, text, until: now + UNDO_MS } });
    this.timer = setTimeout(() => this.drop(), UNDO_MS);
  }

  drop(): void {
    clearTimeout(this.timer);
    this.current = null;
    if (this.desk.state.undo !== null) this.desk.set({ undo: null });
  }

  /** The offer, which ends with this. */
  take(): TakeBack | null {
    const { current } = this;
    this.drop();
    return current;
  }

  dispose(): void {
    clearTimeout(this.timer);
  }
}
