/**
 * Finds what lies in a box among many thousand boxes: an R-tree packed along a Hilbert curve, plus the few boxes
 * that changed since it was packed. Packing 10 000 boxes takes some milliseconds and happens at the next search
 * after many changes, so that a drag or a new region never pays for it.
 *
 * Source: Kamel & Faloutsos (1993), "On packing R-trees"; layout of the arrays after flatbush (idea, not code).
 */
import { overlaps, type Bounds } from "./geometry";

const FANOUT = 16;
/** So many changed boxes are searched one by one before the tree is packed again. */
const LOOSE_LIMIT = 256;

interface Packed<Id> {
  readonly ids: readonly Id[];
  /** minX, minY, maxX, maxY per node; leaves first, root last. */
  readonly boxes: Float64Array;
  /** For a leaf: its place in `ids`; for an inner node: the place of its first child. */
  readonly links: Uint32Array;
  /** One past the last node of each level, leaves first. */
  readonly levelEnds: readonly number[];
}

export class SpatialIndex<Id> {
  private readonly all = new Map<Id, Bounds>();
  private readonly loose = new Set<Id>();
  private packed: Packed<Id> | null = null;
  /** In the tree, but moved or gone since. */
  private readonly stale = new Set<Id>();

  get size(): number {
    return this.all.size;
  }

  boundsOf(id: Id): Bounds | undefined {
    return this.all.get(id);
  }

  set(id: Id, bounds: Bounds): void {
    if (this.all.has(id) && !this.loose.has(id)) this.stale.add(id);
    this.all.set(id, bounds);
    this.loose.add(id);
  }

  delete(id: Id): void {
    if (!this.all.delete(id)) return;
    if (!this.loose.delete(id)) this.stale.add(id);
  }

  clear(): void {
    this.all.clear();
    this.loose.clear();
    this.stale.clear();
    this.packed = null;
  }

  /** Ids whose box touches `bounds`, in no particular order. */
  search(bounds: Bounds): Id[] {
    if (this.loose.size + this.stale.size > LOOSE_LIMIT) this.pack();
    const found: Id[] = [];
    if (this.packed) searchPacked(this.packed, bounds, (id) => !this.stale.has(id) && found.push(id));
    for (const id of this.loose) {
      const box = this.all.get(id);
      if (box && overlaps(box, bounds)) found.push(id);
    }
    return found;
  }

  private pack(): void {
    this.packed = this.all.size > 0 ? pack(this.all) : null;
    this.loose.clear();
    this.stale.clear();
  }
}

function pack<Id>(all: ReadonlyMap<Id, Bounds>): Packed<Id> {
  const ids: Id[] = [];
  const bounds: Bounds[] = [];
  let world: Bounds = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
  for (const [id, b] of all) {
    ids.push(id);
    bounds.push(b);
    world = {
      minX: Math.min(world.minX, b.minX),
      minY: Math.min(world.minY, b.minY),
      maxX: Math.max(world.maxX, b.maxX),
      maxY: Math.max(world.maxY, b.maxY),
    };
  }
  const order = hilbertOrder(bounds, world);
  const levelEnds = levelsFor(ids.length);
  const nodes = levelEnds[levelEnds.length - 1] ?? 0;
  const boxes = new Float64Array(nodes * 4);
  const links = new Uint32Array(nodes);
  order.forEach((from, to) => {
    const b = bounds[from];
    if (b) boxes.set([b.minX, b.minY, b.maxX, b.maxY], to * 4);
    links[to] = from;
  });
  fillInnerNodes(boxes, links, levelEnds);
  return { ids, boxes, links, levelEnds };
}

function levelsFor(leaves: number): number[] {
  const ends = [leaves];
  let count = leaves;
  while (count > 1) {
    count = Math.ceil(count / FANOUT);
    ends.push((ends[ends.length - 1] ?? 0) + count);
  }
  return ends;
}

function fillInnerNodes(boxes: Float64Array, links: Uint32Array, levelEnds: readonly number[]): void {
  let child = 0;
  for (let level = 0; level + 1 < levelEnds.length; level++) {
    const end = levelEnds[level] ?? 0;
    for (let node = end; child < end; node++) {
      links[node] = child;
      let minX = Infinity;
      let minY = Infinity;
      let maxX = -Infinity;
      let maxY = -Infinity;
      for (let k = 0; k < FANOUT && child < end; k++, child++) {
        minX = Math.min(minX, at(boxes, child * 4));
        minY = Math.min(minY, at(boxes, child * 4 + 1));
        maxX = Math.max(maxX, at(boxes, child * 4 + 2));
        maxY = Math.max(maxY, at(boxes, child * 4 + 3));
      }
      boxes.set([minX, minY, maxX, maxY], node * 4);
    }
  }
}

const at = (array: Float64Array | Uint32Array, index: number): number => array[index] ?? 0;

function searchPacked<Id>(tree: Packed<Id>, q: Bounds, found: (id: Id) => void): void {
  const { boxes, links, levelEnds, ids } = tree;
  const top = levelEnds.length - 1;
  const stack: [node: number, level: number][] = [[(levelEnds[top] ?? 1) - 1, top]];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const [node, level] = next;
    if (at(boxes, node * 4) > q.maxX || at(boxes, node * 4 + 1) > q.maxY || at(boxes, node * 4 + 2) < q.minX || at(boxes, node * 4 + 3) < q.minY) continue;
    const link = at(links, node);
    if (level === 0) {
      found(ids[link] as Id);
      continue;
    }
    const end = Math.min(link + FANOUT, levelEnds[level - 1] ?? 0);
    for (let child = link; child < end; child++) stack.push([child, level - 1]);
  }
}

function hilbertOrder(bounds: readonly Bounds[], world: Bounds): number[] {
  const width = world.maxX - world.minX || 1;
  const height = world.maxY - world.minY || 1;
  const keys = bounds.map((b) =>
    hilbert(
      Math.floor((65535 * ((b.minX + b.maxX) / 2 - world.minX)) / width),
      Math.floor((65535 * ((b.minY + b.maxY) / 2 - world.minY)) / height),
    ),
  );
  return bounds.map((_, i) => i).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
}

/** Distance along a Hilbert curve of order 16. Source: Hamilton (2006), "Compact Hilbert indices", the 2-D case. */
function hilbert(x: number, y: number): number {
  let d = 0;
  for (let s = 32768; s > 0; s >>= 1) {
    const rx = (x & s) > 0 ? 1 : 0;
    const ry = (y & s) > 0 ? 1 : 0;
    d += s * s * ((3 * rx) ^ ry);
    if (ry === 0) {
      if (rx === 1) {
        x = 65535 - x;
        y = 65535 - y;
      }
      const swap = x;
      x = y;
      y = swap;
    }
  }
  return d;
}
