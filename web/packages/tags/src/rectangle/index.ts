import { defineTag, type ToolDef } from "../define";
import { palette } from "../labels";
import type {} from "../image/canvasSide";
import { rectangleShape } from "./shape";

const tools: readonly ToolDef[] = [
  { id: "rectangle", title: "Rectangle", keys: { labelwright: ["r"], labelStudio: ["r"] }, icon: "square", shape: "rectangle" },
  { id: "rectangle3", title: "Turned rectangle", keys: { labelwright: ["shift+r"], labelStudio: ["shift+r"] }, icon: "diamond", shape: "rectangle" },
];

const canvas = { load: async () => (await import("./canvas")).rectangleTools };

/** Boxes with labels on an image. */
export const rectangleLabels = defineTag({
  names: ["RectangleLabels"],
  kind: "control",
  shapes: [rectangleShape],
  draws: { Image: "rectangle" },
  view: palette,
  tools,
  canvas,
});

/** Boxes on an image, named by other controls. */
export const rectangle = defineTag({
  names: ["Rectangle"],
  kind: "control",
  shapes: [rectangleShape],
  draws: { Image: "rectangle" },
  view: null,
  tools,
  canvas,
});
