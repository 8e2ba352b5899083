/** Commands and the keys in force for them: one registry per editor, so that a key has one meaning. */
import { comboId, combosOf, parseCombo, type Combo } from "./keys";
import type { BoundCommand, Command, CommandRegistry, Editor, EditorOptions, KeyPress } from "./types";

/** A registry for `editor`; `options` say the preset and the person's own keys. */
export function createRegistry(editor: Editor, options: Pick<EditorOptions, "hotkeys" | "hotkeyPreset" | "customHotkeys">): CommandRegistry {
  return new Registry(editor, options);
}

interface Bound extends BoundCommand {
  readonly combos: readonly Combo[];
}

class Registry implements CommandRegistry {
  private groups: (readonly Command[])[] = [];
  private bound: readonly Bound[] | null = null;
  private byCombo = new Map<string, Bound[]>();
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly editor: Editor,
    private readonly options: Pick<EditorOptions, "hotkeys" | "hotkeyPreset" | "customHotkeys">,
  ) {}

  add(commands: readonly Command[]): () => void {
    this.groups = [...this.groups, commands];
    this.changed();
    return () => {
      this.groups = this.groups.filter((group) => group !== commands);
      this.changed();
    };
  }

  private changed(): void {
    this.bound = null;
    for (const listener of [...this.listeners]) listener();
  }

  onChange(f: () => void): () => void {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  }

  list(): readonly BoundCommand[] {
    return this.bindings();
  }

  /** Later commands replace earlier ones with the same id. */
  private bindings(): readonly Bound[] {
    if (this.bound) return this.bound;
    const byId = new Map(this.groups.flat().map((command) => [command.id, command]));
    this.bound = [...byId.values()].map((command) => this.bind(command));
    this.byCombo = new Map();
    for (const bound of this.bound) {
      for (const combo of bound.combos) this.byCombo.set(comboId(combo), [...(this.byCombo.get(comboId(combo)) ?? []), bound]);
    }
    return this.bound;
  }

  private bind(command: Command): Bound {
    const custom = this.options.customHotkeys[command.id];
    const preset = this.options.hotkeyPreset === "label-studio" ? command.keys.labelStudio : command.keys.labelwright;
    const spelled = custom === undefined ? preset : custom.split(/,(?!$)/).filter((key) => key.trim() !== "");
    const keys = spelled.map((key) => key.trim()).filter((key) => parseCombo(key) !== null);
    return { command, keys, combos: keys.map((key) => parseCombo(key)).filter((combo) => combo !== null) };
  }

  keyOf(id: string): string | null {
    return this.bindings().find((bound) => bound.command.id === id)?.keys[0] ?? null;
  }

  run(id: string): boolean {
    const bound = this.bindings().find((each) => each.command.id === id);
    return bound !== undefined && this.runIfEnabled(bound.command);
  }

  private runIfEnabled(command: Command): boolean {
    if (command.enabled?.(this.editor) === false) return false;
    command.run(this.editor);
    return true;
  }

  handle(event: KeyPress): boolean {
    if (!this.options.hotkeys || isModifier(event.key)) return false;
    this.bindings();
    for (const combo of combosOf(event)) {
      for (const bound of this.byCombo.get(comboId(combo))?.toReversed() ?? []) {
        if (worksHere(bound.command, combo, event.focus ?? "none") && this.runIfEnabled(bound.command)) return true;
      }
    }
    return false;
  }

  conflicts(): ReadonlyMap<string, readonly string[]> {
    this.bindings();
    const doubled = [...this.byCombo].filter(([, commands]) => commands.length > 1);
    return new Map(doubled.map(([combo, commands]) => [combo, commands.map((bound) => bound.command.id)]));
  }
}

function isModifier(key: string): boolean {
  return key === "Control" || key === "Shift" || key === "Alt" || key === "Meta" || key === "AltGraph";
}

/** In a text field only what carries ctrl or alt, or says so itself; Enter and Space on a button are the button's. */
function worksHere(command: Command, combo: Combo, focus: NonNullable<KeyPress["focus"]>): boolean {
  const modified = combo.ctrl || combo.alt || combo.meta;
  if (focus === "field") return command.inFields ?? modified;
  if (focus === "choice") return modified || combo.key !== " ";
  if (focus === "button") return modified || (combo.key !== "enter" && combo.key !== " ");
  return true;
}

/** What a browser's focused element means for hotkeys. */
export function focusKind(target: EventTarget | null): NonNullable<KeyPress["focus"]> {
  if (typeof Element === "undefined" || !(target instanceof Element)) return "none";
  if (target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit", "range", "color", "file"].includes(target.type)) return "field";
  if (target.closest("textarea, select, [contenteditable=''], [contenteditable='true'], .cm-editor")) return "field";
  // Chips and choices are pressed by their own keys; Enter goes on to "submit".
  if (target.closest("[role='radio'], [role='checkbox'], [data-hotkeys='choice']")) return "choice";
  return target.closest("button, a[href], summary, [role='button'], [role^='menuitem'], [role='tab'], [role='option'], [role='switch']") ? "button" : "none";
}
