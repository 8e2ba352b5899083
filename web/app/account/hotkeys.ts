/** The table of the hotkeys page: every command with its keys now, what the person changed, and which keys clash. */
import { comboId, parseCombo, type Command } from "@labelwright/engine";
import type { CustomHotkeys } from "../api/models";

export interface HotkeyRow {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly defaults: readonly string[];
  /** Keys in force; empty = none. */
  readonly keys: readonly string[];
  readonly isChanged: boolean;
  /** Titles of the other commands that claim one of its keys since somebody changed one of them. */
  readonly conflicts: readonly string[];
}

export type HotkeyPreset = "labelwright" | "labelStudio";

/** Keys of a stored entry: "a,b"; "," alone is the comma key. */
export function splitKeys(text: string): string[] {
  return text.split(/,(?!$)/).map((key) => key.trim()).filter((key) => key !== "");
}

/** Rows in the order of the commands. Commands of the config's own labels and choices are left out: they belong to the project. */
export function hotkeyRows(commands: readonly Command[], custom: CustomHotkeys): HotkeyRow[] {
  const bound = commands
    .filter((command) => !command.id.startsWith("option:"))
    .map((command) => {
      const own = custom[command.id];
      const keys = own === undefined ? command.keys.labelwright : own.active ? splitKeys(own.key) : [];
      return { command, keys, isChanged: own !== undefined };
    });
  const claims = bound.map(({ keys }) => new Set(keys.map((key) => parseCombo(key)).filter((combo) => combo !== null).map(comboId)));
  return bound.map(({ command, keys, isChanged }, index) => ({
    id: command.id,
    title: command.title,
    group: command.group,
    defaults: command.keys.labelwright,
    keys,
    isChanged,
    conflicts: bound
      // Two defaults on one key are meant so: they are never on one screen, or one takes over where the other ends.
      .filter((other, at) => at !== index && (isChanged || other.isChanged) && [...(claims[at] ?? [])].some((combo) => claims[index]?.has(combo)))
      .map((other) => other.command.title),
  }));
}

/** The custom keys with one command's keys changed; null = its default again. */
export function withKeys(custom: CustomHotkeys, id: string, keys: readonly string[] | null): CustomHotkeys {
  const { [id]: old, ...others } = custom;
  if (keys === null) return others;
  return { ...others, [id]: keys.length > 0 ? { key: keys.join(","), active: true } : { key: old?.key || "none", active: false } };
}

/** All keys as a preset has them; ours are the defaults, so nothing is stored. */
export function presetKeys(commands: readonly Command[], preset: HotkeyPreset): CustomHotkeys {
  if (preset === "labelwright") return {};
  const differing = commands.filter((command) => !command.id.startsWith("option:") && command.keys.labelStudio.join() !== command.keys.labelwright.join());
  return differing.reduce<CustomHotkeys>((custom, command) => withKeys(custom, command.id, command.keys.labelStudio), {});
}

const named: Readonly<Record<string, string>> = { " ": "space", arrowup: "up", arrowdown: "down", arrowleft: "left", arrowright: "right", "+": "plus", ",": "comma" };

/** What a press of keys is called, or null while only ctrl, alt, shift or cmd is held. */
export function spellPress(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "shiftKey" | "metaKey">): string | null {
  const key = event.key.toLowerCase();
  if (["control", "shift", "alt", "meta", "altgraph", "dead"].includes(key)) return null;
  const symbol = key.length === 1 && !/[\p{L}\p{N}\s]/u.test(key);
  const parts = [event.ctrlKey && "ctrl", event.altKey && "alt", event.shiftKey && !symbol && "shift", event.metaKey && "meta", named[key] ?? key];
  return parts.filter(Boolean).join("+");
}
