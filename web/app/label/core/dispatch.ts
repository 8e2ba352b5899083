/** The way of an answer from the key press to the outbox: first the next task is painted, then it is posted. */
import type { Errand, Parcel } from "./model";
import type { Office } from "./office";
import type { Prepared } from "./prepared";

export interface DispatchOptions {
  readonly projectId: number;
  readonly prepared: Prepared;
  office(): Promise<Office>;
  /** Runs work after the next paint. */
  afterPaint(f: () => void): void;
  /** `sending` changed. */
  onChange(): void;
}

export class Dispatch {
  /** Answers that are not in the outbox yet. */
  sending = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly options: DispatchOptions) {}

  /** Into the outbox now. An answer's draft ends there. */
  post(taskId: number, answerKey: string, errand: Errand, delayMs = 0): Promise<Parcel> {
    return this.counted(async () => {
      const { projectId, prepared } = this.options;
      const { outbox } = await this.options.office();
      const parcel = await outbox.add({ projectId, taskId, answerKey, errand, delayMs });
      if (errand.kind === "submit" || errand.kind === "update") await prepared.forget(answerKey);
      return parcel;
    })();
  }

  /** Into the outbox once the next task is painted. */
  postLater(taskId: number, answerKey: string, errand: Errand): void {
    const post = this.counted(() => this.post(taskId, answerKey, errand));
    this.later(() => void post());
  }

  later(f: () => void): void {
    this.waiting.push(f);
    this.options.afterPaint(() => this.runNow());
  }

  /** Whatever waits for the paint: the page goes away, or something must come after it. */
  runNow(): void {
    for (const f of this.waiting.splice(0)) f();
  }

  /** Counts as being sent from now until `work`, once called, has ended. */
  private counted<T>(work: () => Promise<T>): () => Promise<T> {
    this.sending += 1;
    this.options.onChange();
    return () =>
      work().finally(() => {
        this.sending -= 1;
        this.options.onChange();
      });
  }
}
