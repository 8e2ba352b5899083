/**
 * Where the image lies on the screen: a frozen value and functions from value to value.
 *
 * Three systems: *percent* (stored, 0–100 of the natural image), *image* (natural pixels, never turned) and *screen*
 * (CSS pixels from the canvas's top-left corner). `screen = turn(image) * scale + (x, y)`.
 */
import { boundsOf, clamp, type Bounds, type Point, type Size } from "./geometry";

/** Clockwise turn of the picture on the screen. */
export type Quarter = 0 | 90 | 180 | 270;

export interface Viewport {
  readonly image: Size;
  readonly screen: Size;
  /** Screen pixels per image pixel. */
  readonly scale: number;
  /** Screen position of the turned image's top-left corner. */
  readonly x: number;
  readonly y: number;
  readonly rotation: Quarter;
}

export interface ZoomLimits {
  readonly min: number;
  readonly max: number;
}

export const percentToPx = (percent: number, length: number): number => (percent * length) / 100;
export const pxToPercent = (px: number, length: number): number => (length === 0 ? 0 : (px * 100) / length);

/** Size of the image as it stands on the screen before scaling: sides swap on a quarter turn. */
export function turnedSize(image: Size, rotation: Quarter): Size {
  return rotation % 180 === 0 ? image : { width: image.height, height: image.width };
}

function turn(image: Size, rotation: Quarter, p: Point): Point {
  switch (rotation) {
    case 0: return p;
    case 90: return { x: image.height - p.y, y: p.x };
    case 180: return { x: image.width - p.x, y: image.height - p.y };
    case 270: return { x: p.y, y: image.width - p.x };
  }
}

function unturn(image: Size, rotation: Quarter, p: Point): Point {
  switch (rotation) {
    case 0: return p;
    case 90: return { x: p.y, y: image.height - p.x };
    case 180: return { x: image.width - p.x, y: image.height - p.y };
    case 270: return { x: image.width - p.y, y: p.x };
  }
}

export function toScreen(v: Viewport, p: Point): Point {
  const t = turn(v.image, v.rotation, p);
  return { x: t.x * v.scale + v.x, y: t.y * v.scale + v.y };
}

export function toImage(v: Viewport, p: Point): Point {
  return unturn(v.image, v.rotation, { x: (p.x - v.x) / v.scale, y: (p.y - v.y) / v.scale });
}

export function boundsToScreen(v: Viewport, b: Bounds): Bounds {
  return boundsOf([toScreen(v, { x: b.minX, y: b.minY }), toScreen(v, { x: b.maxX, y: b.maxY })]);
}

export function boundsToImage(v: Viewport, b: Bounds): Bounds {
  return boundsOf([toImage(v, { x: b.minX, y: b.minY }), toImage(v, { x: b.maxX, y: b.maxY })]);
}

/** The part of the plane that is on the screen, in image pixels (may reach past the image). */
export function visibleBounds(v: Viewport): Bounds {
  return boundsToImage(v, { minX: 0, minY: 0, maxX: v.screen.width, maxY: v.screen.height });
}

/** `[a, b, c, d, e, f]` for `setTransform`: draws the natural image at its place in screen pixels. */
export function imageTransform(v: Viewport): readonly [number, number, number, number, number, number] {
  const o = toScreen(v, { x: 0, y: 0 });
  const s = v.scale;
  switch (v.rotation) {
    case 0: return [s, 0, 0, s, o.x, o.y];
    case 90: return [0, s, -s, 0, o.x, o.y];
    case 180: return [-s, 0, 0, -s, o.x, o.y];
    case 270: return [0, -s, s, 0, o.x, o.y];
  }
}

/** The scale at which the whole image is on the screen; never enlarges beyond `maxScale`. */
export function fitScale(image: Size, screen: Size, rotation: Quarter, paddingPx = 0, maxScale = Infinity): number {
  const size = turnedSize(image, rotation);
  if (size.width <= 0 || size.height <= 0) return 1;
  const room = { width: Math.max(screen.width - 2 * paddingPx, 1), height: Math.max(screen.height - 2 * paddingPx, 1) };
  return Math.min(room.width / size.width, room.height / size.height, maxScale);
}

export type Align = "start" | "center" | "end";

/** The whole image on the screen, aligned. */
export function fitViewport(
  image: Size,
  screen: Size,
  rotation: Quarter = 0,
  options: { paddingPx?: number; maxScale?: number; alignX?: Align; alignY?: Align } = {},
): Viewport {
  const scale = fitScale(image, screen, rotation, options.paddingPx ?? 0, options.maxScale);
  return placeViewport(image, screen, rotation, scale, options.alignX ?? "center", options.alignY ?? "center");
}

/** The image at this scale, aligned. */
export function placeViewport(image: Size, screen: Size, rotation: Quarter, scale: number, alignX: Align = "center", alignY: Align = "center"): Viewport {
  const size = turnedSize(image, rotation);
  const place = (align: Align, room: number, length: number): number =>
    align === "start" ? Math.min(0, room - length) || 0 : align === "end" ? room - length : (room - length) / 2;
  return {
    image,
    screen,
    rotation,
    scale,
    x: place(alignX, screen.width, size.width * scale),
    y: place(alignY, screen.height, size.height * scale),
  };
}

/** Scale by `factor`, keeping what is under `at` (screen) where it is. */
export function zoomAt(v: Viewport, at: Point, factor: number, limits: ZoomLimits): Viewport {
  const scale = clamp(v.scale * factor, limits.min, limits.max);
  const k = scale / v.scale;
  return keepInSight({ ...v, scale, x: at.x - (at.x - v.x) * k, y: at.y - (at.y - v.y) * k });
}

export const panBy = (v: Viewport, dx: number, dy: number): Viewport => keepInSight({ ...v, x: v.x + dx, y: v.y + dy });

/** Turn the picture clockwise by `quarters` × 90°, keeping the image point at the screen's centre there. */
export function rotateBy(v: Viewport, quarters: number): Viewport {
  const rotation = ((((v.rotation / 90 + quarters) % 4) + 4) % 4) * 90 as Quarter;
  const middle = { x: v.screen.width / 2, y: v.screen.height / 2 };
  const fixed = toImage(v, middle);
  const turned = { ...v, rotation };
  const now = toScreen(turned, fixed);
  return keepInSight({ ...turned, x: turned.x + middle.x - now.x, y: turned.y + middle.y - now.y });
}

/** The same view on a screen of another size: the image point at the centre stays at the centre. */
export function resizeScreen(v: Viewport, screen: Size): Viewport {
  return keepInSight({ ...v, screen, x: v.x + (screen.width - v.screen.width) / 2, y: v.y + (screen.height - v.screen.height) / 2 });
}

/** Scroll the least that brings `b` (image) on the screen with a margin; centres what is larger than the screen. */
export function reveal(v: Viewport, b: Bounds, marginPx = 24): Viewport {
  const s = boundsToScreen(v, b);
  const shift = (min: number, max: number, room: number): number => {
    if (max - min > room - 2 * marginPx) return room / 2 - (min + max) / 2;
    if (min < marginPx) return marginPx - min;
    if (max > room - marginPx) return room - marginPx - max;
    return 0;
  };
  const visible = s.minX >= 0 && s.minY >= 0 && s.maxX <= v.screen.width && s.maxY <= v.screen.height;
  if (visible) return v;
  return panBy(v, shift(s.minX, s.maxX, v.screen.width), shift(s.minY, s.maxY, v.screen.height));
}

/** At least this much of the image stays on the screen, so that it can't be lost. */
const KEEP_PX = 48;

function keepInSight(v: Viewport): Viewport {
  const size = turnedSize(v.image, v.rotation);
  const keep = (at: number, length: number, room: number): number => {
    const least = Math.min(KEEP_PX, length, room);
    return clamp(at, least - length, room - least);
  };
  return { ...v, x: keep(v.x, size.width * v.scale, v.screen.width), y: keep(v.y, size.height * v.scale, v.screen.height) };
}
