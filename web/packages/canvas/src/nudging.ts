/** Moving and sizing the selection by keys: shown at once, written as one undo entry when the key is let go. */
import type { RegionId, Shape } from "@labelwright/engine";
import { unionBounds, type Point } from "./geometry";
import type { Stage } from "./stage";
import { movableSelection } from "./tools/selecting";
import { keepInside } from "./transformer";

const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

export interface NudgeKeys {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

export class Nudger {
  private readonly pending = new Map<RegionId, { from: Shape; now: Shape }>();
  private verb = "Move";

  constructor(private readonly stage: Stage) {}

  /** Arrow: 1 image pixel, shift 10, alt resizes. False when the key is another one or nothing can move. */
  keyDown(e: NudgeKeys): boolean {
    const arrow = ARROWS[e.key];
    if (!arrow || e.ctrlKey || e.metaKey || this.stage.busy) {
      this.commit();
      return false;
    }
    const step = e.shiftKey ? 10 : 1;
    const verb = e.altKey ? "Resize" : "Move";
    if (verb !== this.verb) this.commit();
    this.verb = verb;
    return this.nudge(onImage(arrow, this.stage.rotation, step), e.altKey);
  }

  private nudge(by: Point, grow: boolean): boolean {
    const { stage } = this;
    const all = movableSelection(stage);
    if (all.length === 0) return false;
    const now = (id: RegionId, shape: Shape): Shape => this.pending.get(id)?.now ?? shape;
    const bounds = all.flatMap(({ id, shape }) => {
      const s = now(id, shape);
      return stage.shapes.of(s)?.bounds(s, stage.image) ?? [];
    });
    const shift = grow ? by : keepInside(bounds.reduce(unionBounds), stage.image, by);
    for (const { id, shape } of all) {
      const before = now(id, shape);
      const kind = stage.shapes.of(before);
      const next = grow ? kind?.grow?.(before, stage.image, shift) : kind?.translate(before, stage.image, shift);
      if (!next) continue;
      this.pending.set(id, { from: shape, now: next });
      stage.preview(id, next);
    }
    return true;
  }

  /** Write what was moved. Called on key up, on blur and before any other key acts. */
  commit(): void {
    if (this.pending.size === 0) return;
    const moves = [...this.pending];
    this.pending.clear();
    const { editor } = this.stage;
    for (const [id] of moves) this.stage.preview(id, null);
    editor.transact(this.verb, () => {
      for (const [id, { now }] of moves) if (editor.doc.regions.has(id)) this.stage.writeShape(id, now, this.verb);
    });
  }
}

/** A step on the screen as a step on the image, which may be turned. */
function onImage(arrow: Point, rotation: number, step: number): Point {
  const { x, y } = arrow;
  const turned = rotation === 90 ? { x: y, y: -x } : rotation === 180 ? { x: -x, y: -y } : rotation === 270 ? { x: -y, y: x } : arrow;
  return { x: turned.x * step || 0, y: turned.y * step || 0 };
}
