/** `<LabelEditor>`: the config's tags around the objects, the region panel, keys and announcements. */
export { LabelEditor } from "./LabelEditor";
export type { LabelEditorProps } from "./LabelEditor";
export { commandList, type CommandGroup } from "./commandList";
