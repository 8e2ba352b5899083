/**
 * Points, sizes and boxes on an image. All lengths are natural image pixels unless a name says `screen` or `percent`.
 * Rotation is clockwise degrees, as the y axis points down.
 */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** An axis-aligned box, min ≤ max. */
export interface Bounds {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** A box turned about its top-left corner (x, y), as Label Studio stores rectangles, but in pixels. */
export interface BoxPx {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly rotation: number;
}

export type Corners = readonly [Point, Point, Point, Point];

export const clamp = (value: number, min: number, max: number): number => Math.min(Math.max(value, min), max);

export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

/** `p` turned by `degrees` about `about`. Quarter turns are exact. */
export function rotatePoint(p: Point, about: Point, degrees: number): Point {
  if (degrees === 0) return p;
  const { cos, sin } = cosSin(degrees);
  const dx = p.x - about.x;
  const dy = p.y - about.y;
  return { x: about.x + dx * cos - dy * sin, y: about.y + dx * sin + dy * cos };
}

const QUARTERS: readonly (readonly [number, number])[] = [[1, 0], [0, 1], [-1, 0], [0, -1]];

function cosSin(degrees: number): { cos: number; sin: number } {
  const quarter = degrees / 90;
  const exact = Number.isInteger(quarter) ? QUARTERS[((quarter % 4) + 4) % 4] : undefined;
  if (exact) return { cos: exact[0], sin: exact[1] };
  const angle = (degrees * Math.PI) / 180;
  return { cos: Math.cos(angle), sin: Math.sin(angle) };
}

/** Angle in [0, 360). */
export const normalizeDegrees = (degrees: number): number => ((degrees % 360) + 360) % 360;

/** Corners of a turned box: top-left, top-right, bottom-right, bottom-left as seen before the turn. */
export function cornersOf(box: BoxPx): Corners {
  const origin = { x: box.x, y: box.y };
  const at = (dx: number, dy: number): Point => rotatePoint({ x: box.x + dx, y: box.y + dy }, origin, box.rotation);
  return [origin, at(box.width, 0), at(box.width, box.height), at(0, box.height)];
}

export function centreOf(box: BoxPx): Point {
  return rotatePoint({ x: box.x + box.width / 2, y: box.y + box.height / 2 }, { x: box.x, y: box.y }, box.rotation);
}

/** The smallest upright box around the points. Raises RangeError when there are none. */
export function boundsOf(points: readonly Point[]): Bounds {
  if (points.length === 0) throw new RangeError("boundsOf needs at least one point");
  let minX = Infinity;
  let minY = Infinity;
  let maxX = -Infinity;
  let maxY = -Infinity;
  for (const p of points) {
    minX = Math.min(minX, p.x);
    minY = Math.min(minY, p.y);
    maxX = Math.max(maxX, p.x);
    maxY = Math.max(maxY, p.y);
  }
  return { minX, minY, maxX, maxY };
}

export function boxBounds(box: BoxPx): Bounds {
  if (box.rotation === 0) return { minX: box.x, minY: box.y, maxX: box.x + box.width, maxY: box.y + box.height };
  return boundsOf(cornersOf(box));
}

export const overlaps = (a: Bounds, b: Bounds): boolean =>
  a.minX <= b.maxX && a.maxX >= b.minX && a.minY <= b.maxY && a.maxY >= b.minY;

export const growBounds = (b: Bounds, by: number): Bounds => ({
  minX: b.minX - by,
  minY: b.minY - by,
  maxX: b.maxX + by,
  maxY: b.maxY + by,
});

export const unionBounds = (a: Bounds, b: Bounds): Bounds => ({
  minX: Math.min(a.minX, b.minX),
  minY: Math.min(a.minY, b.minY),
  maxX: Math.max(a.maxX, b.maxX),
  maxY: Math.max(a.maxY, b.maxY),
});

/** Whether `p` lies in the turned box grown by `tolerance`. */
export function boxContains(box: BoxPx, p: Point, tolerance = 0): boolean {
  const local = rotatePoint(p, { x: box.x, y: box.y }, -box.rotation);
  return (
    local.x >= box.x - tolerance &&
    local.x <= box.x + box.width + tolerance &&
    local.y >= box.y - tolerance &&
    local.y <= box.y + box.height + tolerance
  );
}

/** Whether the turned box and the upright box share a point (separating axes: the two of each). */
export function boxTouches(box: BoxPx, bounds: Bounds): boolean {
  if (!overlaps(boxBounds(box), bounds)) return false;
  if (box.rotation === 0) return true;
  const origin = { x: box.x, y: box.y };
  const local = boundsOf(cornersOf(upright(bounds)).map((p) => rotatePoint(p, origin, -box.rotation)));
  return overlaps(local, { minX: box.x, minY: box.y, maxX: box.x + box.width, maxY: box.y + box.height });
}

/** Bounds as a box without rotation. */
export const upright = (b: Bounds): BoxPx => ({ x: b.minX, y: b.minY, width: b.maxX - b.minX, height: b.maxY - b.minY, rotation: 0 });

/** The upright box between two opposite corners, in any order. */
export const boxBetween = (a: Point, b: Point): BoxPx => upright(boundsOf([a, b]));
