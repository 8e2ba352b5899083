/** What a Choices answer says: paths of stored names, one per choice; and how pressing a choice changes it. */
import type { ConfigNode, Option } from "@labelwright/config";
import type { ControlValue } from "@labelwright/engine";

/** Paths chosen by `["a", "b"]`, `[["A", "A1"]]`, or a bare `"a"`. A flat name stands for the option of that name, wherever it is nested. */
export function chosenPaths(value: ControlValue | undefined, options: readonly Option[]): string[] {
  const list = Array.isArray(value) ? value : value === undefined || value === null || value === "" ? [] : [value];
  return list.map((item) => {
    if (Array.isArray(item)) return item.join("/");
    const option = options.find((each) => each.stored === String(item));
    return option ? option.path.join("/") : String(item);
  });
}

export const pathId = (option: Option): string => option.path.join("/");

/** Whether the control takes several choices. */
export const isMultiple = (node: ConfigNode): boolean => node.attrs.choice === "multiple";

/** The answer after pressing `option`; undefined = none. A lone radio button cannot be taken back. */
export function pressChoice(node: ConfigNode, options: readonly Option[], value: ControlValue | undefined, option: Option): ControlValue | undefined {
  const id = pathId(option);
  const chosen = chosenPaths(value, options);
  const isOn = chosen.includes(id);
  if (!isMultiple(node)) return isOn && node.attrs.choice !== "single-radio" ? undefined : write(node, [option.path]);
  const unknown = chosen.filter((each) => !options.some((known) => pathId(known) === each));
  const next = options.filter((each) => (pathId(each) === id ? !isOn : chosen.includes(pathId(each))));
  const written = [...next.map((each) => each.path), ...unknown.map((each) => each.split("/"))];
  return written.length === 0 ? undefined : write(node, written);
}

function write(node: ConfigNode, paths: readonly (readonly string[])[]): ControlValue {
  return node.attrs.allownested === true ? paths.map((path) => [...path]) : paths.map((path) => path.at(-1) ?? "");
}
