/** How a rectangle is drawn, hit and reshaped on a canvas, and the tools that make one. */
import {
  boxBetween, boxBounds, boxContains, boxFromSide, boxHandles, boxTouches, cornersOf, percentToPx, pxToPercent, reshapeBox, threePointTool, twoPointTool,
  type BoxPx, type CanvasShape, type Pen, type Point, type ShapeOf, type Size,
} from "@labelwright/canvas";
import type { CanvasTools } from "../image/canvasSide";
import type {} from "./shape";

type RectangleShape = ShapeOf<"rectangle">;

/** Stored percent → image pixels. Rotation is an angle between pixels, so it does not change. */
export const toBox = (s: RectangleShape, image: Size): BoxPx => ({
  x: percentToPx(s.x, image.width),
  y: percentToPx(s.y, image.height),
  width: percentToPx(s.width, image.width),
  height: percentToPx(s.height, image.height),
  rotation: s.rotation,
});

/** Image pixels → stored percent. */
export const fromBox = (b: BoxPx, image: Size): RectangleShape => ({
  kind: "rectangle",
  x: pxToPercent(b.x, image.width),
  y: pxToPercent(b.y, image.height),
  width: pxToPercent(b.width, image.width),
  height: pxToPercent(b.height, image.height),
  rotation: b.rotation,
});

export const rectangleCanvas: CanvasShape<RectangleShape> = {
  kind: "rectangle",
  bounds: (s, image) => boxBounds(toBox(s, image)),
  area: (s, image) => Math.abs(percentToPx(s.width, image.width) * percentToPx(s.height, image.height)),
  contains: (s, image, p, tolerance) => boxContains(toBox(s, image), p, tolerance),
  touches: (s, image, bounds) => boxTouches(toBox(s, image), bounds),
  translate: (s, image, by) => ({ ...s, x: s.x + pxToPercent(by.x, image.width), y: s.y + pxToPercent(by.y, image.height) }),
  grow: (s, image, by) => ({
    ...s,
    width: Math.max(s.width + pxToPercent(by.x, image.width), pxToPercent(1, image.width)),
    height: Math.max(s.height + pxToPercent(by.y, image.height), pxToPercent(1, image.height)),
  }),
  handles: (s, frame, { canRotate }) => boxHandles(toBox(s, frame.image), frame.scale, canRotate),
  reshape: (s, frame, handle, to, options) => fromBox(reshapeBox(toBox(s, frame.image), handle, to, options), frame.image),
  paint,
  anchor: (s, image) => ({ x: percentToPx(s.x, image.width), y: percentToPx(s.y, image.height) }),
};

const DASH = [6, 4];
const NO_DASH: number[] = [];

function paint(pen: Pen, s: RectangleShape, style: Parameters<CanvasShape<RectangleShape>["paint"]>[2]): void {
  const { ctx } = pen;
  const box = toBox(s, pen.image);
  ctx.lineWidth = style.strokeWidth;
  ctx.setLineDash(style.dashed ? DASH : NO_DASH);
  ctx.fillStyle = style.fill;
  ctx.strokeStyle = style.stroke;
  if (box.rotation === 0) paintUpright(pen, box, style.fillOpacity, style.strokeWidth);
  else paintTurned(pen, box, style.fillOpacity, style.strokeWidth);
}

/** Edges on whole device pixels: crisp, and several times faster than a path. A quarter turn of the view keeps it upright. */
function paintUpright({ ctx, ratio, toScreen }: Pen, box: BoxPx, fillOpacity: number, strokeWidth: number): void {
  const a = toScreen(box);
  const b = toScreen({ x: box.x + box.width, y: box.y + box.height });
  const snap = (value: number): number => Math.round(value * ratio) / ratio;
  const x = snap(Math.min(a.x, b.x));
  const y = snap(Math.min(a.y, b.y));
  const width = Math.max(snap(Math.max(a.x, b.x)) - x, 1 / ratio);
  const height = Math.max(snap(Math.max(a.y, b.y)) - y, 1 / ratio);
  if (fillOpacity > 0) {
    ctx.globalAlpha = fillOpacity;
    ctx.fillRect(x, y, width, height);
  }
  ctx.globalAlpha = 1;
  if (strokeWidth > 0) ctx.strokeRect(x, y, width, height);
}

function paintTurned({ ctx, toScreen }: Pen, box: BoxPx, fillOpacity: number, strokeWidth: number): void {
  const [a, b, c, d] = cornersOf(box).map(toScreen) as [Point, Point, Point, Point];
  ctx.beginPath();
  ctx.moveTo(a.x, a.y);
  ctx.lineTo(b.x, b.y);
  ctx.lineTo(c.x, c.y);
  ctx.lineTo(d.x, d.y);
  ctx.closePath();
  if (fillOpacity > 0) {
    ctx.globalAlpha = fillOpacity;
    ctx.fill();
  }
  ctx.globalAlpha = 1;
  if (strokeWidth > 0) ctx.stroke();
}

const between = (a: Point, b: Point, image: Size): RectangleShape => fromBox(boxBetween(a, b), image);

export const rectangleTools: CanvasTools = {
  shape: rectangleCanvas,
  tools: {
    rectangle: (snap) => (stage) => twoPointTool(stage, { between, snap }),
    rectangle3: () => (stage) => threePointTool(stage, { fromSide: (a, b, c, image) => fromBox(boxFromSide(a, b, c), image) }),
  },
  byKey: { between },
};
