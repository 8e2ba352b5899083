/**
 * The one line above the table: words and `key:value` terms, all of which must hold → the data manager's query (contract §7).
 *
 *   late parcel  state:todo  label:"Very good"  by:me  id:12,15  channel:mail  created>2026-01-31  score<0.5
 */
import type { DataColumn, User } from "../api/models";

export interface Term {
  /** "" for a plain word. */
  readonly key: string;
  readonly operator: ":" | "<" | ">";
  readonly value: string;
}

export interface FilterItem {
  filter: string;
  operator: string;
  type: string;
  value: unknown;
}

export interface TaskQuery {
  filters?: { conjunction: "and"; items: FilterItem[] };
  ordering?: string[];
}

export interface Parsed {
  readonly items: readonly FilterItem[];
  /** Terms that mean nothing, in words. */
  readonly problems: readonly string[];
}

export type StateWord = "todo" | "done" | "skipped" | "draft";

const stateItems: Readonly<Record<StateWord, readonly FilterItem[]>> = {
  todo: [item("completed_at", "empty", "Datetime", true)],
  done: [item("completed_at", "empty", "Datetime", false)],
  skipped: [item("cancelled_annotations", "greater", "Number", 0)],
  draft: [item("draft_exists", "equal", "Boolean", true)],
};

/** Short names of columns that are not the user's own. */
const aliases: Readonly<Record<string, string>> = { score: "predictions_score", model: "predictions_model_versions", file: "file_upload", created: "created_at", updated: "updated_at", seconds: "avg_lead_time" };

function item(column: string, operator: string, type: string, value: unknown): FilterItem {
  return { filter: `filter:tasks:${column}`, operator, type, value };
}

/** Splits at spaces; `"…"` keeps spaces together. A key is letters, digits, `_`, `.`, `-` before `:`, `<` or `>`. */
export function splitTerms(text: string): Term[] {
  const terms: Term[] = [];
  for (const [, key, operator, quoted, bare, quotedWord, word] of text.matchAll(/([\w.-]+)([:<>])(?:"([^"]*)"?|(\S+))|"([^"]*)"?|(\S+)/g)) {
    if (key && operator) terms.push({ key, operator: operator as Term["operator"], value: quoted ?? bare ?? "" });
    else terms.push({ key: "", operator: ":", value: quotedWord ?? word ?? "" });
  }
  return terms.filter((term) => term.value !== "");
}

/** Terms as text again, so that `splitTerms` reads the same. */
export function joinTerms(terms: readonly Term[]): string {
  return terms.map(({ key, operator, value }) => (key ? key + operator : "") + (/[\s"]/.test(value) ? `"${value.replaceAll('"', "")}"` : value)).join(" ");
}

/** The state named in the text, or null. */
export function stateOfText(text: string): StateWord | null {
  const value = splitTerms(text).find((term) => term.key === "state")?.value.toLowerCase();
  return value && value in stateItems ? (value as StateWord) : null;
}

/** The text with another state (null = any). */
export function withState(text: string, state: StateWord | null): string {
  const others = splitTerms(text).filter((term) => term.key !== "state");
  return joinTerms(state ? [{ key: "state", operator: ":", value: state }, ...others] : others);
}

export interface FilterContext {
  readonly columns: readonly Pick<DataColumn, "id" | "type" | "parent">[];
  readonly users: readonly User[];
  readonly me: number;
}

export function parseFilter(text: string, context: FilterContext): Parsed {
  const items: FilterItem[] = [];
  const problems: string[] = [];
  for (const term of splitTerms(text)) {
    const made = readTerm(term, context);
    if (typeof made === "string") problems.push(made);
    else items.push(...made);
  }
  return { items, problems };
}

function readTerm(term: Term, context: FilterContext): readonly FilterItem[] | string {
  const { key, value } = term;
  const name = key.toLowerCase();
  if (key === "" || value.startsWith("//")) return [item("data", "contains", "String", key ? `${key}:${value}` : value)];
  if (name === "state") return stateItems[value.toLowerCase() as StateWord] ?? `There is no state “${value}”; use todo, done, skipped or draft.`;
  if (name === "label") return [item("annotations_results", "contains", "String", value)];
  if (name === "by") return readPerson(value, context);
  if (name === "id") return readIds(term);
  const column = context.columns.find((each) => each.parent === "data" && each.id === key) ?? context.columns.find((each) => !each.parent && each.id === (aliases[name] ?? name));
  return column ? readColumn(term, column) : `There is no column “${key}”.`;
}

function readPerson(value: string, { users, me }: FilterContext): readonly FilterItem[] | string {
  const wanted = value.toLowerCase();
  const person = wanted === "me" ? me : users.find((user) => `${user.email} ${user.first_name} ${user.last_name}`.toLowerCase().includes(wanted))?.id;
  return person === undefined ? `Nobody here is called “${value}”.` : [item("annotators", "contains", "List", person)];
}

function readIds(term: Term): readonly FilterItem[] | string {
  const ids = term.value.split(",").map(Number);
  if (ids.some((id) => !Number.isInteger(id))) return `“${term.value}” is not an id.`;
  if (term.operator !== ":") return [item("id", term.operator === "<" ? "less" : "greater", "Number", ids[0])];
  return [ids.length === 1 ? item("id", "equal", "Number", ids[0]) : item("id", "in_list", "Number", ids)];
}

function readColumn({ key, operator, value }: Term, column: FilterContext["columns"][number]): readonly FilterItem[] | string {
  const name = column.parent === "data" ? `data.${column.id}` : column.id;
  if (operator === ":") {
    const isNumber = column.type === "Number" && value.trim() !== "" && Number.isFinite(Number(value));
    return [isNumber ? item(name, "equal", "Number", Number(value)) : item(name, "contains", "String", value)];
  }
  const compare = operator === "<" ? "less" : "greater";
  if (column.type === "Datetime") {
    const time = Date.parse(value);
    return Number.isNaN(time) ? `“${value}” is not a date; write 2026-01-31.` : [item(name, compare, "Datetime", new Date(time).toISOString().replace("Z", "000Z"))];
  }
  return Number.isFinite(Number(value)) ? [item(name, compare, "Number", Number(value))] : `“${key}${operator}${value}” needs a number.`;
}

/** The query of `GET /api/tasks`; `sort` is a column with an optional "-". */
export function taskQuery(items: readonly FilterItem[], sort: string | undefined): TaskQuery {
  return {
    ...(items.length > 0 && { filters: { conjunction: "and" as const, items: [...items] } }),
    ...(sort && { ordering: [sort.startsWith("-") ? `-tasks:${sort.slice(1)}` : `tasks:${sort}`] }),
  };
}
