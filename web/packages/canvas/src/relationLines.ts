/**
 * Relations between regions of the picture as arrows. With a region selected or hovered only its own stand out: a web of
 * arrows is unreadable otherwise. While a relation is being drawn a line follows the pointer.
 */
import type { Relation } from "@labelwright/engine";
import type { Bounds, Point } from "./geometry";
import type { LabelTags } from "./labelTags";
import type { Stage } from "./stage";
import { boundsToScreen } from "./viewport";

const INK = "#334155";
const HALO = "#ffffff";
const HEAD = 9;
/** With more relations than this only those of the selected and hovered regions are drawn. */
const MANY = 200;

export function paintRelations(ctx: CanvasRenderingContext2D, stage: Stage, tags: LabelTags, ratio: number): void {
  const { relations } = stage.editor.doc;
  const { selection, hovered, linkingFrom } = stage.editor.session;
  const inFocus = (relation: Relation): boolean =>
    selection.has(relation.from) || selection.has(relation.to) || relation.from === hovered || relation.to === hovered;
  const someInFocus = selection.size > 0 || hovered !== null;
  for (const relation of relations) {
    const focus = inFocus(relation);
    if (!focus && relations.length > MANY) continue;
    const from = screenBounds(stage, relation.from);
    const to = screenBounds(stage, relation.to);
    if (from && to) paintArrow(ctx, from, to, relation, focus ? 1 : someInFocus ? 0.1 : 0.7, tags, ratio);
  }
  const start = linkingFrom === null ? undefined : screenBounds(stage, linkingFrom);
  if (start && stage.pointer) paintLine(ctx, centre(start), stage.pointer, true);
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
}

function screenBounds(stage: Stage, id: string): Bounds | undefined {
  const item = stage.items.get(id);
  if (!item || stage.editor.session.hidden.has(id)) return undefined;
  const shape = stage.shapeOf(item);
  const bounds = stage.shapes.of(shape)?.bounds(shape, stage.image);
  return bounds && boundsToScreen(stage.viewport, bounds);
}

function paintArrow(ctx: CanvasRenderingContext2D, from: Bounds, to: Bounds, relation: Relation, alpha: number, tags: LabelTags, ratio: number): void {
  const a = edgeToward(from, centre(to));
  const b = edgeToward(to, centre(from));
  ctx.globalAlpha = alpha;
  paintLine(ctx, a, b, false);
  if (relation.direction !== "left") paintHead(ctx, a, b);
  if (relation.direction !== "right") paintHead(ctx, b, a);
  if (relation.labels.length === 0) return;
  const tag = tags.get(relation.labels.join(", "), INK, ratio);
  ctx.drawImage(tag.image, (a.x + b.x - tag.width) / 2, (a.y + b.y - tag.height) / 2, tag.width, tag.height);
}

function paintLine(ctx: CanvasRenderingContext2D, a: Point, b: Point, dashed: boolean): void {
  ctx.setLineDash(dashed ? [6, 4] : []);
  ctx.beginPath();
  ctx.moveTo(a.x, a.y);
  ctx.lineTo(b.x, b.y);
  for (const [color, width] of [[HALO, 4], [INK, 2]] as const) {
    ctx.strokeStyle = color;
    ctx.lineWidth = width;
    ctx.stroke();
  }
}

function paintHead(ctx: CanvasRenderingContext2D, from: Point, tip: Point): void {
  const angle = Math.atan2(tip.y - from.y, tip.x - from.x);
  ctx.beginPath();
  ctx.moveTo(tip.x, tip.y);
  for (const turn of [-0.45, 0.45]) ctx.lineTo(tip.x - HEAD * Math.cos(angle + turn), tip.y - HEAD * Math.sin(angle + turn));
  ctx.closePath();
  ctx.fillStyle = INK;
  ctx.fill();
}

const centre = (b: Bounds): Point => ({ x: (b.minX + b.maxX) / 2, y: (b.minY + b.maxY) / 2 });

/** Where the way from the middle of `b` to `to` leaves `b`. */
export function edgeToward(b: Bounds, to: Point): Point {
  const c = centre(b);
  const dx = to.x - c.x;
  const dy = to.y - c.y;
  const reach = Math.min(
    dx === 0 ? Infinity : (b.maxX - b.minX) / 2 / Math.abs(dx),
    dy === 0 ? Infinity : (b.maxY - b.minY) / 2 / Math.abs(dy),
  );
  return reach === Infinity || reach > 1 ? c : { x: c.x + dx * reach, y: c.y + dy * reach };
}
