/**
 * The select-and-move tool ("move", V). Idle → Pressing → Moving | Marquee; a press on a grip → Resizing | Rotating.
 *
 * A click takes the smallest region under the pointer; alt+click, or a click at the same place again, the next larger
 * one; ctrl or shift adds and removes. Dragging a region moves the whole selection; dragging the empty picture spans a
 * marquee (a finger scrolls instead).
 */
import type { RegionId, Shape } from "@labelwright/engine";
import { boundsOf, distance, unionBounds, type Bounds } from "../geometry";
import { snapPoint } from "../snap";
import type { Stage } from "../stage";
import { keepInside } from "../transformer";
import { panning } from "./panning";
import { reshaping } from "./resizing";
import { CLICK_SLOP, type StagePointer, type ToolState } from "./tool";

export function selecting(stage: Stage): ToolState {
  return {
    name: "Idle",
    cursor: "default",
    onPointerDown(p) {
      return pressHandle(stage, p, this) ?? pressing(stage, p, this);
    },
    onPointerMove(p) {
      hover(stage, p, "move");
      return this;
    },
  };
}

/** Over a grip: its cursor. Over a region: that region is hovered. */
export function hover(stage: Stage, p: StagePointer, overRegion: string | null): void {
  const handle = stage.handleAt(p);
  const hit = handle ? undefined : stage.hits(p.image)[0];
  const hovered = hit ?? null;
  if (stage.editor.session.hovered !== hovered) stage.editor.hover(hovered);
  stage.setCursor(handle ? handle.cursor : hit === undefined ? null : overRegion);
}

/** Reshaping, when the press is on a grip; without a drag it is a click on what lies there. */
export function pressHandle(stage: Stage, down: StagePointer, idle: ToolState): ToolState | null {
  const item = stage.reshapable;
  const handle = item && stage.handleAt(down);
  if (!item || !handle) return null;
  return {
    name: "Pressing",
    cursor: handle.cursor,
    onPointerMove(p) {
      if (distance(p.screen, down.screen) <= CLICK_SLOP[p.kind]) return this;
      return reshaping(stage, item, handle, idle).onPointerMove?.(p) ?? idle;
    },
    onPointerUp() {
      const again = stage.repeatsClick(down.screen);
      const hits = stage.hits(down.image);
      if (hits.length > 0) click(stage, hits, { adds: down.ctrl || down.shift, next: down.alt || again });
      return idle;
    },
    onCancel: () => idle,
  };
}

function pressing(stage: Stage, down: StagePointer, idle: ToolState): ToolState {
  const { editor } = stage;
  const hits = stage.hits(down.image, down.kind === "touch" ? 8 : 3);
  const smallest = hits[0];
  const onSelected = hits.some((id) => editor.session.selection.has(id));
  const adds = down.ctrl || down.shift;
  const fresh = smallest !== undefined && !onSelected && !adds && editor.session.linkingFrom === null;
  if (fresh) editor.select([smallest]);
  return {
    name: "Pressing",
    cursor: smallest === undefined ? "default" : "move",
    onPointerMove(p) {
      if (distance(p.screen, down.screen) <= CLICK_SLOP[p.kind]) return this;
      if (smallest !== undefined && !adds) return moving(stage, down, idle).onPointerMove?.(p) ?? idle;
      if (p.kind === "touch") return panning(stage, down, idle).onPointerMove?.(p) ?? idle;
      return marquee(stage, down, idle).onPointerMove?.(p) ?? idle;
    },
    onPointerUp() {
      const again = stage.repeatsClick(down.screen);
      if (!fresh) click(stage, hits, { adds, next: down.alt || again });
      return idle;
    },
    onCancel: () => idle,
  };
}

/** What a click on these regions (smallest first) does to the selection, or to the relation being drawn. */
export function click(stage: Stage, hits: readonly RegionId[], how: { adds: boolean; next: boolean }): void {
  const { editor } = stage;
  const { selection, linkingFrom } = editor.session;
  const [smallest] = hits;
  if (smallest === undefined) {
    if (!how.adds) editor.select([]);
  } else if (linkingFrom !== null) {
    if (smallest !== linkingFrom) editor.addRelation(linkingFrom, smallest);
    editor.startLink(null);
  } else if (how.adds) {
    editor.select(selection.has(smallest) ? [...selection].filter((id) => id !== smallest) : [...selection, smallest]);
  } else {
    const at = how.next ? hits.findIndex((id) => selection.has(id)) : -1;
    editor.select([hits[(at + 1) % hits.length] ?? smallest]);
  }
}

/** Dragging the selected regions together; one undo entry. */
function moving(stage: Stage, down: StagePointer, idle: ToolState): ToolState {
  const { editor } = stage;
  const starts = movableSelection(stage);
  const whole = starts.map((s) => s.bounds).reduce<Bounds | null>((all, b) => (all ? unionBounds(all, b) : b), null);
  const back = (): ToolState => {
    for (const { id } of starts) stage.preview(id, null);
    return idle;
  };
  return {
    name: "Moving",
    cursor: starts.length > 0 ? "grabbing" : "not-allowed",
    onPointerMove(p) {
      const raw = { x: p.image.x - down.image.x, y: p.image.y - down.image.y };
      const snap = starts[0]?.snap ?? "none";
      const by = whole ? keepInside(whole, stage.image, snapPoint(raw, snap)) : raw;
      for (const { id, shape } of starts) {
        const moved = stage.shapes.of(shape)?.translate(shape, stage.image, by);
        if (moved) stage.preview(id, moved);
      }
      return this;
    },
    onPointerUp() {
      const ends = starts.map(({ id, shape }) => ({ id, shape, now: editor.shapeOf(id) }));
      back();
      editor.transact("Move", () => {
        for (const { id, shape, now } of ends) if (now !== shape) stage.writeShape(id, now, "Move");
      });
      return idle;
    },
    onCancel: back,
  };
}

export interface Movable {
  readonly id: RegionId;
  readonly shape: Shape;
  readonly bounds: Bounds;
  readonly snap: "none" | "pixel";
}

/** Selected regions on this page that may be moved. */
export function movableSelection(stage: Stage): Movable[] {
  return [...stage.editor.session.selection].flatMap((id) => {
    const item = stage.items.get(id);
    const bounds = stage.boundsOf(id);
    return item?.movable && bounds ? [{ id, shape: item.shape, bounds, snap: item.snap }] : [];
  });
}

function marquee(stage: Stage, down: StagePointer, idle: ToolState): ToolState {
  const before = down.ctrl || down.shift ? [...stage.editor.session.selection] : [];
  const end = (): ToolState => {
    stage.setMarquee(null);
    return idle;
  };
  return {
    name: "Marquee",
    cursor: "crosshair",
    onPointerMove(p) {
      stage.setMarquee(boundsOf([down.image, p.image]));
      return this;
    },
    onPointerUp() {
      if (stage.marquee) stage.editor.select(new Set([...before, ...stage.regionsTouching(stage.marquee)]));
      return end();
    },
    onCancel: end,
  };
}
