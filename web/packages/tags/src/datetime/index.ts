import { defineTag } from "../define";
import { inputKind, limitOf, readDate } from "./format";

export const datetime = defineTag({
  names: ["DateTime"],
  kind: "control",
  view: () => import("./DateTime"),
  check(value, node) {
    const iso = readDate(String(value), node);
    if (iso === null) return "This is not a date in the config's format.";
    const kind = inputKind(node);
    const [min, max] = [limitOf(node.attrs.min, kind), limitOf(node.attrs.max, kind)];
    if (min !== undefined && iso < min) return `Not before ${min}.`;
    return max !== undefined && iso > max ? `Not after ${max}.` : null;
  },
});
