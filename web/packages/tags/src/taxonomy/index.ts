import { defineTag } from "../define";

export const taxonomy = defineTag({
  names: ["Taxonomy"],
  kind: "control",
  view: () => import("./Taxonomy"),
  check(value, node) {
    const limit = Number(node.attrs.maxusages ?? Infinity);
    return Array.isArray(value) && value.length > limit ? `At most ${limit}.` : null;
  },
});
