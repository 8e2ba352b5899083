import type { ConfigNode } from "@labelwright/config";
import type { Editor } from "@labelwright/engine";
import { defineTag } from "../define";
import { currentValue, pressControl } from "../shared/control";

export const pairwise = defineTag({
  names: ["Pairwise"],
  kind: "control",
  staysWithObjects: true,
  view: () => import("./Pairwise"),
  commands(node, editor) {
    const hasOptions = editor.config.controls.some((each) => editor.optionsOf(each.name).length > 0);
    const keys = hasOptions || editor.config.makesRegions ? [[], []] : [["1", "left"], ["2", "right"]];
    return (["left", "right"] as const).map((side, index) => ({
      id: `${side}:${node.name}`,
      title: `${side === "left" ? "Left" : "Right"} is better`,
      group: node.name,
      keys: { labelwright: keys[index] ?? [], labelStudio: keys[index] ?? [] },
      enabled: () => editor.isVisible(node) && !editor.options.readOnly,
      run: () => pressSide(node, editor, side),
    }));
  },
});

/** Picks a side; the picked one again takes the answer back. */
export function pressSide(node: ConfigNode, editor: Editor, side: "left" | "right"): void {
  const stored = String((side === "left" ? node.attrs.leftclass : node.attrs.rightclass) ?? side);
  pressControl(node, editor, currentValue(node, editor) === stored ? undefined : stored);
}
