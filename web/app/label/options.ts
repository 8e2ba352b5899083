/** How this person wants the editor: the keys they changed, the size of the text. */
import type { EditorOptions } from "@labelwright/engine";
import type { CustomHotkeys, User } from "../api/models";

/** The server keeps keys as `{"region:delete": {key, active}}`; a key that is off is an empty one. */
export function customKeys(stored: CustomHotkeys | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(stored ?? {}).map(([id, { key, active }]) => [id, active ? key : ""]));
}

export function editorOptions(user: User | null, readOnly: boolean, textSize: number): Partial<EditorOptions> {
  return { readOnly, textSize, customHotkeys: customKeys(user?.custom_hotkeys) };
}
