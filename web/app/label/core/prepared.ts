/** What this device remembers of tasks that are about to be shown: read ahead, so that showing them waits for nothing. */
import type { ReplayStep } from "@labelwright/engine";
import type { JournalEntry } from "./model";
import type { Office } from "./office";

/** Undo history of answers, kept over reloads. */
export interface Histories {
  read(key: string): Promise<readonly ReplayStep[] | null>;
  clear(key: string): Promise<void>;
}

export interface Memories {
  readonly entries: readonly JournalEntry[];
  /** By answer. */
  readonly histories: ReadonlyMap<string, readonly ReplayStep[]>;
}

const KEPT = 50;

export class Prepared {
  private readonly memories = new Map<number, Memories>();

  constructor(
    private readonly office: () => Promise<Office>,
    private readonly histories: Histories | undefined,
  ) {}

  /** Already read, if it is. */
  peek(taskId: number): Memories | undefined {
    return this.memories.get(taskId);
  }

  async get(taskId: number): Promise<Memories> {
    const here = this.memories.get(taskId);
    if (here) return here;
    const { shelf, me } = await this.office();
    const entries = await shelf.entriesOfTask(me.id, taskId);
    const histories = new Map<string, readonly ReplayStep[]>();
    for (const { key } of entries) {
      const steps = await this.histories?.read(key).catch(() => null);
      if (steps) histories.set(key, steps);
    }
    const memories = { entries, histories };
    this.memories.set(taskId, memories);
    for (const old of this.memories.keys()) {
      if (this.memories.size <= KEPT) break;
      this.memories.delete(old);
    }
    return memories;
  }

  /** Something about this task is written: read again next time. */
  drop(taskId: number): void {
    this.memories.delete(taskId);
  }

  /** The answer is in the outbox, or thrown away: this device needs its draft no more. */
  async forget(answerKey: string): Promise<void> {
    const { drafts, me } = await this.office();
    await Promise.all([drafts.forget(me.id, answerKey), this.histories?.clear(answerKey).catch(() => undefined)]);
  }
}
