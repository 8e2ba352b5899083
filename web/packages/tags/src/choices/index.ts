import { flatOptions, optionsOf } from "@labelwright/config";
import { defineTag } from "../define";
import { currentValue, pressControl, setControl } from "../shared/control";
import { isMultiple, pressChoice } from "./value";

export const choices = defineTag({
  names: ["Choices"],
  kind: "control",
  view: () => import("./Choices"),
  press(editor, node, option) {
    const setOrAccept = isMultiple(node) ? setControl : pressControl;
    setOrAccept(node, editor, pressChoice(node, editor.optionsOf(node.name), currentValue(node, editor), option));
  },
  startValue(node, data) {
    const selected = flatOptions(optionsOf(node, data)).filter((option) => option.node.attrs.selected === true);
    const taken = isMultiple(node) ? selected : selected.slice(0, 1);
    return taken.map((option) => (node.attrs.allownested === true ? [...option.path] : option.stored));
  },
});
