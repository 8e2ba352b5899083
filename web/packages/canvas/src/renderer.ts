/**
 * Draws a stage on three stacked canvases, each painted only when it must be:
 * *image* (the picture; again when the view moves), *base* (all idle regions and their label tags; again in the
 * rectangles that changed) and *active* (selection, hover, grips, what is being drawn; every frame of a gesture).
 * At most one paint per animation frame.
 */
import { overlaps, unionBounds, type Bounds, type Point, type Size } from "./geometry";
import type { Item } from "./items";
import { LabelTags, type LabelTag } from "./labelTags";
import type { Picture } from "./picture";
import { paintRelations } from "./relationLines";
import type { CanvasShape, Paint, Pen } from "./shape";
import type { Dirt, Stage } from "./stage";
import { boundsToImage, boundsToScreen, imageTransform, toScreen } from "./viewport";

export interface Layers {
  readonly image: HTMLCanvasElement;
  readonly base: HTMLCanvasElement;
  readonly active: HTMLCanvasElement;
}

export interface RenderOptions {
  readonly showLabels: boolean;
  readonly smoothing: boolean;
  readonly crosshair: boolean;
  /** Distance of the lines in image pixels, and their colour; null = no grid. */
  readonly grid: { readonly size: number; readonly color: string } | null;
  /** CSS filter for the picture alone ("brightness(1.2) contrast(0.9)"), or "". */
  readonly filter: string;
}

/** A tag is shown when it fits the region's width, or the region is at least this high and wide (screen px). */
const TAG_ROOM_PX = 40;
/** With more regions than this in sight, only roomy ones carry a tag. */
const CROWD = 1500;
/** How far a stroke reaches past its shape. */
const STROKE_REACH = 4;

const HALO = "#ffffff";
const UNLABELLED = "#2bb5a8";

export class Renderer {
  options: RenderOptions = { showLabels: true, smoothing: true, crosshair: false, grid: null, filter: "" };
  private picture: Picture | null = null;
  private readonly tags = new LabelTags();
  private readonly dirt: Dirt = { image: true, base: true, active: true };
  private frame: number | null = null;
  private ratio = 1;
  /** Called after a paint of the base layer with the number of items on the page. */
  onPainted: (count: number) => void = () => undefined;

  constructor(
    private readonly stage: Stage,
    private readonly layers: Layers,
  ) {
    stage.onDirty = (dirt) => this.spoil(dirt);
    document.fonts?.ready.then(() => {
      this.tags.clear();
      this.spoil({ base: true, active: true });
    }, () => undefined);
  }

  dispose(): void {
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    this.frame = null;
    this.picture = null;
  }

  setPicture(picture: Picture | null): void {
    this.picture = picture;
    this.spoil({ image: true, base: true, active: true });
  }

  setOptions(patch: Partial<RenderOptions>): void {
    this.options = { ...this.options, ...patch };
    this.spoil({ image: true, base: true, active: true });
  }

  /** Size the canvases in screen pixels at this device-pixel ratio. Painting follows at once: a sized canvas is blank. */
  resize(screen: Size, ratio: number): void {
    this.ratio = ratio;
    for (const canvas of [this.layers.image, this.layers.base, this.layers.active]) {
      canvas.width = Math.max(1, Math.round(screen.width * ratio));
      canvas.height = Math.max(1, Math.round(screen.height * ratio));
    }
    this.spoil({ image: true, base: true, active: true });
    this.paint();
  }

  spoil(dirt: Partial<Dirt>): void {
    this.dirt.image ||= dirt.image === true;
    this.dirt.active ||= dirt.active === true;
    if (dirt.base === true) this.dirt.base = true;
    else if (dirt.base && this.dirt.base !== true) this.dirt.base = [...(this.dirt.base || []), ...dirt.base];
    this.frame ??= requestAnimationFrame(() => this.paint());
  }

  private paint(): void {
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    this.frame = null;
    const { image, base, active } = { ...this.dirt };
    Object.assign(this.dirt, { image: false, base: false, active: false });
    if (image) this.paintImage();
    if (base === true) this.paintBase(null);
    else if (base && base.length > 0) for (const rect of this.merged(base)) this.paintBase(rect);
    if (active) this.paintActive();
    if (base) this.onPainted(this.stage.items.size);
  }

  private context(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
    const ctx = canvas.getContext("2d");
    ctx?.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    return ctx;
  }

  // ---------------------------------------------------------------- image
  private paintImage(): void {
    const ctx = this.context(this.layers.image);
    if (!ctx) return;
    const { viewport } = this.stage;
    const { width, height } = viewport.screen;
    ctx.clearRect(0, 0, width, height);
    if (!this.picture) return;
    const [a, b, c, d, e, f] = imageTransform(viewport);
    const r = this.ratio;
    ctx.setTransform(a * r, b * r, c * r, d * r, e * r, f * r);
    ctx.imageSmoothingEnabled = this.options.smoothing || viewport.scale * r < 1;
    ctx.filter = this.options.filter || "none";
    ctx.drawImage(this.picture.at(viewport.scale * r), 0, 0, viewport.image.width, viewport.image.height);
    ctx.filter = "none";
    this.paintGrid(ctx);
  }

  private paintGrid(ctx: CanvasRenderingContext2D): void {
    const { grid } = this.options;
    const { image, scale } = this.stage.viewport;
    if (!grid || grid.size * scale < 3) return;
    ctx.beginPath();
    for (let x = 0; x <= image.width; x += grid.size) {
      ctx.moveTo(x, 0);
      ctx.lineTo(x, image.height);
    }
    for (let y = 0; y <= image.height; y += grid.size) {
      ctx.moveTo(0, y);
      ctx.lineTo(image.width, y);
    }
    ctx.lineWidth = 1 / scale;
    ctx.strokeStyle = grid.color;
    ctx.stroke();
  }

  // ---------------------------------------------------------------- base
  /** Screen rectangles to repaint for these image bounds, joined where they overlap. */
  private merged(bounds: readonly Bounds[]): Bounds[] {
    const { viewport } = this.stage;
    const screen = { minX: 0, minY: 0, maxX: viewport.screen.width, maxY: viewport.screen.height };
    const rects: Bounds[] = [];
    for (const b of bounds) {
      let rect = withTag(boundsToScreen(viewport, b));
      if (!overlaps(rect, screen)) continue;
      for (let i = rects.length - 1; i >= 0; i--) {
        const other = rects[i];
        if (other && overlaps(other, rect)) {
          rect = unionBounds(other, rect);
          rects.splice(i, 1);
        }
      }
      rects.push(rect);
    }
    return rects.length > 20 ? [rects.reduce(unionBounds)] : rects;
  }

  /** Paint the idle regions: all of the screen, or one screen rectangle of it. */
  private paintBase(rect: Bounds | null): void {
    const ctx = this.context(this.layers.base);
    if (!ctx) return;
    const { viewport } = this.stage;
    const all = { minX: 0, minY: 0, maxX: viewport.screen.width, maxY: viewport.screen.height };
    const clip = rect ? roundOut(rect) : all;
    ctx.save();
    ctx.beginPath();
    ctx.rect(clip.minX, clip.minY, clip.maxX - clip.minX, clip.maxY - clip.minY);
    if (rect) ctx.clip();
    ctx.clearRect(clip.minX, clip.minY, clip.maxX - clip.minX, clip.maxY - clip.minY);
    const items = this.picture ? this.stage.itemsIn(boundsToImage(viewport, tagReach(clip))) : [];
    const { lifted } = this.stage;
    const idle = lifted.size > 0 ? items.filter((item) => !lifted.has(item.id)) : items;
    const pen = this.pen(ctx);
    for (const item of idle) this.stage.shapes.of(item.shape)?.paint(pen, item.shape, item.paint);
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
    if (this.options.showLabels) this.paintTags(ctx, idle);
    ctx.restore();
  }

  private paintTags(ctx: CanvasRenderingContext2D, items: readonly Item[]): void {
    const { scale } = this.stage.viewport;
    const { selection } = this.stage.editor.session;
    const crowded = items.length > CROWD;
    for (const item of items) {
      const b = this.stage.boundsOf(item.id);
      if (item.label === "" || b === undefined || selection.has(item.id)) continue;
      const width = (b.maxX - b.minX) * scale;
      const roomy = Math.min(width, (b.maxY - b.minY) * scale) >= TAG_ROOM_PX;
      if (roomy || (!crowded && width * 1.2 >= this.tagOf(item).width)) this.stampTag(ctx, item, item.shape);
    }
  }

  private tagOf(item: Item): LabelTag {
    return this.tags.get(item.label, item.paint.stroke, this.ratio);
  }

  private stampTag(ctx: CanvasRenderingContext2D, item: Item, shape: Item["shape"]): void {
    const kind = this.stage.shapes.of(shape);
    if (!kind || item.label === "") return;
    const tag = this.tagOf(item);
    const anchor = this.tagAnchor(kind, shape);
    const snap = (value: number): number => Math.round(value * this.ratio) / this.ratio;
    const x = snap(anchor.x - item.paint.strokeWidth / 2);
    // Above the region; inside it when the screen ends there.
    const y = snap(anchor.y - tag.height < 0 && anchor.y > -tag.height ? anchor.y : anchor.y - tag.height);
    ctx.drawImage(tag.image, x, y, tag.width, tag.height);
  }

  /** The shape's own corner; on a turned view the corner that is upper left there. */
  private tagAnchor(kind: CanvasShape, shape: Item["shape"]): Point {
    const { viewport, image } = this.stage;
    if (viewport.rotation === 0) return toScreen(viewport, kind.anchor(shape, image));
    const b = boundsToScreen(viewport, kind.bounds(shape, image));
    return { x: b.minX, y: b.minY };
  }

  private pen(ctx: CanvasRenderingContext2D): Pen {
    const { viewport } = this.stage;
    return { ctx, image: viewport.image, ratio: this.ratio, toScreen: (p) => toScreen(viewport, p) };
  }

  // ---------------------------------------------------------------- active
  private paintActive(): void {
    const ctx = this.context(this.layers.active);
    if (!ctx) return;
    const { viewport, marquee, draft } = this.stage;
    ctx.clearRect(0, 0, viewport.screen.width, viewport.screen.height);
    if (!this.picture) return;
    for (const item of this.activeItems()) this.paintActiveItem(ctx, item);
    paintRelations(ctx, this.stage, this.tags, this.ratio);
    if (draft) this.paintDraft(ctx, draft);
    this.paintHandles(ctx);
    if (marquee) paintMarquee(ctx, boundsToScreen(viewport, marquee));
    if (this.options.crosshair && this.stage.pointer) paintCrosshair(ctx, viewport.screen, this.stage.pointer);
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
  }

  private activeItems(): Item[] {
    const { selection, hovered, hidden } = this.stage.editor.session;
    const ids = new Set([...selection, ...this.stage.lifted]);
    if (hovered !== null) ids.add(hovered);
    return [...ids].flatMap((id) => (hidden.has(id) ? [] : (this.stage.items.get(id) ?? []))).sort((a, b) => a.order - b.order);
  }

  private paintActiveItem(ctx: CanvasRenderingContext2D, item: Item): void {
    const { selection } = this.stage.editor.session;
    const shape = this.stage.shapeOf(item);
    const kind = this.stage.shapes.of(shape);
    if (!kind) return;
    const pen = this.pen(ctx);
    const selected = selection.has(item.id);
    if (selected) kind.paint(pen, shape, { ...item.paint, stroke: HALO, fillOpacity: 0, strokeWidth: item.paint.strokeWidth + 3, dashed: false });
    // A lifted region is not on the base layer; the others are, so that only the difference is added here.
    const fillOpacity = this.stage.lifted.has(item.id) ? item.paint.fillOpacity + 0.06 : 0.1;
    const paint: Paint = { ...item.paint, fillOpacity, strokeWidth: item.paint.strokeWidth + 1 };
    kind.paint(pen, shape, paint);
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
    if (this.options.showLabels || !selected) this.stampTag(ctx, item, shape);
  }

  private paintDraft(ctx: CanvasRenderingContext2D, draft: Item["shape"]): void {
    const color = draftColor(this.stage);
    const kind = this.stage.shapes.of(draft);
    const pen = this.pen(ctx);
    kind?.paint(pen, draft, { stroke: HALO, fill: color, fillOpacity: 0, strokeWidth: 4, dashed: false });
    kind?.paint(pen, draft, { stroke: color, fill: color, fillOpacity: 0.18, strokeWidth: 2, dashed: false });
  }

  private paintHandles(ctx: CanvasRenderingContext2D): void {
    const item = this.stage.reshapable;
    if (!item || this.stage.stateName === "Moving") return;
    const { viewport } = this.stage;
    ctx.lineWidth = 1.5;
    ctx.strokeStyle = item.paint.stroke;
    ctx.fillStyle = HALO;
    for (const handle of this.stage.handles()) {
      const at = toScreen(viewport, handle.at);
      if (handle.from) line(ctx, toScreen(viewport, handle.from), at);
      ctx.beginPath();
      if (handle.kind === "resize") ctx.roundRect(at.x - 4, at.y - 4, 8, 8, 1.5);
      else ctx.arc(at.x, at.y, 4.5, 0, 2 * Math.PI);
      ctx.fill();
      ctx.stroke();
    }
  }
}

/** Colour of what is being drawn: that of the picked label. */
function draftColor(stage: Stage): string {
  const { editor } = stage;
  for (const [control, [label]] of editor.session.activeLabels) {
    if (label !== undefined && editor.config.byName.get(control)?.toName.includes(stage.object)) return editor.labelColor(control, label);
  }
  return UNLABELLED;
}

/** A region's screen bounds with its stroke and its label tag above. */
function withTag(b: Bounds): Bounds {
  const { width, height } = LabelTags.reach;
  return { minX: b.minX - STROKE_REACH, minY: b.minY - height - STROKE_REACH, maxX: Math.max(b.maxX, b.minX + width) + STROKE_REACH, maxY: Math.max(b.maxY, b.minY + height) + STROKE_REACH };
}

/** The rectangle grown to hold every region whose tag or stroke may reach into it. */
function tagReach(b: Bounds): Bounds {
  const { width, height } = LabelTags.reach;
  return { minX: b.minX - width, minY: b.minY - height, maxX: b.maxX + STROKE_REACH, maxY: b.maxY + height + STROKE_REACH };
}

const roundOut = (b: Bounds): Bounds => ({ minX: Math.floor(b.minX), minY: Math.floor(b.minY), maxX: Math.ceil(b.maxX), maxY: Math.ceil(b.maxY) });

function line(ctx: CanvasRenderingContext2D, from: Point, to: Point): void {
  ctx.beginPath();
  ctx.moveTo(from.x, from.y);
  ctx.lineTo(to.x, to.y);
  ctx.stroke();
}

function paintMarquee(ctx: CanvasRenderingContext2D, b: Bounds): void {
  ctx.globalAlpha = 0.12;
  ctx.fillStyle = "#2563eb";
  ctx.fillRect(b.minX, b.minY, b.maxX - b.minX, b.maxY - b.minY);
  ctx.globalAlpha = 1;
  ctx.setLineDash([4, 3]);
  ctx.lineWidth = 1;
  ctx.strokeStyle = "#2563eb";
  ctx.strokeRect(b.minX, b.minY, b.maxX - b.minX, b.maxY - b.minY);
}

function paintCrosshair(ctx: CanvasRenderingContext2D, screen: Size, at: Point): void {
  ctx.setLineDash([]);
  for (const [color, shift] of [["#ffffffb0", 1], ["#000000b0", 0]] as const) {
    ctx.strokeStyle = color;
    ctx.lineWidth = 1;
    const x = Math.round(at.x) + 0.5 + shift;
    const y = Math.round(at.y) + 0.5 + shift;
    line(ctx, { x, y: 0 }, { x, y: screen.height });
    line(ctx, { x: 0, y }, { x: screen.width, y });
  }
}
