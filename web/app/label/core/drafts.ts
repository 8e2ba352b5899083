/**
 * Answers in progress: on this device at once, on the server a second later.
 *
 * Each change goes to the journal (IndexedDB) at once, large answers within LARGE_MS; the server gets a draft SERVER_MS after the last change, and
 * what is still missing when the page is hidden. A failed save stays "unsaved" in the journal and is tried again: on the next
 * change, when the connection is back, and on the next visit.
 */
import type { ResultItem } from "@labelwright/engine";
import { pairDrafts } from "./answers";
import { ApiError, type LabelApi } from "./api";
import { isUnsaved, type JournalEntry } from "./model";
import type { Shelf } from "./shelf";
import { writeDraft } from "./wire";

/** Copying thousands of regions takes milliseconds: that waits until the change is painted. */
const LARGE_ITEMS = 300;
const LARGE_MS = 30;
const SERVER_MS = 1_000;
const RETRY_MS = 5_000;
/** A browser refuses keepalive bodies beyond 64 kB; such a draft waits in the journal. */
const KEEPALIVE_BYTES = 60_000;

/** What identifies an answer in progress; the result is asked for when it is written. */
export type DraftSource = Omit<JournalEntry, "result" | "leadTimeS" | "draftId" | "changedAt" | "savedAt"> & {
  readonly draftId: number | null;
  read(): { result: readonly ResultItem[]; leadTimeS: number };
};

export type DraftState = "clean" | "waiting" | "saving" | "failed";

interface Open {
  source: DraftSource;
  draftId: number | null;
  changedAt: number;
  savedAt: number;
  journalTimer: ReturnType<typeof setTimeout> | undefined;
  /** A write to the journal is under way; `isStale`: it lacks the latest change. */
  writing: Promise<void> | null;
  isStale: boolean;
  /** Items of the result when it was last written. */
  size: number;
  serverTimer: ReturnType<typeof setTimeout> | undefined;
  sending: Promise<void> | null;
  failed: boolean;
  closed: boolean;
}

export interface DraftsOptions {
  readonly api: LabelApi;
  readonly shelf: Shelf;
  readonly now?: () => number;
  readonly onChange?: () => void;
}

export class Drafts {
  private readonly open = new Map<string, Open>();
  /** Drafts of earlier visits that this one saved: their ids on the server, by answer. */
  private readonly leftovers = new Map<string, number | null>();
  private savingLeftovers: Promise<unknown> = Promise.resolve();
  private readonly now: () => number;

  constructor(private readonly options: DraftsOptions) {
    this.now = options.now ?? Date.now;
  }

  /** The answer was changed: call with every change. */
  edited(source: DraftSource): void {
    const draft = this.opened(source);
    draft.source = source;
    draft.changedAt = Math.max(this.now(), draft.changedAt + 1);
    if (draft.size > LARGE_ITEMS) draft.journalTimer ??= setTimeout(() => void this.journal(draft), LARGE_MS);
    else void this.journal(draft);
    clearTimeout(draft.serverTimer);
    draft.serverTimer = setTimeout(() => void this.save(draft), SERVER_MS);
    this.options.onChange?.();
  }

  stateOf(key: string): DraftState {
    const draft = this.open.get(key);
    if (!draft) return "clean";
    if (draft.sending) return "saving";
    if (draft.changedAt <= draft.savedAt) return "clean";
    return draft.failed ? "failed" : "waiting";
  }

  /** How many answers open here the server lacks some of. */
  get unsaved(): number {
    return [...this.open.values()].filter((draft) => !draft.closed && draft.changedAt > draft.savedAt).length;
  }

  /** When the server last had all of it, ms since the epoch; 0 = never (here). */
  savedAt(key: string): number {
    return this.open.get(key)?.savedAt ?? 0;
  }

  /** The answer is left: journal now, server now. Its result is read here for the last time. */
  async flush(key: string): Promise<void> {
    const draft = this.open.get(key);
    if (!draft || draft.closed || draft.changedAt <= draft.savedAt) return;
    const said = draft.source.read();
    draft.source = { ...draft.source, read: () => said };
    await this.journal(draft);
    await this.save(draft);
  }

  /** The page goes away: whatever the server lacks, in a request that outlives the page. */
  flushOnHide(): void {
    for (const draft of this.open.values()) {
      if (draft.closed || draft.changedAt <= draft.savedAt) continue;
      void this.journal(draft);
      // a draft whose first save is under way has no id yet: a second POST would make two
      if (draft.sending && draft.draftId === null) continue;
      clearTimeout(draft.serverTimer);
      const request = writeDraft({ ...draft.source, ...draft.source.read(), draftId: draft.draftId });
      if (JSON.stringify(request.body).length > KEEPALIVE_BYTES) continue;
      void this.send(draft, request, { keepalive: true });
    }
  }

  /**
   * The answer is submitted (or thrown away): no more saves. The journal entry stays until `forget`, so that nothing is lost
   * before the outbox has it.
   */
  close(key: string): void {
    const draft = this.open.get(key);
    if (!draft) return;
    draft.closed = true;
    clearTimeout(draft.journalTimer);
    clearTimeout(draft.serverTimer);
  }

  async forget(userId: number, key: string): Promise<void> {
    await this.options.shelf.deleteEntry(userId, key);
    const draft = this.open.get(key);
    if (draft?.closed) this.open.delete(key);
  }

  /** Id of the draft on the server, after a save under way has ended. */
  async settledId(key: string): Promise<number | null> {
    const draft = this.open.get(key);
    await draft?.sending?.catch(() => undefined);
    if (draft?.draftId) return draft.draftId;
    if (this.leftovers.has(key)) await this.savingLeftovers;
    return this.leftovers.get(key) ?? null;
  }

  /** Sends what earlier visits could not: every unsaved entry that is not open here. Returns how many are left. */
  saveLeftovers(userId: number, except: ReadonlySet<string>): Promise<number> {
    const saving = this.savingLeftovers.then(() => this.sendLeftovers(userId, except));
    this.savingLeftovers = saving.catch(() => undefined);
    return saving;
  }

  private async sendLeftovers(userId: number, except: ReadonlySet<string>): Promise<number> {
    const all = await this.options.shelf.entriesOfUser(userId);
    const entries = all.filter((entry) => isUnsaved(entry) && !except.has(entry.key) && !this.open.has(entry.key));
    for (const entry of entries) this.leftovers.set(entry.key, entry.draftId);
    let left = entries.length;
    for (const entry of entries) {
      try {
        const draftId = await this.sendLeftover(entry, all);
        this.leftovers.set(entry.key, draftId);
        // edited or submitted meanwhile: then the entry here is old
        if (!this.open.has(entry.key) && (await this.options.shelf.entry(userId, entry.key))?.changedAt === entry.changedAt) {
          await this.options.shelf.putEntry({ ...entry, draftId, savedAt: entry.changedAt });
        }
        left -= 1;
      } catch (error) {
        if (error instanceof ApiError && error.isPassing) break;
      }
    }
    return left;
  }

  private async sendLeftover(entry: JournalEntry, all: readonly JournalEntry[]): Promise<number | null> {
    const ofTask = all.filter((other) => other.taskId === entry.taskId);
    // the answer to its first save may be what the last visit did not hear any more
    const draftId = entry.draftId ?? pairDrafts(ofTask, await this.options.api.drafts(entry.taskId)).get(entry)?.id ?? null;
    return draftIdIn(await this.options.api.send(writeDraft({ ...entry, draftId }))) ?? draftId;
  }

  retryFailed(): void {
    for (const draft of this.open.values()) if (draft.failed && !draft.closed) void this.save(draft);
  }

  dispose(): void {
    for (const key of this.open.keys()) this.close(key);
    this.open.clear();
  }

  // ------------------------------------------------------------ inside

  private opened(source: DraftSource): Open {
    const known = this.open.get(source.key);
    if (known && !known.closed) return known;
    const draft: Open = {
      source, draftId: source.draftId ?? this.leftovers.get(source.key) ?? null, changedAt: 0, savedAt: 0, journalTimer: undefined, writing: null, isStale: false, size: 0, serverTimer: undefined, sending: null, failed: false, closed: false,
    };
    this.open.set(source.key, draft);
    return draft;
  }

  /** Writes what is there now; resolves when it is on the disk. */
  private journal(draft: Open): Promise<void> {
    clearTimeout(draft.journalTimer);
    draft.journalTimer = undefined;
    draft.isStale = true;
    draft.writing ??= this.writeAll(draft).finally(() => (draft.writing = null));
    return draft.writing;
  }

  private async writeAll(draft: Open): Promise<void> {
    while (draft.isStale && !draft.closed) {
      draft.isStale = false;
      const { read, ...source } = draft.source;
      const said = read();
      draft.size = said.result.length;
      await this.options.shelf.putEntry({ ...source, ...said, draftId: draft.draftId, changedAt: draft.changedAt, savedAt: draft.savedAt });
    }
  }

  private async save(draft: Open): Promise<void> {
    clearTimeout(draft.serverTimer);
    if (draft.closed || draft.changedAt <= draft.savedAt) return;
    if (draft.sending) {
      await draft.sending;
      return this.save(draft);
    }
    await this.send(draft, writeDraft({ ...draft.source, ...draft.source.read(), draftId: draft.draftId }));
  }

  private send(draft: Open, request: ReturnType<typeof writeDraft>, how?: { keepalive: boolean }): Promise<void> {
    const upTo = draft.changedAt;
    const sending = this.options.api.send(request, how).then(
      (answer) => {
        draft.draftId = draftIdIn(answer) ?? draft.draftId;
        draft.savedAt = Math.max(draft.savedAt, upTo);
        draft.failed = false;
      },
      (error: unknown) => {
        draft.failed = true;
        // the draft is gone on the server (submitted or deleted elsewhere): the next save makes a new one
        if (error instanceof ApiError && error.status === 404) draft.draftId = null;
        if (!draft.closed) draft.serverTimer = setTimeout(() => void this.save(draft), RETRY_MS);
      },
    );
    draft.sending = sending.then(() => {
      draft.sending = null;
      void this.journal(draft);
      this.options.onChange?.();
    });
    this.options.onChange?.();
    return draft.sending;
  }
}

function draftIdIn(answer: unknown): number | null {
  return typeof answer === "object" && answer !== null && typeof (answer as { id?: unknown }).id === "number" ? (answer as { id: number }).id : null;
}
