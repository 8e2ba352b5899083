/**
 * A box on an image: percent of the natural size. `x, y` is the top-left corner before rotation; `rotation` is clockwise
 * degrees about that corner. Values outside 0–100 are allowed and kept.
 */
import type { ResultItem, ShapeDef } from "@labelwright/engine";

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
  rotation: number;
}

declare module "@labelwright/engine" {
  interface Shapes {
    rectangle: Rectangle;
  }
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

export const rectangleShape: ShapeDef<"rectangle"> = {
  kind: "rectangle",
  matches({ value }: ResultItem) {
    return value !== undefined && isNumber(value.x) && isNumber(value.y) && isNumber(value.width) && isNumber(value.height);
  },
  read({ value = {} }: ResultItem) {
    const at = (key: string): number => (isNumber(value[key]) ? value[key] : 0);
    return { kind: "rectangle", x: at("x"), y: at("y"), width: at("width"), height: at("height"), rotation: at("rotation") };
  },
  write({ x, y, width, height, rotation }) {
    return { x, y, width, height, rotation };
  },
  fields: [
    { key: "x", label: "X", unit: "%" },
    { key: "y", label: "Y", unit: "%" },
    { key: "width", label: "W", unit: "%" },
    { key: "height", label: "H", unit: "%" },
    { key: "rotation", label: "Turn", unit: "°" },
  ],
  describe({ x, y, width, height, rotation }) {
    const n = (value: number): string => String(Math.round(value * 10) / 10);
    return `${n(width)} × ${n(height)} at ${n(x)}, ${n(y)}${rotation ? `, turned ${n(rotation)}°` : ""}`;
  },
};
