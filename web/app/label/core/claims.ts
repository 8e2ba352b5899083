/**
 * Which tasks are open (or fetched ahead) in which tab of this browser, so that two tabs do not label the same task.
 *
 * The server leases tasks per person, not per tab; lines in localStorage, one per tab, keep my own tabs apart. A tab holds a
 * Web Lock of its own name as long as it lives, so the line of a closed or crashed tab is known to be dead at once. Plain http
 * has no locks: there a line is renewed every BEAT_MS and dead when older than STALE_MS (hidden tabs may run timers once a
 * minute). Two tabs that are handed the same task at the same moment: the earlier claim keeps it.
 */
const PREFIX = "labelwright-claims/";
const BEAT_MS = 20_000;
const STALE_MS = 180_000;

interface Line {
  /** When each task was claimed, ms since the epoch, by task id. */
  readonly tasks: Readonly<Record<number, number>>;
  readonly beat: number;
}

export interface Claims {
  /** Exactly these are this tab's tasks from now on. */
  set(taskIds: readonly number[]): void;
  /** Claims one more; false when another tab claimed it before. */
  take(taskId: number): Promise<boolean>;
  /** Tasks of the other tabs that are alive. */
  others(): Promise<readonly number[]>;
  release(): void;
}

export type ClaimStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

export function openClaims(storage: ClaimStorage, tabId: string, locks?: LockManager, now: () => number = Date.now): Claims {
  let mine: Readonly<Record<number, number>> = {};
  // held until the page is gone
  void locks?.request(PREFIX + tabId, () => new Promise<void>(() => undefined)).catch(() => undefined);

  const write = () => {
    try {
      if (Object.keys(mine).length === 0) storage.removeItem(PREFIX + tabId);
      else storage.setItem(PREFIX + tabId, JSON.stringify({ tasks: mine, beat: now() } satisfies Line));
    } catch {
      // storage full or forbidden: tabs are not kept apart
    }
  };
  const timer = setInterval(write, BEAT_MS);
  if (typeof timer === "object") timer.unref?.();

  async function otherLines(): Promise<[tab: string, line: Line][]> {
    const alive = await livingTabs(locks);
    const names = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
    return names
      .filter((name) => name.startsWith(PREFIX) && name !== PREFIX + tabId)
      .flatMap((name): [string, Line][] => {
        const line = readLine(storage.getItem(name));
        if (line && now() - line.beat < STALE_MS && (!alive || alive.has(name))) return [[name.slice(PREFIX.length), line]];
        storage.removeItem(name);
        return [];
      });
  }

  return {
    set: (taskIds) => {
      mine = Object.fromEntries(taskIds.map((id) => [id, mine[id] ?? now()]));
      write();
    },
    take: async (taskId) => {
      const at = mine[taskId] ?? now();
      mine = { ...mine, [taskId]: at };
      write();
      const isTaken = (await otherLines()).some(([tab, { tasks }]) => {
        const theirs = tasks[taskId];
        return theirs !== undefined && (theirs < at || (theirs === at && tab < tabId));
      });
      if (!isTaken) return true;
      const { [taskId]: _lost, ...rest } = mine;
      mine = rest;
      write();
      return false;
    },
    others: async () => (await otherLines()).flatMap(([, { tasks }]) => Object.keys(tasks).map(Number)),
    release: () => {
      mine = {};
      write();
    },
  };
}

function readLine(text: string | null): Line | null {
  try {
    const line = JSON.parse(text ?? "null") as Partial<Line> | null;
    return typeof line?.beat === "number" && typeof line.tasks === "object" ? (line as Line) : null;
  } catch {
    return null;
  }
}

async function livingTabs(locks: LockManager | undefined): Promise<ReadonlySet<string> | null> {
  if (!locks) return null;
  const { held = [], pending = [] } = await locks.query();
  return new Set([...held, ...pending].map((lock) => lock.name ?? ""));
}

/** For one tab alone (tests, embedded use). */
export const noClaims: Claims = { set: () => undefined, take: () => Promise.resolve(true), others: () => Promise.resolve([]), release: () => undefined };
