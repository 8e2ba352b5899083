/** Dragging a grip of the selected region: `Resizing` (edges, corners, points) and `Rotating`. */
import type { Item } from "../items";
import type { Handle } from "../shape";
import { snapPoint } from "../snap";
import type { Stage } from "../stage";
import { clamp } from "../geometry";
import type { StagePointer, ToolState } from "./tool";

/** The state that follows a press on a grip. `back` is the tool's idle state. */
export function reshaping(stage: Stage, item: Item, handle: Handle, back: ToolState): ToolState {
  const kind = stage.shapes.of(item.shape);
  const start = item.shape;
  return {
    name: handle.kind === "rotate" ? "Rotating" : "Resizing",
    cursor: handle.kind === "rotate" ? "grabbing" : handle.cursor,
    onPointerMove(p) {
      const to = handle.kind === "rotate" ? p.image : clampIfInside(stage, start, snapPoint(p.image, item.snap));
      const next = kind?.reshape?.(start, { image: stage.image, scale: stage.viewport.scale }, handle.id, to, { keepRatio: p.shift });
      if (next) stage.preview(item.id, next);
      return this;
    },
    onPointerUp() {
      const next = stage.editor.shapeOf(item.id);
      stage.preview(item.id, null);
      if (next !== start) stage.writeShape(item.id, next, handle.kind === "rotate" ? "Rotate" : "Resize");
      return back;
    },
    onCancel() {
      stage.preview(item.id, null);
      return back;
    },
  };
}

/** A region that lies inside the picture stays inside. */
function clampIfInside(stage: Stage, shape: Item["shape"], p: StagePointer["image"]): StagePointer["image"] {
  const b = stage.shapes.of(shape)?.bounds(shape, stage.image);
  const { width, height } = stage.image;
  const slack = 0.01;
  if (!b || b.minX < -slack || b.minY < -slack || b.maxX > width + slack || b.maxY > height + slack) return p;
  return { x: clamp(p.x, 0, width), y: clamp(p.y, 0, height) };
}
