import { resolveText } from "@labelwright/config";
import { defineTag } from "../define";
import { insertAtCaret } from "./insert";

export const textarea = defineTag({
  names: ["TextArea"],
  kind: "control",
  view: () => import("./TextArea"),
  startValue(node, data) {
    const text = resolveText(node.raw.value, data);
    return text === "" ? undefined : [text];
  },
  check(value, node) {
    const limit = Number(node.attrs.maxsubmissions ?? Infinity);
    return Array.isArray(value) && value.length > limit ? `At most ${limit} texts.` : null;
  },
  commands(node) {
    const focus = node.raw.hotkey ? [node.raw.hotkey] : [];
    const shortcuts = node.children.filter((child) => child.tag === "Shortcut" && child.raw.hotkey);
    return [
      { id: `focus:${node.name}`, title: `Write ${node.name}`, group: node.name, keys: { labelwright: focus, labelStudio: focus }, run: () => focusField(node.name) },
      ...shortcuts.map((child) => ({
        id: `insert:${node.name}:${child.raw.value}`,
        title: `Insert ${child.raw.alias ?? child.raw.value}`,
        group: node.name,
        keys: { labelwright: [child.raw.hotkey ?? ""], labelStudio: [child.raw.hotkey ?? ""] },
        inFields: true,
        run: () => insertAtCaret(node.name, child.raw.value ?? ""),
      })),
    ];
  },
});

function focusField(name: string): void {
  document.querySelector<HTMLElement>(`[data-control="${CSS.escape(name)}"] textarea`)?.focus();
}
