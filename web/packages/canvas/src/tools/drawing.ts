/**
 * Tools that draw a box: from two points (drag, click–click, or a double click for a default size) and from three
 * (one side, then its depth). What the points make is given by the shape's folder, so that an ellipse uses the same tool.
 *
 * Idle → Pressing → Drawing (drag) | Placing (second click) → Idle. A drag always draws, also over another region and
 * inside the selected one; only its grips keep working. A click on a region selects it.
 */
import type { RegionId, Shape } from "@labelwright/engine";
import { clamp, distance, type Point, type Size } from "../geometry";
import { snapPoint, type Snap } from "../snap";
import type { Stage } from "../stage";
import { click, hover, pressHandle } from "./selecting";
import { CLICK_SLOP, type StagePointer, type ToolState } from "./tool";

export interface TwoPointShape {
  /** The shape between two opposite corners; `square` (shift) makes both sides equal. */
  between(a: Point, b: Point, image: Size): Shape;
  readonly snap?: Snap;
}

/** Side of the box a double click makes, in screen pixels. */
const DEFAULT_SIDE_PX = 64;
/** Boxes narrower than this on the screen are slips of the hand. */
const LEAST_SIDE_PX = 3;

export function twoPointTool(stage: Stage, make: TwoPointShape): ToolState {
  const idle: ToolState = {
    name: "Idle",
    cursor: "crosshair",
    onPointerDown(p) {
      if (stage.editor.options.readOnly) return pressOnly(stage, p, idle);
      return pressHandle(stage, p, idle) ?? pressing(p);
    },
    onPointerMove(p) {
      hover(stage, p, null);
      return idle;
    },
  };
  const place = (p: Point): Point => snapPoint(inside(stage.image, p), make.snap ?? "none");
  const show = (a: Point, p: StagePointer): Shape => {
    const b = place(p.image);
    const shape = make.between(a, p.shift ? squared(a, b) : b, stage.image);
    stage.setDraft(shape);
    return shape;
  };
  const drop = (): ToolState => {
    stage.setDraft(null);
    return idle;
  };

  const pressing = (down: StagePointer): ToolState => {
    const hits = stage.hits(down.image, 1);
    const start = place(down.image);
    return {
      name: "Pressing",
      cursor: "crosshair",
      onPointerMove(p) {
        if (distance(p.screen, down.screen) <= CLICK_SLOP[p.kind]) return this;
        return drawing(start, down.screen).onPointerMove?.(p) ?? idle;
      },
      onPointerUp() {
        const again = stage.repeatsClick(down.screen);
        if (hits.length === 0 || down.ctrl) return placing(start, down);
        clickRegion(stage, hits, down, again);
        return idle;
      },
      onCancel: drop,
    };
  };

  const drawing = (start: Point, from: Point): ToolState => ({
    name: "Drawing",
    cursor: "crosshair",
    onPointerMove(p) {
      show(start, p);
      return this;
    },
    onPointerUp(p) {
      const shape = show(start, p);
      finish(stage, shape, from, p.screen);
      return drop();
    },
    onCancel: drop,
  });

  /** The first corner is set; the pointer moves with no button down. */
  const placing = (start: Point, first: StagePointer): ToolState => ({
    name: "Placing",
    cursor: "crosshair",
    onPointerDown(p) {
      if (p.presses < 2 || distance(p.screen, first.screen) > 2 * CLICK_SLOP[p.kind]) return this;
      stage.addRegion(defaultBox(stage, make, first.image));
      return swallowUp(idle);
    },
    onPointerMove(p) {
      show(start, p);
      return this;
    },
    onPointerUp(p) {
      if (distance(p.screen, first.screen) <= CLICK_SLOP[p.kind]) return this;
      finish(stage, show(start, p), first.screen, p.screen);
      return drop();
    },
    onCancel: drop,
  });

  return idle;
}

/** The box a double click makes around `at`, moved inside the picture. Also used to draw with the keyboard alone. */
export function defaultBox(stage: Stage, make: TwoPointShape, at: Point): Shape {
  const { width, height } = stage.image;
  const side = DEFAULT_SIDE_PX / stage.viewport.scale;
  const w = Math.min(side, width);
  const h = Math.min(side, height);
  const corner = { x: clamp(at.x - w / 2, 0, width - w), y: clamp(at.y - h / 2, 0, height - h) };
  const snap = make.snap ?? "none";
  return make.between(snapPoint(corner, snap), snapPoint({ x: corner.x + w, y: corner.y + h }, snap), stage.image);
}

export interface ThreePointShape {
  /** The shape whose one side runs from a to b and whose depth reaches c. */
  fromSide(a: Point, b: Point, c: Point, image: Size): Shape;
}

/** Idle → Siding (first side, by drag or two clicks) → Deepening → Idle. */
export function threePointTool(stage: Stage, make: ThreePointShape): ToolState {
  const idle: ToolState = {
    name: "Idle",
    cursor: "crosshair",
    onPointerDown: (p) => (stage.editor.options.readOnly ? pressOnly(stage, p, idle) : (pressHandle(stage, p, idle) ?? siding(inside(stage.image, p.image), p))),
    onPointerMove(p) {
      hover(stage, p, null);
      return idle;
    },
  };
  const drop = (): ToolState => {
    stage.setDraft(null);
    return idle;
  };
  const siding = (a: Point, down: StagePointer): ToolState => ({
    name: "Siding",
    cursor: "crosshair",
    onPointerMove(p) {
      const b = inside(stage.image, p.image);
      stage.setDraft(make.fromSide(a, b, b, stage.image));
      return this;
    },
    onPointerUp(p) {
      if (distance(p.screen, down.screen) <= CLICK_SLOP[p.kind]) return this;
      return deepening(a, inside(stage.image, p.image));
    },
    onCancel: drop,
  });
  const deepening = (a: Point, b: Point): ToolState => ({
    name: "Deepening",
    cursor: "crosshair",
    onPointerMove(p) {
      stage.setDraft(make.fromSide(a, b, p.image, stage.image));
      return this;
    },
    onPointerUp(p) {
      const shape = make.fromSide(a, b, p.image, stage.image);
      finish(stage, shape, null, p.screen);
      return drop();
    },
    onCancel: drop,
  });
  return idle;
}

/** Keep what was drawn, unless it is a slip. `from` null = no check by the pointer's way. */
function finish(stage: Stage, shape: Shape, from: Point | null, to: Point): void {
  const b = stage.shapes.of(shape)?.bounds(shape, stage.image);
  const least = LEAST_SIDE_PX / stage.viewport.scale;
  const slip = !b || b.maxX - b.minX < least || b.maxY - b.minY < least;
  if (!slip && (from === null || distance(from, to) > 0)) stage.addRegion(shape);
}

function clickRegion(stage: Stage, hits: readonly RegionId[], p: StagePointer, again: boolean): void {
  const selected = hits.some((id) => stage.editor.session.selection.has(id));
  click(stage, hits, { adds: p.shift, next: p.alt || (again && selected) });
}

/** Read-only: a click selects, nothing else. */
function pressOnly(stage: Stage, down: StagePointer, idle: ToolState): ToolState {
  return {
    name: "Pressing",
    cursor: "default",
    onPointerUp() {
      const again = stage.repeatsClick(down.screen);
      click(stage, stage.hits(down.image), { adds: down.ctrl || down.shift, next: down.alt || again });
      return idle;
    },
    onCancel: () => idle,
  };
}

const swallowUp = (idle: ToolState): ToolState => ({ name: "Pressing", cursor: idle.cursor, onPointerUp: () => idle, onCancel: () => idle });

const inside = (image: Size, p: Point): Point => ({ x: clamp(p.x, 0, image.width), y: clamp(p.y, 0, image.height) });

function squared(a: Point, b: Point): Point {
  const side = Math.max(Math.abs(b.x - a.x), Math.abs(b.y - a.y));
  return { x: a.x + Math.sign(b.x - a.x || 1) * side, y: a.y + Math.sign(b.y - a.y || 1) * side };
}
