/** One at a time, over all tabs of this browser. */
export type Exclusive = <T>(f: () => Promise<T>) => Promise<T>;

/**
 * Runs under a Web Lock where there are any. Plain http has none: then one at a time within this tab, and the server's
 * idempotency key keeps two tabs from storing one answer twice.
 */
export function exclusiveByName(name: string, locks: LockManager | undefined = globalThis.navigator?.locks): Exclusive {
  if (locks) return <T>(f: () => Promise<T>) => locks.request(name, f) as Promise<T>;
  return exclusiveHere();
}

export function exclusiveHere(): Exclusive {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(f: () => Promise<T>): Promise<T> => {
    const run = last.then(f, f);
    last = run.catch(() => undefined);
    return run;
  };
}
