/** Rounding of drawn points: `pixel` puts them on the image's pixel grid. */
import type { Point } from "./geometry";

export type Snap = "none" | "pixel";

export const snapPoint = (p: Point, snap: Snap): Point => (snap === "pixel" ? { x: Math.round(p.x), y: Math.round(p.y) } : p);
