/** What a project asks, in a few words, from its parsed label config: "Image · boxes", "Text · choices, comment". */
import type { ControlInfo } from "../api/models";

const objectWords: Readonly<Record<string, string>> = {
  HyperText: "HTML",
  TimeSeries: "Time series",
  Paragraphs: "Dialogue",
  Pdf: "PDF",
  List: "List",
};

const controlWords: Readonly<Record<string, string>> = {
  Choices: "choices",
  Taxonomy: "taxonomy",
  Rating: "rating",
  TextArea: "text",
  Number: "number",
  DateTime: "date",
  Pairwise: "comparison",
  Ranker: "ranking",
  Labels: "spans",
  HyperTextLabels: "spans",
  ParagraphLabels: "spans",
  RectangleLabels: "boxes",
  Rectangle: "boxes",
  EllipseLabels: "ellipses",
  Ellipse: "ellipses",
  PolygonLabels: "polygons",
  Polygon: "polygons",
  KeyPointLabels: "points",
  KeyPoint: "points",
  BrushLabels: "masks",
  Brush: "masks",
  BitmaskLabels: "masks",
  Bitmask: "masks",
  VectorLabels: "lines",
  VideoRectangle: "tracks",
  TimelineLabels: "segments",
  TimeSeriesLabels: "segments",
};

const segmented = new Set(["Audio", "AudioPlus", "Video"]);
const MOST = 3;

/** "" when the config asks nothing. */
export function describeConfig(controls: Readonly<Record<string, ControlInfo>> | null | undefined): string {
  const list = Object.values(controls ?? {});
  const objects = new Set(list.flatMap((control) => control.inputs.map((input) => input.type)));
  const asked = new Set(
    list.map((control) => {
      const onTime = control.inputs.some((input) => segmented.has(input.type));
      return control.type === "Labels" && onTime ? "segments" : (controlWords[control.type] ?? control.type.toLowerCase());
    }),
  );
  if (asked.size === 0) return "";
  const shown = [...objects].map((type) => objectWords[type] ?? type).slice(0, MOST).join(", ");
  const words = [...asked];
  return `${shown} · ${words.slice(0, MOST).join(", ")}${words.length > MOST ? " …" : ""}`;
}
