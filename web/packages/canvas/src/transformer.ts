/** The eight grips and the rotation grip of a turned box, and what dragging one does to it. Image pixels throughout. */
import { centreOf, clamp, distance, normalizeDegrees, rotatePoint, type BoxPx, type Point } from "./geometry";
import type { Handle, ReshapeOptions } from "./shape";

/** Distance of the rotation grip from the upper edge, in screen pixels. */
const ROTATE_REACH = 22;

/** Unit position of each grip on the box. */
const GRIPS: Readonly<Record<string, readonly [number, number]>> = {
  nw: [0, 0], n: [0.5, 0], ne: [1, 0], e: [1, 0.5], se: [1, 1], s: [0.5, 1], sw: [0, 1], w: [0, 0.5],
};

/** Cursors at every 45°, clockwise from "up". */
const CURSORS = ["ns-resize", "nesw-resize", "ew-resize", "nwse-resize"] as const;
const CLOCK = ["n", "ne", "e", "se", "s", "sw", "w", "nw"];

/** The resize cursor of a grip on a box that appears turned by `degrees` on the screen. */
export function resizeCursor(grip: string, degrees: number): string {
  const eighth = CLOCK.indexOf(grip) + Math.round(degrees / 45);
  return CURSORS[((eighth % 4) + 4) % 4] ?? "move";
}

export function boxHandles(box: BoxPx, scale: number, canRotate: boolean): Handle[] {
  const origin = { x: box.x, y: box.y };
  const at = (u: number, v: number): Point => rotatePoint({ x: box.x + u * box.width, y: box.y + v * box.height }, origin, box.rotation);
  const handles: Handle[] = Object.entries(GRIPS).map(([id, [u, v]]) => ({
    id,
    kind: "resize",
    at: at(u, v),
    cursor: resizeCursor(id, box.rotation),
  }));
  if (canRotate) {
    const top = at(0.5, 0);
    const reach = rotatePoint({ x: top.x, y: top.y - ROTATE_REACH / scale }, top, box.rotation);
    handles.push({ id: "rotate", kind: "rotate", at: reach, cursor: "grab", from: top });
  }
  return handles;
}

/** The box after its grip was dragged to `to`. Dragging past the opposite side turns the box over: sizes stay positive. */
export function reshapeBox(box: BoxPx, grip: string, to: Point, options: ReshapeOptions): BoxPx {
  if (grip === "rotate") return rotateTo(box, to, options.keepRatio);
  const unit = GRIPS[grip];
  if (!unit) return box;
  const origin = { x: box.x, y: box.y };
  const local = rotatePoint(to, origin, -box.rotation);
  const [u, v] = unit;
  const p = options.keepRatio && u !== 0.5 && v !== 0.5 ? onDiagonal(box, u, v, local) : local;
  const left = u === 0 ? p.x : box.x;
  const right = u === 1 ? p.x : box.x + box.width;
  const top = v === 0 ? p.y : box.y;
  const bottom = v === 1 ? p.y : box.y + box.height;
  const corner = rotatePoint({ x: Math.min(left, right), y: Math.min(top, bottom) }, origin, box.rotation);
  return { x: corner.x, y: corner.y, width: Math.abs(right - left), height: Math.abs(bottom - top), rotation: box.rotation };
}

/** Nearest point to `p` on the line through the grip's corner and the opposite one: the proportions stay. */
function onDiagonal(box: BoxPx, u: number, v: number, p: Point): Point {
  const fixed = { x: box.x + (1 - u) * box.width, y: box.y + (1 - v) * box.height };
  const dx = (2 * u - 1) * box.width;
  const dy = (2 * v - 1) * box.height;
  const length2 = dx * dx + dy * dy || 1;
  const t = ((p.x - fixed.x) * dx + (p.y - fixed.y) * dy) / length2;
  return { x: fixed.x + t * dx, y: fixed.y + t * dy };
}

/** Turned about its centre so that its upper edge faces `to`. */
function rotateTo(box: BoxPx, to: Point, coarse: boolean): BoxPx {
  const centre = centreOf(box);
  const degrees = (Math.atan2(to.x - centre.x, centre.y - to.y) * 180) / Math.PI;
  const rotation = normalizeDegrees(coarse ? Math.round(degrees / 15) * 15 : degrees);
  return rotateAboutCentre(box, rotation);
}

export function rotateAboutCentre(box: BoxPx, rotation: number): BoxPx {
  const centre = centreOf(box);
  const corner = rotatePoint({ x: centre.x - box.width / 2, y: centre.y - box.height / 2 }, centre, rotation);
  return { ...box, x: corner.x, y: corner.y, rotation };
}

/** The box whose one side runs from `a` to `b` and whose other side reaches `c`. */
export function boxFromSide(a: Point, b: Point, c: Point): BoxPx {
  const width = distance(a, b);
  const rotation = normalizeDegrees((Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI);
  const local = rotatePoint(c, a, -rotation);
  const height = local.y - a.y;
  if (height >= 0) return { x: a.x, y: a.y, width, height, rotation };
  // The third point lies on the other side: that edge becomes the lower one.
  const corner = rotatePoint({ x: a.x, y: a.y + height }, a, rotation);
  return { x: corner.x, y: corner.y, width, height: -height, rotation };
}

/** `by` shortened so that `bounds` moved by it stays in `[0, width] × [0, height]`; what is outside already may stay there. */
export function keepInside(bounds: { minX: number; minY: number; maxX: number; maxY: number }, image: { width: number; height: number }, by: Point): Point {
  const limit = (min: number, max: number, length: number, d: number): number =>
    clamp(d, Math.min(0, -min), Math.max(0, length - max));
  return { x: limit(bounds.minX, bounds.maxX, image.width, by.x), y: limit(bounds.minY, bounds.maxY, image.height, by.y) };
}
