/** What the canvas draws of the document: one item per visible region of an object's page. */
import { shownScore, type Editor, type Region, type RegionId, type Shape } from "@labelwright/engine";
import type { Paint } from "./shape";
import type { Snap } from "./snap";

export interface Item {
  readonly id: RegionId;
  /** Place in writing order; later ones are painted above. */
  readonly order: number;
  readonly shape: Shape;
  readonly paint: Paint;
  /** Words on the label tag; "" for none. */
  readonly label: string;
  /** False for read-only and locked regions: they can be selected only. */
  readonly movable: boolean;
  readonly canRotate: boolean;
  readonly snap: Snap;
}

const FILL_OPACITY = 0.18;
const STROKE_WIDTH = 2;

/** Whether the region lies on this object and page. A region without a page belongs to the first one. */
export function isOn(region: Region, object: string, page: number): boolean {
  return region.object === object && (region.itemIndex ?? 0) === page;
}

export function itemOf(editor: Editor, region: Region, order: number): Item {
  const control = editor.config.byName.get(region.control);
  const raw = control?.raw ?? {};
  const color = editor.colorOf(region.id);
  const labelled = editor.labelsOf(region.id).length > 0;
  return {
    id: region.id,
    order,
    shape: region.shape,
    paint: {
      stroke: labelled ? color : (raw.strokecolor ?? color),
      fill: labelled ? color : (raw.fillcolor ?? color),
      fillOpacity: numberOr(raw.fillopacity ?? raw.opacity, FILL_OPACITY),
      strokeWidth: numberOr(raw.strokewidth, STROKE_WIDTH),
      dashed: Boolean(region.suggestion),
    },
    label: labelText(editor, region),
    movable: !region.readonly && !region.locked && !editor.options.readOnly,
    canRotate: raw.canrotate !== "false",
    snap: raw.snap === "pixel" ? "pixel" : "none",
  };
}

function labelText(editor: Editor, region: Region): string {
  const names = editor.labelsOf(region.id).map((label) => label.text);
  const score = shownScore(region);
  if (score !== null) names.push(score.toFixed(2));
  return names.join(" · ");
}

function numberOr(text: string | undefined, fallback: number): number {
  const value = text === undefined ? NaN : Number(text);
  return Number.isFinite(value) ? value : fallback;
}
