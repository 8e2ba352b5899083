/** Keys of options as views show them. */
import type { Option } from "@labelwright/config";
import { optionCommandId, type Editor } from "@labelwright/engine";
import { useCallback, useSyncExternalStore } from "react";

/** Key of a label or choice, spelled `shift+1`; null when it has none. */
export function useOptionKey(editor: Editor, control: string, option: Option): string | null {
  return useCommandKey(editor, optionCommandId(control, option.path.join("/")));
}

/** First key in force for a command; null when it has none. */
export function useCommandKey(editor: Editor, id: string): string | null {
  const subscribe = useCallback((notify: () => void) => editor.commands.onChange(notify), [editor]);
  return useSyncExternalStore(subscribe, () => (editor.options.hotkeys ? editor.commands.keyOf(id) : null));
}
