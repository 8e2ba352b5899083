/** What the columns of the data are: media, text, numbers, a few classes. Decides which interface is suggested. */
import type { Row } from "./rows";

export type ColumnKind = "image" | "audio" | "video" | "pdf" | "html" | "dialogue" | "text" | "class" | "number" | "id" | "list" | "other";

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Of a "class" column: its values, most frequent first. */
  readonly classes: readonly string[];
  /** Mean length of the values as text, in characters. */
  readonly length_chars: number;
}

const MOST_CLASSES = 12;
const extensions: readonly [ColumnKind, RegExp][] = [
  ["image", /(^data:image\/)|\.(png|jpe?g|gif|webp|bmp|svg|tiff?)([?#]|$)/i],
  ["audio", /(^data:audio\/)|\.(mp3|wav|ogg|flac|m4a)([?#]|$)/i],
  ["video", /\.(mp4|webm|mov)([?#]|$)/i],
  ["pdf", /\.pdf([?#]|$)/i],
];
const link = /^(https?:\/\/|\/|s3:|gs:|azure-blob:|data:)\S+$/;
const mediaName: readonly [ColumnKind, RegExp][] = [
  ["image", /image|img|photo|picture|frame/i],
  ["audio", /audio|sound|speech|recording/i],
  ["video", /video|clip/i],
];

/** All columns in the order in which they first appear. */
export function detectColumns(rows: readonly Row[]): Column[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return names.map((name) => detectColumn(name, rows.map((row) => row[name]).filter((value) => value !== undefined && value !== null && value !== "")));
}

export function detectColumn(name: string, values: readonly unknown[]): Column {
  const texts = values.map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  const length_chars = texts.reduce((sum, text) => sum + text.length, 0) / Math.max(1, texts.length);
  const kind = kindOf(name, values, texts, length_chars);
  return { name, kind, length_chars, classes: kind === "class" ? byFrequency(texts) : [] };
}

function kindOf(name: string, values: readonly unknown[], texts: readonly string[], length_chars: number): ColumnKind {
  const [first] = values;
  if (first === undefined) return "other";
  if (Array.isArray(first)) return isDialogue(first) ? "dialogue" : "list";
  if (typeof first === "object") return "other";
  const most = (test: (text: string) => boolean) => texts.filter(test).length > texts.length * 0.8;
  for (const [kind, pattern] of extensions) if (most((text) => pattern.test(text))) return kind;
  if (most((text) => link.test(text))) for (const [kind, pattern] of mediaName) if (pattern.test(name)) return kind;
  if (/(^|[_\s-])(id|uuid|key|index)$/i.test(name) || /[a-z]Id$/.test(name)) return "id";
  if (most((text) => /^\s*<[a-z!][\s\S]*>\s*$/i.test(text))) return "html";
  const distinct = new Set(texts).size;
  const few = texts.length >= 4 && distinct >= 2 && distinct <= MOST_CLASSES && distinct <= texts.length / 2 && length_chars <= 40;
  if (typeof first === "number" || typeof first === "boolean") return "number";
  return few ? "class" : "text";
}

function isDialogue(items: readonly unknown[]): boolean {
  const [first] = items;
  return typeof first === "object" && first !== null && "text" in first;
}

function byFrequency(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts.keys()].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0));
}

const order: readonly ColumnKind[] = ["video", "image", "audio", "pdf", "dialogue", "html", "text", "list", "class"];

/** The column that people most likely want to label: media first, then the longest text. */
export function mainColumn(columns: readonly Column[]): Column | null {
  const ranked = columns
    .filter((column) => order.includes(column.kind))
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || b.length_chars - a.length_chars);
  return ranked[0] ?? columns[0] ?? null;
}

/** Label names that the data already holds: the values of a column called "label", "class", "sentiment" … or of the only class column. */
export function guessLabels(columns: readonly Column[]): readonly string[] {
  const classes = columns.filter((column) => column.kind === "class");
  const named = classes.find((column) => /label|class|categor|sentiment|target|tag|intent|topic|type/i.test(column.name));
  return named?.classes ?? [];
}
