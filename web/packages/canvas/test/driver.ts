/** Drives a stage in verbs: `editor.pick("Car").drag([10, 10], [60, 40])`. The picture is 1000 × 500 px at scale 1. */
import { parseConfig } from "@labelwright/config";
import { createEditor, type Editor, type ResultItem } from "@labelwright/engine";
import { fitViewport, panTool, selecting, Stage, toImage, toScreen, type Point, type StagePointer } from "@labelwright/canvas";
import { rectangleTools } from "../../tags/src/rectangle/canvas";
import { rectangle, rectangleLabels } from "../../tags/src/rectangle";

export type XY = readonly [number, number];
type How = Partial<Pick<StagePointer, "shift" | "alt" | "ctrl" | "kind">>;

export const CONFIG = `<View><Image name="image" value="$image"/>
  <RectangleLabels name="label" toName="image"><Label value="Car" background="blue"/><Label value="Person" background="red"/></RectangleLabels></View>`;

const SIZE = { width: 1000, height: 500 };

export class Driver {
  readonly editor: Editor;
  readonly stage: Stage;
  private at: XY = [0, 0];

  constructor(result: readonly ResultItem[] = [], config = CONFIG) {
    this.editor = createEditor(parseConfig(config), { image: "street.jpg" }, { tags: [rectangle, rectangleLabels], result });
    const start = (id: string) => rectangleTools.tools[id]?.("none") ?? selecting;
    this.stage = new Stage({
      editor: this.editor,
      object: "image",
      shapes: [rectangleTools.shape],
      tools: new Map([["move", selecting], ["pan", panTool], ["rectangle", start("rectangle")], ["rectangle3", start("rectangle3")]]),
      defaultTool: (session) => ([...session.activeLabels.values()].some((values) => values.length > 0) ? "rectangle" : "move"),
    });
    this.stage.setViewport(fitViewport(SIZE, SIZE));
  }

  pick(label: string): this {
    this.editor.pickLabel("label", label);
    return this;
  }

  tool(id: string | null): this {
    this.editor.setTool(id);
    return this;
  }

  private pointer([x, y]: XY, how: How & { presses?: number } = {}): StagePointer {
    const image = { x, y };
    return { image, screen: toScreen(this.stage.viewport, image), kind: "mouse", shift: false, alt: false, ctrl: false, presses: 1, ...how };
  }

  down(at: XY, how: How & { presses?: number } = {}): this {
    this.at = at;
    this.stage.pointerDown(this.pointer(at, how));
    return this;
  }

  move(to: XY, how: How = {}): this {
    this.at = to;
    this.stage.pointerMove(this.pointer(to, how));
    return this;
  }

  up(how: How = {}): this {
    this.stage.pointerUp(this.pointer(this.at, how));
    return this;
  }

  drag(from: XY, to: XY, how: How = {}): this {
    const half: XY = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
    return this.move(from, how).down(from, how).move(half, how).move(to, how).up(how);
  }

  click(at: XY, how: How & { presses?: number } = {}): this {
    return this.move(at, how).down(at, how).up(how);
  }

  doubleClick(at: XY): this {
    return this.click(at).click(at, { presses: 2 });
  }

  /** Regions as `[x, y, width, height, rotation]` in pixels, rounded to 1/100. */
  boxes(): number[][] {
    return [...this.editor.doc.regions.values()].map(({ shape }) => {
      const { x, y, width, height, rotation } = shape as { x: number; y: number; width: number; height: number; rotation: number };
      return [x * 10, y * 5, width * 10, height * 5, rotation].map((n) => Math.round(n * 100) / 100);
    });
  }

  selected(): string[] {
    return [...this.editor.session.selection];
  }

  imageAt(screen: Point): Point {
    return toImage(this.stage.viewport, screen);
  }
}

/** A stored rectangle in pixels of the test picture. */
export function stored(id: string, x: number, y: number, width: number, height: number, rotation = 0, label = "Car"): ResultItem {
  return {
    id, from_name: "label", to_name: "image", type: "rectanglelabels", origin: "manual",
    value: { x: x / 10, y: y / 5, width: width / 10, height: height / 5, rotation, rectanglelabels: [label] },
    original_width: 1000, original_height: 500, image_rotation: 0,
  };
}
