import { defineTag } from "../define";

export const number = defineTag({
  names: ["Number"],
  kind: "control",
  view: () => import("./Number"),
  startValue: (node) => (typeof node.attrs.defaultvalue === "number" ? node.attrs.defaultvalue : undefined),
  check(value, node) {
    const { min, max } = node.attrs;
    if (typeof value !== "number") return "Type a number.";
    if (typeof min === "number" && value < min) return `At least ${min}.`;
    return typeof max === "number" && value > max ? `At most ${max}.` : null;
  },
  commands(node) {
    const keys = node.raw.hotkey ? [node.raw.hotkey] : [];
    const focus = () => document.querySelector<HTMLElement>(`[data-control="${CSS.escape(node.name)}"] input`)?.focus();
    return [{ id: `focus:${node.name}`, title: `Type ${node.name}`, group: node.name, keys: { labelwright: keys, labelStudio: keys }, run: focus }];
  },
});
