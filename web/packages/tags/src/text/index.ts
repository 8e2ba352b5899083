import { defineTag } from "../define";
import { spanShape } from "./shape";

/** Plain text to read, to classify, or to mark spans in. */
export const text = defineTag({
  names: ["Text"],
  kind: "object",
  shapes: [spanShape],
  view: () => import("./TextView"),
});
