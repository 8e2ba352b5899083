/** Tags for the engine's own tests: as little as makes the fixtures' controls work. */
import { parseConfig } from "@labelwright/config";
import { createEditor } from "./editor";
import type { CreateOptions } from "./options";
import type { Editor, ResultItem, Shape, TagRules } from "./types";

/** A span, read as a raw shape: the real one lives in packages/tags. */
const toggle: TagRules["press"] = (editor, node, option) => {
  const now = (editor.answerOf(node.name) as string[] | undefined) ?? [];
  const rest = now.filter((each) => each !== option.stored);
  editor.setAnswer(node.name, now.includes(option.stored) ? rest : node.attrs.choice === "multiple" ? [...now, option.stored] : [option.stored]);
};

export const testTags: readonly TagRules[] = [
  { names: ["RectangleLabels", "Rectangle"], draws: { Image: "raw" } },
  { names: ["Labels"], draws: { Text: "raw" }, press: (editor, node, option) => editor.pickLabel(node.name, option.stored) },
  { names: ["Choices"], press: toggle, startValue: (node) => node.children.filter((child) => child.attrs.selected === true).map((child) => child.attrs.value) },
  { names: ["Number"], check: (value, node) => (Number(value) > Number(node.attrs.max ?? Infinity) ? `At most ${node.attrs.max}.` : null) },
];

export function open(config: string, data: Record<string, unknown> = {}, options: CreateOptions = {}): Editor {
  return createEditor(parseConfig(config), data, { tags: testTags, ...options });
}

export const box = (x: number): Shape => ({ kind: "raw", value: { x, y: 0, width: 10, height: 10, rotation: 0 } });

/** Result items without `origin`, and numbers rounded to nine places: what "the same result" means. */
export function comparable(items: readonly ResultItem[]): unknown {
  const strip = (value: unknown): unknown => {
    if (typeof value === "number") return Math.round(value * 1e9) / 1e9;
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, strip(each)]));
    return value;
  };
  return items.map(({ origin: _, ...item }) => strip(item));
}
