/** The options of a control: its Label or Choice children, and those that the task brings (`value="$labels"`). */
import { makeNode } from "./parse";
import type { ConfigNode } from "./types";
import { resolve, resolveText, type TaskData } from "./variables";

export interface Option {
  /** What results store: the alias if there is one, else the value. */
  readonly stored: string;
  readonly value: string;
  readonly alias: string | null;
  /** What is shown (the alias with `showAlias`). */
  readonly text: string;
  /** Stored names from the root to here; of length 1 for flat lists. */
  readonly path: readonly string[];
  /** Typed attributes of the Label or Choice. */
  readonly node: ConfigNode;
  /** Colour the config gives it, or null. */
  readonly color: string | null;
  readonly hotkey: string | null;
  readonly children: readonly Option[];
}

const optionTags = new Set(["Label", "Choice"]);

/** The options of `node` as a tree, in document order; layout tags around them are looked through. */
export function optionsOf(node: ConfigNode, data: TaskData): readonly Option[] {
  return [...readOptions(node.children, data, []), ...dynamicOptions(node, data)];
}

/** The same as one list, parents before their children. */
export function flatOptions(options: readonly Option[]): readonly Option[] {
  return options.flatMap((option) => [option, ...flatOptions(option.children)]);
}

function readOptions(nodes: readonly ConfigNode[], data: TaskData, parents: readonly string[]): Option[] {
  return nodes.flatMap((child) => (optionTags.has(child.tag) ? [readOption(child, data, parents)] : readOptions(child.children, data, parents)));
}

function readOption(node: ConfigNode, data: TaskData, parents: readonly string[]): Option {
  const value = resolveText(node.raw.value, data);
  const alias = node.raw.alias === undefined || node.raw.alias === "" ? null : resolveText(node.raw.alias, data);
  const stored = alias ?? value;
  const path = [...parents, stored];
  return {
    stored,
    value,
    alias,
    text: node.attrs.showalias === true && alias !== null ? alias : value,
    path,
    node,
    color: node.raw.background ?? node.raw.color ?? null,
    hotkey: node.raw.hotkey || null,
    children: readOptions(node.children, data, path),
  };
}

function dynamicOptions(node: ConfigNode, data: TaskData): Option[] {
  if (!node.raw.value?.startsWith("$")) return [];
  const list = resolve(node.raw.value, data);
  const tag = node.tag.endsWith("Labels") ? "Label" : "Choice";
  return Array.isArray(list) ? readOptions(list.map((item) => nodeFrom(item, tag, node)), data, []) : [];
}

/** A Label or Choice as a task spells it: a string, or an object of attributes with `children`. */
function nodeFrom(item: unknown, tag: string, parent: ConfigNode): ConfigNode {
  if (typeof item !== "object" || item === null) return makeNode(tag, { value: String(item) }, "", [], parent.place);
  const { children, ...attributes } = item as Record<string, unknown>;
  const raw = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key.toLowerCase(), String(value)]));
  const below = Array.isArray(children) ? children.map((child) => nodeFrom(child, tag, parent)) : [];
  return makeNode(tag, raw, "", below, parent.place);
}
