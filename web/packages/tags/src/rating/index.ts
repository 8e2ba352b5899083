import { defineTag } from "../define";
import { currentValue, pressControl, setControl } from "../shared/control";

const digits = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

export const rating = defineTag({
  names: ["Rating"],
  kind: "control",
  view: () => import("./Rating"),
  startValue: (node) => (Number(node.attrs.defaultvalue) > 0 ? Number(node.attrs.defaultvalue) : undefined),
  commands(node, editor) {
    const count = Number(node.attrs.maxrating ?? 5);
    const more = node.raw.hotkey ? [node.raw.hotkey] : [];
    // Digits mean stars only where they cannot mean anything else.
    const isAlone = editor.config.controls.every((each) => each === node || editor.optionsOf(each.name).length === 0) && editor.config.controls.filter((each) => each.tag === "Rating").length === 1;
    const stars = isAlone ? digits.slice(0, count) : [];
    return [
      { id: `more:${node.name}`, title: `One star more for ${node.name}`, group: node.name, keys: { labelwright: more, labelStudio: more }, run: () => setControl(node, editor, (Number(currentValue(node, editor) ?? 0) % count) + 1) },
      ...stars.map((digit) => ({
        id: `rate:${node.name}:${digit}`,
        title: `${digit} of ${count}`,
        group: node.name,
        keys: { labelwright: [digit], labelStudio: [digit] },
        enabled: () => editor.isVisible(node) && !editor.options.readOnly,
        run: () => pressControl(node, editor, Number(digit)),
      })),
    ];
  },
});
