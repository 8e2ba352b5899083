/** Key combinations as text: `ctrl+shift+z`, `?`, `mod+enter`. */
import type { KeyPress } from "./types";

export interface Combo {
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly meta: boolean;
  /** Lower-cased `KeyboardEvent.key`. */
  readonly key: string;
}

const synonyms: Readonly<Record<string, string>> = {
  space: " ", esc: "escape", del: "delete", return: "enter", up: "arrowup", down: "arrowdown", left: "arrowleft", right: "arrowright",
  plus: "+", comma: ",", period: ".", minus: "-", cmd: "meta", command: "meta", option: "alt", control: "ctrl",
};

const isMac = typeof navigator !== "undefined" && /Mac|iP(hone|ad)/.test(navigator.platform ?? "");

/** The combination that `text` spells, or null when it spells none. `mod` is ⌘ on a Mac, else ctrl. */
export function parseCombo(text: string, mac = isMac): Combo | null {
  const parts = text.trim().toLowerCase().replace(/\+\+$/, "+plus").replace(/^\+$/, "plus").split("+").map((part) => part.trim() || "space");
  const names = parts.map((part) => synonyms[part] ?? part).map((part) => (part === "mod" ? (mac ? "meta" : "ctrl") : part));
  const key = names.at(-1);
  if (key === undefined || key === "" || ["ctrl", "alt", "shift", "meta"].includes(key)) return null;
  const has = (name: string) => names.slice(0, -1).includes(name);
  return { ctrl: has("ctrl"), alt: has("alt"), shift: has("shift"), meta: has("meta"), key };
}

/** One spelling for each combination: for maps. */
export function comboId({ ctrl, alt, shift, meta, key }: Combo): string {
  return `${ctrl ? "ctrl+" : ""}${alt ? "alt+" : ""}${shift ? "shift+" : ""}${meta ? "meta+" : ""}${key === "+" ? "plus" : key}`;
}

/**
 * The combinations a key press may mean, best first: by what the key types; for digits and non-Latin layouts also by where
 * it sits. Symbols are compared without shift, for shift is how one types them.
 */
export function combosOf(event: KeyPress): Combo[] {
  const key = event.key.toLowerCase();
  const modifiers = { ctrl: event.ctrlKey, alt: event.altKey, shift: event.shiftKey, meta: event.metaKey };
  const isSymbol = key.length === 1 && !/[\p{L}\p{N}\s]/u.test(key);
  const combos: Combo[] = [{ ...modifiers, key }];
  if (isSymbol && event.shiftKey) combos.push({ ...modifiers, shift: false, key });
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase();
  // ⌥ and AltGr change what a key types, so with alt the place counts too.
  const foreign = key.length === 1 && (/[^\u0000-\u024f]/.test(key) || event.altKey);
  if (digit !== undefined && digit !== key) combos.push({ ...modifiers, key: digit });
  else if (letter !== undefined && letter !== key && foreign) combos.push({ ...modifiers, key: letter });
  return combos;
}

/** Order in which labels and choices get keys of their own, by preset. */
const pools = {
  labelwright: [..."1234567890", ..."123456789".split("").map((digit) => `shift+${digit}`), ..."qwetasdfgzxcvbyiopjklnm"],
  "label-studio": [..."1234567890qwetasdfgzxcvbyiopjklnm"],
} as const;

/** Letters of tools and common commands: never given to labels by the Labelwright preset. */
const reserved = new Set([..."vhropkbewmstcuyx", "shift+r"]);

export interface KeySlot {
  readonly id: string;
  /** Key the config gives, or null. */
  readonly wanted: string | null;
}

/** A key for each slot: the wanted ones first, then the next free of the preset's order. Slots beyond the order get none. */
export function assignKeys(slots: readonly KeySlot[], preset: keyof typeof pools): Map<string, string> {
  const keys = new Map<string, string>();
  const taken = new Set<string>();
  for (const { id, wanted } of slots) {
    const combo = wanted === null ? null : parseCombo(wanted);
    if (wanted === null || combo === null) continue;
    keys.set(id, wanted);
    taken.add(comboId(combo));
  }
  const free = pools[preset].filter((key) => !taken.has(key) && (preset === "label-studio" || !reserved.has(key)));
  for (const { id } of slots) {
    if (keys.has(id)) continue;
    const key = free.shift();
    if (key === undefined) break;
    keys.set(id, key);
  }
  return keys;
}
