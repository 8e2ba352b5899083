/** What a thumbnail shows of a task and its prediction: the objects that are asked about, what is drawn on them, the labels. */
import type { ControlInfo, ResultItem } from "../api/models";
import { answerTexts, type LabelCount } from "../data/answers";
import type { Span } from "./excerpt";
import type { SkimTask } from "./skimQuery";

/** A figure in percent of the picture. */
export type Figure = { readonly label: string } & (
  | { readonly is: "box"; readonly x: number; readonly y: number; readonly width: number; readonly height: number; readonly rotation: number }
  | { readonly is: "ellipse"; readonly x: number; readonly y: number; readonly rx: number; readonly ry: number; readonly rotation: number }
  | { readonly is: "polygon"; readonly points: readonly (readonly [number, number])[] }
  | { readonly is: "point"; readonly x: number; readonly y: number }
);

export type Shown =
  | { readonly is: "image"; readonly url: string; readonly figures: readonly Figure[] }
  | { readonly is: "text"; readonly text: string; readonly spans: readonly Span[] }
  | { readonly is: "html"; readonly html: string }
  | { readonly is: "other"; readonly kind: string; readonly text: string };

export type Controls = Readonly<Record<string, ControlInfo>>;

const MOST_OBJECTS = 2;

/** The objects of a task that the config asks about, pictures first. */
export function shownOf(controls: Controls, { data, prediction }: SkimTask): Shown[] {
  const objects = new Map<string, { type: string; field: string }>();
  for (const { to_name, inputs } of Object.values(controls)) {
    inputs.forEach(({ type, value }, index) => {
      const name = to_name[index] ?? to_name[0];
      if (name !== undefined && value && !objects.has(name)) objects.set(name, { type, field: value });
    });
  }
  const shown = [...objects].map(([name, { type, field }]) => showObject(type, valueAt(data, field), prediction.result.filter((item) => item.to_name === name)));
  return shown.sort((a, b) => Number(b.is === "image") - Number(a.is === "image")).slice(0, MOST_OBJECTS);
}

function showObject(type: string, value: unknown, result: readonly ResultItem[]): Shown {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (type === "Image" && typeof first === "string") return { is: "image", url: first, figures: result.flatMap(figuresOf) };
  const text = typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
  if (type === "Text") return { is: "text", text, spans: result.flatMap(spansOf) };
  if (type === "HyperText") return { is: "html", html: text };
  return { is: "other", kind: type, text };
}

function valueAt(data: SkimTask["data"], field: string): unknown {
  if (field in data) return data[field];
  return field.split(".").reduce<unknown>((value, step) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[step] : undefined), data);
}

const number = (value: unknown): number => (typeof value === "number" && Number.isFinite(value) ? value : NaN);

function labelOf({ type, value }: ResultItem): string {
  return type && value ? (answerTexts(type, value[type])[0] ?? "") : "";
}

function figuresOf(item: ResultItem): Figure[] {
  const { value = {} } = item;
  const label = labelOf(item);
  const [x, y] = [number(value["x"]), number(value["y"])];
  const rotation = number(value["rotation"]) || 0;
  const points = value["points"];
  if (Array.isArray(points)) {
    const read = points.flatMap((point: unknown) => (Array.isArray(point) ? [[number(point[0]), number(point[1])] as const] : []));
    return read.length > 1 && read.flat().every(Number.isFinite) ? [{ is: "polygon", label, points: read }] : [];
  }
  if (Number.isNaN(x + y)) return [];
  const [rx, ry] = [number(value["radiusX"]), number(value["radiusY"])];
  if (!Number.isNaN(rx + ry)) return [{ is: "ellipse", label, x, y, rx, ry, rotation }];
  const [width, height] = [number(value["width"]), number(value["height"])];
  return Number.isNaN(height) || Number.isNaN(width) ? [{ is: "point", label, x, y }] : [{ is: "box", label, x, y, width, height, rotation }];
}

function spansOf(item: ResultItem): Span[] {
  const start = Number(item.value?.["start"]);
  const end = Number(item.value?.["end"]);
  return item.value?.["start"] !== undefined && Number.isInteger(start) && Number.isInteger(end) ? [{ start, end, label: labelOf(item) }] : [];
}

/** The labels a prediction gives, equal ones counted. Regions whose several controls name the same are counted once each. */
export function labelsOfPrediction(result: readonly ResultItem[], colors: ReadonlyMap<string, string>): LabelCount[] {
  const counts = new Map<string, number>();
  for (const { type, value } of result) {
    for (const text of type && value ? answerTexts(type, value[type]) : []) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => ({ text, count, color: colors.get(text) ?? null }));
}

/** The words somebody would type, "" where the prediction has none. */
export function wordsOf(result: readonly ResultItem[]): string {
  for (const { type, value } of result) {
    const text = type === "textarea" ? value?.["text"] : undefined;
    if (typeof text === "string") return text;
    if (Array.isArray(text) && typeof text[0] === "string") return text[0];
  }
  return "";
}

/** A score for people: two digits, so that 0.999 is not 1. */
export function scoreText(score: number | null): string {
  if (score === null) return "no score";
  return score >= 0 && score <= 1 ? `${Math.floor(score * 100)} %` : score.toPrecision(3);
}
