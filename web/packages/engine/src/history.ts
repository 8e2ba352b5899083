/** Undo and redo: pairs of documents, which share all they have in common. */
import type { AnnotationDoc } from "./types";

export interface Entry {
  readonly name: string;
  readonly before: AnnotationDoc;
  readonly after: AnnotationDoc;
  /** Entries with the same key that follow each other within `joinWithin_ms` become one (typing). */
  readonly joinKey?: string;
  readonly at_ms: number;
}

const limit = 500;
const joinWithin_ms = 1500;

export class History {
  private done: Entry[] = [];
  private undone: Entry[] = [];

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  push(entry: Entry): void {
    const last = this.done.at(-1);
    const joins = last !== undefined && entry.joinKey !== undefined && last.joinKey === entry.joinKey && this.undone.length === 0 && entry.at_ms - last.at_ms < joinWithin_ms;
    if (joins) this.done[this.done.length - 1] = { ...entry, before: last.before };
    else this.done.push(entry);
    if (this.done.length > limit) this.done.shift();
    this.undone = [];
  }

  /** The entry to take back; null when there is none. */
  undo(): Entry | null {
    const entry = this.done.pop();
    if (entry) this.undone.push(entry);
    return entry ?? null;
  }

  redo(): Entry | null {
    const entry = this.undone.pop();
    if (entry) this.done.push(entry);
    return entry ?? null;
  }

  clear(): void {
    this.done = [];
    this.undone = [];
  }
}
