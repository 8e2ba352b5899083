/** Where the points of a learning curve lie in a drawing. No DOM. */
import type { CurvePoint } from "../api/mlModels";

export interface Frame {
  readonly width: number;
  readonly height: number;
  /** Room for the words of the axes. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface CurveDrawing {
  /** `d` of the line through the values, and of the band of their intervals. */
  readonly line: string;
  readonly band: string;
  readonly dots: readonly { x: number; y: number; point: CurvePoint }[];
  /** Height of the baseline, if there is one. */
  readonly baselineY: number | null;
  readonly yTicks: readonly { y: number; value: number }[];
  readonly xTicks: readonly { x: number; labels: number }[];
}

/** Least and greatest value of the drawing: shares keep to [0, 1] as a whole, errors start at 0. */
function extent(points: readonly CurvePoint[], baseline: number | null): [number, number] {
  const top = Math.max(...points.map(({ high }) => high), baseline ?? 0);
  return [0, top <= 1 ? 1 : niceTop(top)];
}

function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return Math.ceil(value / power) * power;
}

/** Points must be in the order of their labels; at least one. */
export function drawCurve(points: readonly CurvePoint[], baseline: number | null, frame: Frame): CurveDrawing {
  const [least, greatest] = extent(points, baseline);
  const most = Math.max(...points.map(({ labels }) => labels));
  const x = (labels: number) => round(frame.left + (labels / most) * (frame.width - frame.left - frame.right));
  const y = (value: number) => round(frame.height - frame.bottom - ((value - least) / (greatest - least)) * (frame.height - frame.top - frame.bottom));
  const path = (places: readonly (readonly [number, number])[]) => places.map(([px, py], index) => `${index === 0 ? "M" : "L"}${px} ${py}`).join("");
  const upper = points.map(({ labels, high }) => [x(labels), y(Math.min(high, greatest))] as const);
  const lower = points.map(({ labels, low }) => [x(labels), y(Math.max(low, least))] as const).reverse();
  const marks = [...new Set([0, Math.round(most / 2), most])];
  return {
    line: path(points.map(({ labels, value }) => [x(labels), y(value)])),
    band: `${path([...upper, ...lower])}Z`,
    dots: points.map((point) => ({ x: x(point.labels), y: y(point.value), point })),
    baselineY: baseline === null ? null : y(baseline),
    yTicks: [0, 0.25, 0.5, 0.75, 1].map((part) => ({ y: y(least + part * (greatest - least)), value: least + part * (greatest - least) })),
    xTicks: marks.map((labels) => ({ x: x(labels), labels })),
  };
}

const round = (value: number) => Math.round(value * 10) / 10;
