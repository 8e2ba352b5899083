/** Spans by place: which lie over an offset, and on which underline lane each is drawn. */

export interface Placed {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Spans in order of their start, with the furthest end so far beside each: a search walks back only as far as a span
 * may still reach. Changes are collected and sorted in at the next search.
 */
export class SpanIndex<S extends Placed = Placed> {
  private readonly byId = new Map<string, S>();
  private sorted: S[] | null = null;
  private reach: number[] = [];

  get size(): number {
    return this.byId.size;
  }

  get(id: string): S | undefined {
    return this.byId.get(id);
  }

  /** In order of start; of two that start together the longer one first. */
  all(): readonly S[] {
    if (this.sorted) return this.sorted;
    this.sorted = [...this.byId.values()].sort((a, b) => a.start - b.start || b.end - a.end);
    let furthest = 0;
    this.reach = this.sorted.map((span) => (furthest = Math.max(furthest, span.end)));
    return this.sorted;
  }

  set(span: S): void {
    this.byId.set(span.id, span);
    this.sorted = null;
  }

  delete(id: string): void {
    if (this.byId.delete(id)) this.sorted = null;
  }

  clear(): void {
    this.byId.clear();
    this.sorted = null;
  }

  /** Spans that share at least one code unit with start–end, in order of start. */
  touching(start: number, end: number): S[] {
    const all = this.all();
    const found: S[] = [];
    for (let i = firstFrom(all, end) - 1; i >= 0 && (this.reach[i] ?? 0) > start; i--) {
      const span = all[i];
      if (span && span.end > start) found.push(span);
    }
    return found.reverse();
  }

  /** Spans over the code unit at `offset`, shortest first. */
  at(offset: number): S[] {
    return this.touching(offset, offset + 1).sort((a, b) => a.end - a.start - (b.end - b.start));
  }

  /** All spans that hang together with start–end by overlaps. */
  cluster(start: number, end: number): S[] {
    for (;;) {
      const found = this.touching(start, end);
      const from = Math.min(start, ...found.map((span) => span.start));
      const to = Math.max(end, ...found.map((span) => span.end));
      if (from === start && to === end) return found;
      [start, end] = [from, to];
    }
  }
}

/** Place of the first span that starts at `offset` or later. */
function firstFrom(sorted: readonly Placed[], offset: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Lanes that are drawn; spans beyond show as "+n". */
export const LANES = 3;

/** Lanes of all spans, given in order of start (as `SpanIndex.all` gives them). */
export function assignAllLanes(sorted: readonly Placed[]): Map<string, number> {
  const lanes = new Map<string, number>();
  let cluster: Placed[] = [];
  let reach = -1;
  const close = (): void => {
    for (const [id, lane] of assignLanes(cluster)) lanes.set(id, lane);
    cluster = [];
  };
  for (const span of sorted) {
    if (span.start >= reach) close();
    cluster.push(span);
    reach = Math.max(cluster.length === 1 ? 0 : reach, span.end);
  }
  close();
  return lanes;
}

/**
 * The underline lane of each span, 0 next to the letters: overlapping spans never share one. Shorter spans come nearer
 * to the letters, so that nested ones look nested.
 */
export function assignLanes(spans: readonly Placed[]): Map<string, number> {
  const lanes = new Map<string, number>();
  const taken: Placed[][] = [];
  const order = [...spans].sort((a, b) => a.end - a.start - (b.end - b.start) || a.start - b.start || (a.id < b.id ? -1 : 1));
  for (const span of order) {
    let lane = taken.findIndex((row) => row.every((other) => other.end <= span.start || other.start >= span.end));
    if (lane < 0) lane = taken.push([]) - 1;
    taken[lane]?.push(span);
    lanes.set(span.id, lane);
  }
  return lanes;
}
