/**
 * Which tasks are open (or fetched ahead) in which tab of this browser, so that two tabs do not label the same task.
 *
 * The server leases tasks per person, not per tab; this small table in localStorage keeps my own tabs apart. A tab holds a Web
 * Lock of its own name as long as it lives, so the line of a closed or crashed tab is known to be dead at once. Plain http has
 * no locks: there a line is renewed every BEAT_MS and dead when older than STALE_MS (hidden tabs may run timers once a minute).
 */
const KEY = "labelwright-claims";
const LOCK = "labelwright-tab-";
const BEAT_MS = 20_000;
const STALE_MS = 180_000;

interface Line {
  readonly tasks: readonly number[];
  readonly at: number;
}

export interface Claims {
  /** This tab's tasks from now on. */
  set(taskIds: readonly number[]): void;
  /** Tasks of the other tabs that are alive. */
  others(): Promise<readonly number[]>;
  release(): void;
}

type Storage = Pick<globalThis.Storage, "getItem" | "setItem">;

export function openClaims(storage: Storage, tabId: string, locks: LockManager | undefined = undefined, now: () => number = Date.now): Claims {
  let mine: readonly number[] = [];
  // held until the page is gone
  void locks?.request(LOCK + tabId, () => new Promise<void>(() => undefined)).catch(() => undefined);

  const read = (): Record<string, Line> => {
    try {
      const table = JSON.parse(storage.getItem(KEY) ?? "{}") as Record<string, Line>;
      return Object.fromEntries(Object.entries(table).filter(([, line]) => now() - line.at < STALE_MS));
    } catch {
      return {};
    }
  };
  const write = (table: Record<string, Line>) => {
    try {
      storage.setItem(KEY, JSON.stringify(table));
    } catch {
      // storage full or forbidden: tabs are not kept apart, the server's idempotency key still is
    }
  };
  const beat = () => write({ ...read(), [tabId]: { tasks: mine, at: now() } });
  const timer = setInterval(() => mine.length > 0 && beat(), BEAT_MS);
  if (typeof timer === "object") timer.unref?.();

  return {
    set: (taskIds) => {
      mine = taskIds;
      beat();
    },
    others: async () => {
      const alive = await livingTabs(locks);
      return Object.entries(read()).flatMap(([tab, line]) => (tab === tabId || (alive && !alive.has(LOCK + tab)) ? [] : line.tasks));
    },
    release: () => {
      mine = [];
      const { [tabId]: _gone, ...rest } = read();
      write(rest);
    },
  };
}

async function livingTabs(locks: LockManager | undefined): Promise<ReadonlySet<string> | null> {
  if (!locks) return null;
  const { held = [] } = await locks.query();
  return new Set(held.map((lock) => lock.name ?? ""));
}

/** For one tab alone (tests, embedded use). */
export const noClaims: Claims = { set: () => undefined, others: () => Promise.resolve([]), release: () => undefined };
