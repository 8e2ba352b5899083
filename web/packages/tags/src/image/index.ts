import { defineTag } from "../define";
import type {} from "./canvasSide";

/** A picture, or several pages, to look at and to draw on. */
export const image = defineTag({
  names: ["Image"],
  kind: "object",
  fills: true,
  view: () => import("./ImageView"),
});
