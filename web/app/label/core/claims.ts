/**
 * Which tasks are open (or fetched ahead) in which tab of this browser, so that two tabs do not label the same task.
 *
 * The server leases tasks per person, not per tab; this small table in localStorage keeps my own tabs apart. A tab renews its
 * line every BEAT_MS; a line older than STALE_MS belongs to a tab that died (hidden tabs may run timers once a minute only).
 */
const KEY = "labelwright-claims";
const BEAT_MS = 20_000;
const STALE_MS = 180_000;

interface Line {
  readonly tasks: readonly number[];
  readonly at: number;
}

export interface Claims {
  /** This tab's tasks from now on. */
  set(taskIds: readonly number[]): void;
  /** Tasks of the other tabs. */
  others(): number[];
  release(): void;
}

export function openClaims(storage: Pick<Storage, "getItem" | "setItem">, tabId: string, now: () => number = Date.now): Claims {
  let mine: readonly number[] = [];

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
    others: () => Object.entries(read()).flatMap(([tab, line]) => (tab === tabId ? [] : line.tasks)),
    release: () => {
      clearInterval(timer);
      mine = [];
      const { [tabId]: _gone, ...rest } = read();
      write(rest);
    },
  };
}

/** For one tab alone (tests, embedded use). */
export const noClaims: Claims = { set: () => undefined, others: () => [], release: () => undefined };
