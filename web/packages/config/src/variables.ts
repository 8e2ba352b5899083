/** `$field` in attributes: where a config takes its text, media and options from the task. */
import type { AttrValue, ConfigNode } from "./types";

export type TaskData = Readonly<Record<string, unknown>>;

const variable = /\$[\w[\].{}]+/g;
const wholeVariable = /^\$[\w[\].{}]+$/;

/** Whether `text` contains a `$field`. */
export function hasVariable(text: string): boolean {
  return text.search(variable) >= 0;
}

/** The field paths that `text` refers to, without "$": `"$a.b[0] and $c"` → ["a.b[0]", "c"]. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(variable)].map(([found]) => trimPath(found.slice(1)));
}

/**
 * What an attribute stands for with this task. An attribute that is one `$field` gives the field's raw value ("" when
 * missing); fields inside a longer text are put in as text.
 */
export function resolve(value: AttrValue | undefined, data: TaskData): unknown {
  if (typeof value !== "string") return value;
  if (wholeVariable.test(value)) return fieldOf(data, trimPath(value.slice(1))) ?? "";
  return value.replace(variable, (found) => {
    const path = trimPath(found.slice(1));
    return asText(fieldOf(data, path)) + found.slice(1 + path.length);
  });
}

/** As `resolve`, as text; lists and objects as JSON. */
export function resolveText(value: AttrValue | undefined, data: TaskData): string {
  return asText(resolve(value, data));
}

function asText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Marks of the sentence around a field are not part of its path: "Hello $name.", "[$name]". */
function trimPath(path: string): string {
  let trimmed = path;
  while (/[.{}]$/.test(trimmed) || (trimmed.endsWith("]") && trimmed.split("]").length > trimmed.split("[").length)) trimmed = trimmed.slice(0, -1);
  return trimmed;
}

/** Value at a path like `a.b[0].c`; undefined when any step is missing. A column may itself have dots in its name. */
export function fieldOf(data: TaskData, path: string): unknown {
  if (Object.hasOwn(data, path)) return data[path];
  let value: unknown = data;
  for (const step of path.split(/[.[\]]+/).filter((part) => part !== "")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return unnamedField(data);
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/** Plain-text imports have one field without a name, which any variable may mean. */
function unnamedField(data: TaskData): unknown {
  return Object.hasOwn(data, "$undefined$") ? data.$undefined$ : undefined;
}

/** The task fields a tree needs, in document order, each once: first step of each path. */
export function fieldsOf(root: ConfigNode): string[] {
  const fields = new Set<string>();
  const visit = (node: ConfigNode) => {
    for (const text of Object.values(node.raw)) {
      for (const path of variablesIn(text)) fields.add(path.split(/[.[]/, 1)[0] ?? path);
    }
    node.children.forEach(visit);
  };
  visit(root);
  fields.delete("");
  return [...fields];
}
