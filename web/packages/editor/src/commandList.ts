import type { Editor } from "@labelwright/engine";

export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly { readonly id: string; readonly title: string; readonly keys: readonly string[] }[];
}

/** Every command that has a key, by group, for a help sheet; keys spelled `mod+z`, as `KeyCap` takes them. */
export function commandList(editor: Editor): readonly CommandGroup[] {
  const groups = new Map<string, CommandGroup["commands"][number][]>();
  for (const { command, keys } of editor.commands.list()) {
    if (keys.length === 0) continue;
    const group = groups.get(command.group) ?? [];
    groups.set(command.group, [...group, { id: command.id, title: command.title, keys }]);
  }
  return [...groups].map(([title, commands]) => ({ title, commands }));
}
