/** Who wants to know what: the lists of listeners, and the rules by which each is called. */
import type { Change, RegionId, Session } from "./types";

type Stop = () => void;

export class Observers {
  private readonly change = new Set<(change: Change) => void>();
  private readonly session = new Set<(session: Session) => void>();
  private readonly notice = new Set<(message: string) => void>();
  private readonly region = new Map<RegionId, Set<() => void>>();

  onChange(f: (change: Change) => void): Stop {
    return listen(this.change, f);
  }

  onSession(f: (session: Session) => void): Stop {
    return listen(this.session, f);
  }

  onNotice(f: (message: string) => void): Stop {
    return listen(this.notice, f);
  }

  onRegion(id: RegionId, f: () => void): Stop {
    const listeners = this.region.get(id) ?? new Set();
    this.region.set(id, listeners.add(f));
    return () => {
      listeners.delete(f);
      if (listeners.size === 0 && this.region.get(id) === listeners) this.region.delete(id);
    };
  }

  /** Regions first, so that a list that reads them on the document's change finds them up to date. */
  changed(change: Change): void {
    for (const ids of [change.created, change.updated, change.deleted]) ids.forEach((id) => this.regionTouched(id));
    for (const listener of [...this.change]) listener(change);
  }

  regionTouched(id: RegionId): void {
    for (const listener of [...(this.region.get(id) ?? [])]) listener();
  }

  /** Only the regions whose own state changed are told. */
  sessionChanged(before: Session, after: Session): void {
    const touched = new Set<RegionId>([...difference(before.selection, after.selection), ...difference(before.hidden, after.hidden)]);
    if (before.hovered !== after.hovered) for (const id of [before.hovered, after.hovered]) if (id !== null) touched.add(id);
    touched.forEach((id) => this.regionTouched(id));
    for (const listener of [...this.session]) listener(after);
  }

  notified(message: string): void {
    for (const listener of [...this.notice]) listener(message);
  }

  clear(): void {
    this.change.clear();
    this.session.clear();
    this.notice.clear();
    this.region.clear();
  }
}

function listen<T>(set: Set<T>, f: T): Stop {
  set.add(f);
  return () => set.delete(f);
}

function difference<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): T[] {
  if (a === b) return [];
  return [...[...a].filter((each) => !b.has(each)), ...[...b].filter((each) => !a.has(each))];
}
