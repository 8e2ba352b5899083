/**
 * What this device remembers (IndexedDB): unsent parcels, answers in progress, ids of submits that arrived, the trail of my
 * last tasks. Where IndexedDB is refused (private windows) the same in memory: `isLasting` says which.
 */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { JournalEntry, Parcel } from "./model";

/** Which annotation a submit became. */
export interface Receipt {
  readonly uniqueId: string;
  readonly annotationId: number;
  readonly at: number;
}

/** The tasks I was at, oldest first, at most 200. */
export interface Trail {
  readonly key: string;
  readonly taskIds: readonly number[];
}

interface Stores extends DBSchema {
  parcels: { key: number; value: Parcel; indexes: { user: number } };
  journal: { key: [number, string]; value: JournalEntry; indexes: { task: [number, number]; user: number } };
  receipts: { key: string; value: Receipt };
  trails: { key: string; value: Trail };
}

export interface Shelf {
  readonly isLasting: boolean;
  /** Adds a parcel at the end; gives it back with its id. */
  addParcel(parcel: Omit<Parcel, "id">): Promise<Parcel>;
  putParcel(parcel: Parcel): Promise<void>;
  deleteParcel(id: number): Promise<void>;
  /** Of this user, in the order of sending. */
  parcels(userId: number): Promise<Parcel[]>;
  putEntry(entry: JournalEntry): Promise<void>;
  deleteEntry(userId: number, key: string): Promise<void>;
  entry(userId: number, key: string): Promise<JournalEntry | undefined>;
  entriesOfTask(userId: number, taskId: number): Promise<JournalEntry[]>;
  entriesOfUser(userId: number): Promise<JournalEntry[]>;
  putReceipt(receipt: Receipt): Promise<void>;
  receipt(uniqueId: string): Promise<Receipt | undefined>;
  putTrail(trail: Trail): Promise<void>;
  trail(key: string): Promise<Trail | undefined>;
  close(): void;
}

export const SHELF_NAME = "labelwright-labeling";

export async function openShelf(name: string = SHELF_NAME): Promise<Shelf> {
  try {
    return lastingShelf(await openDatabase(name));
  } catch {
    return memoryShelf();
  }
}

function openDatabase(name: string): Promise<IDBPDatabase<Stores>> {
  return openDB<Stores>(name, 1, {
    upgrade(db) {
      db.createObjectStore("parcels", { keyPath: "id", autoIncrement: true }).createIndex("user", "userId");
      const journal = db.createObjectStore("journal", { keyPath: ["userId", "key"] });
      journal.createIndex("task", ["userId", "taskId"]);
      journal.createIndex("user", "userId");
      db.createObjectStore("receipts", { keyPath: "uniqueId" });
      db.createObjectStore("trails", { keyPath: "key" });
    },
    // a newer version of the app wants to upgrade in another tab: let it
    blocking: (_current, _wanted, event) => (event.target as IDBDatabase).close(),
  });
}

function lastingShelf(db: IDBPDatabase<Stores>): Shelf {
  return {
    isLasting: true,
    addParcel: async (parcel) => ({ ...parcel, id: await db.add("parcels", parcel as Parcel) }),
    putParcel: async (parcel) => void (await db.put("parcels", parcel)),
    deleteParcel: (id) => db.delete("parcels", id),
    parcels: (userId) => db.getAllFromIndex("parcels", "user", userId),
    putEntry: async (entry) => void (await db.put("journal", entry)),
    deleteEntry: (userId, key) => db.delete("journal", [userId, key]),
    entry: (userId, key) => db.get("journal", [userId, key]),
    entriesOfTask: (userId, taskId) => db.getAllFromIndex("journal", "task", [userId, taskId]),
    entriesOfUser: (userId) => db.getAllFromIndex("journal", "user", userId),
    putReceipt: async (receipt) => void (await db.put("receipts", receipt)),
    receipt: (uniqueId) => db.get("receipts", uniqueId),
    putTrail: async (trail) => void (await db.put("trails", trail)),
    trail: (key) => db.get("trails", key),
    close: () => db.close(),
  };
}

export function memoryShelf(): Shelf {
  const parcels = new Map<number, Parcel>();
  const journal = new Map<string, JournalEntry>();
  const receipts = new Map<string, Receipt>();
  const trails = new Map<string, Trail>();
  let lastId = 0;
  const entries = (keep: (entry: JournalEntry) => boolean) => Promise.resolve([...journal.values()].filter(keep));
  const done = () => Promise.resolve();
  return {
    isLasting: false,
    addParcel: (parcel) => {
      const added = { ...parcel, id: ++lastId };
      parcels.set(added.id, added);
      return Promise.resolve(added);
    },
    putParcel: (parcel) => (parcels.set(parcel.id, parcel), done()),
    deleteParcel: (id) => (parcels.delete(id), done()),
    parcels: (userId) => Promise.resolve([...parcels.values()].filter((parcel) => parcel.userId === userId).sort((a, b) => a.id - b.id)),
    putEntry: (entry) => (journal.set(`${entry.userId}/${entry.key}`, entry), done()),
    deleteEntry: (userId, key) => (journal.delete(`${userId}/${key}`), done()),
    entry: (userId, key) => Promise.resolve(journal.get(`${userId}/${key}`)),
    entriesOfTask: (userId, taskId) => entries((entry) => entry.userId === userId && entry.taskId === taskId),
    entriesOfUser: (userId) => entries((entry) => entry.userId === userId),
    putReceipt: (receipt) => (receipts.set(receipt.uniqueId, receipt), done()),
    receipt: (uniqueId) => Promise.resolve(receipts.get(uniqueId)),
    putTrail: (trail) => (trails.set(trail.key, trail), done()),
    trail: (key) => Promise.resolve(trails.get(key)),
    close: () => undefined,
  };
}
