import { defineTag } from "../define";

/** Relation labels are shown where relations are: in the region panel. */
export const relations = defineTag({ names: ["Relations"], kind: "visual", view: null });
