import { defineTag } from "../define";

/** The palette of label chips: the view of every *Labels control (RectangleLabels uses it too). */
export const palette = () => import("./Palette");

export const labels = defineTag({
  names: ["Labels"],
  kind: "control",
  // On an Image, Labels draw nothing by themselves: a plain shape control next to them does.
  draws: { Text: "span" },
  view: palette,
});
