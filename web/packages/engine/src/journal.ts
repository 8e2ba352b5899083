/**
 * Every change of an annotation, written to IndexedDB at once: what survives a crash, a reload or a lost network.
 * One record per change holds only what changed; reading them in order rebuilds the document and its undo history.
 */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import { emptyDoc } from "./document";
import type { AnnotationDoc, Answer, Change, ChangeOrigin, Editor, Region, RegionId, ReplayStep } from "./types";

/** What one change did to the document. Parts that did not change are absent. */
interface Patch {
  readonly regions?: readonly Region[];
  readonly deleted?: readonly RegionId[];
  /** Order of all regions, when it is not "the new ones last". */
  readonly order?: readonly RegionId[];
  readonly relations?: AnnotationDoc["relations"];
  readonly answers?: readonly (readonly [string, Answer])[];
  readonly orphans?: AnnotationDoc["orphans"];
}

interface StoredStep {
  readonly key: string;
  readonly at_ms: number;
  readonly name: string;
  readonly origin: ChangeOrigin;
  readonly patch: Patch;
}

interface Schema extends DBSchema {
  steps: { key: number; value: StoredStep; indexes: { key: string } };
}

export interface JournalEntry {
  readonly steps: readonly ReplayStep[];
  /** When the last change was made. */
  readonly at_ms: number;
}

export interface Journal {
  /** What was recorded under `key`, or null. */
  read(key: string): Promise<JournalEntry | null>;
  /**
   * Record every change of `editor` under `key`. Starts over with its present document, unless it `continues` what was
   * read from the same key. Returns the function that stops.
   */
  follow(editor: Editor, key: string, how?: { continues?: boolean }): () => void;
  /** Forget `key`: its answer is safe on the server. */
  clear(key: string): Promise<void>;
  /** All recorded keys, latest change first. */
  keys(): Promise<readonly string[]>;
  /** Resolves when all changes so far are on disk. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the journal of this browser. Rejects where IndexedDB is not allowed (some private windows). */
export async function openJournal(database = "labelwright-journal"): Promise<Journal> {
  const db = await openDB<Schema>(database, 1, {
    upgrade(created) {
      created.createObjectStore("steps", { autoIncrement: true }).createIndex("key", "key");
    },
  });
  return new DatabaseJournal(db);
}

class DatabaseJournal implements Journal {
  /** Writes one after the other, so that steps keep their order. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly db: IDBPDatabase<Schema>) {}

  async read(key: string): Promise<JournalEntry | null> {
    await this.settled();
    const stored = await this.db.getAllFromIndex("steps", "key", key);
    if (stored.length === 0) return null;
    let doc = emptyDoc;
    const steps = stored.map(({ name, origin, patch }) => ({ name, origin, doc: (doc = patched(doc, patch)) }));
    return { steps, at_ms: stored.at(-1)?.at_ms ?? 0 };
  }

  follow(editor: Editor, key: string, { continues = false } = {}): () => void {
    let written = continues;
    return editor.onChange((change) => {
      // The first change also records what it started from; "load" makes the older steps meaningless.
      if (!written && change.origin !== "load") this.append(key, stepOf({ ...change, name: "Start", origin: "load", before: emptyDoc, after: change.before }), true);
      this.append(key, stepOf(change), change.origin === "load");
      written = true;
    });
  }

  private append(key: string, step: Omit<StoredStep, "key">, startsOver: boolean): void {
    this.queue = this.queue.then(async () => {
      const transaction = this.db.transaction("steps", "readwrite");
      if (startsOver) for (const old of await transaction.store.index("key").getAllKeys(key)) await transaction.store.delete(old);
      await transaction.store.add({ key, ...step });
      await transaction.done;
    }).catch((error: unknown) => console.error("The change could not be journaled", error));
  }

  async clear(key: string): Promise<void> {
    this.queue = this.queue.then(async () => {
      const transaction = this.db.transaction("steps", "readwrite");
      for (const old of await transaction.store.index("key").getAllKeys(key)) await transaction.store.delete(old);
      await transaction.done;
    });
    await this.queue;
  }

  async keys(): Promise<readonly string[]> {
    const stored = await this.db.getAll("steps");
    return [...new Set(stored.toReversed().map((step) => step.key))];
  }

  async settled(): Promise<void> {
    await this.queue;
  }

  async close(): Promise<void> {
    await this.settled();
    this.db.close();
  }
}

function stepOf(change: Change): Omit<StoredStep, "key"> {
  const isWhole = change.origin === "load";
  const before = isWhole ? emptyDoc : change.before;
  return { at_ms: Date.now(), name: change.name, origin: change.origin, patch: patchBetween(before, change.after) };
}

function patchBetween(before: AnnotationDoc, after: AnnotationDoc): Patch {
  const regions = [...after.regions.values()].filter((region) => before.regions.get(region.id) !== region);
  const deleted = [...before.regions.keys()].filter((id) => !after.regions.has(id));
  const kept = [...before.regions.keys()].filter((id) => after.regions.has(id));
  const created = regions.filter((region) => !before.regions.has(region.id)).map((region) => region.id);
  const natural = [...kept, ...created];
  const actual = [...after.regions.keys()];
  return {
    ...(regions.length > 0 ? { regions } : {}),
    ...(deleted.length > 0 ? { deleted } : {}),
    ...(actual.some((id, index) => id !== natural[index]) ? { order: actual } : {}),
    ...(before.relations !== after.relations ? { relations: after.relations } : {}),
    ...(before.answers !== after.answers ? { answers: [...after.answers] } : {}),
    ...(before.orphans !== after.orphans ? { orphans: after.orphans } : {}),
  };
}

function patched(doc: AnnotationDoc, patch: Patch): AnnotationDoc {
  let regions = doc.regions;
  if (patch.regions || patch.deleted || patch.order) {
    const next = new Map(regions);
    for (const id of patch.deleted ?? []) next.delete(id);
    for (const region of patch.regions ?? []) next.set(region.id, region);
    regions = patch.order ? new Map(patch.order.flatMap((id) => (next.has(id) ? [[id, next.get(id) as Region]] : []))) : next;
  }
  return { regions, relations: patch.relations ?? doc.relations, answers: patch.answers ? new Map(patch.answers) : doc.answers, orphans: patch.orphans ?? doc.orphans };
}
