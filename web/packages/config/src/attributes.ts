/** From attributes as written to typed ones, by the tag's schema. */
import type { AttrFacts, AttrValue, TagFacts } from "./types";

export interface AttrComplaint {
  /** Lower-cased name of the attribute. */
  readonly attr: string;
  readonly message: string;
  readonly fix?: string;
  readonly severity: "error" | "warning";
}

export interface TypedAttributes {
  readonly attrs: Record<string, AttrValue | undefined>;
  readonly complaints: readonly AttrComplaint[];
}

/** Typed attributes with defaults filled in. Values that do not fit their type fall back to the default and are reported. */
export function typeAttributes(schema: TagFacts | undefined, raw: Readonly<Record<string, string>>): TypedAttributes {
  const attrs: Record<string, AttrValue | undefined> = {};
  const complaints: AttrComplaint[] = [];
  for (const [key, facts] of Object.entries(schema?.attributes ?? {})) {
    if (facts.default !== undefined && facts.default !== null) attrs[key] = typeDefault(facts, facts.default);
  }
  for (const [key, text] of Object.entries(raw)) {
    const facts = schema?.attributes[key];
    if (facts === undefined) {
      attrs[key] = text;
      if (schema) complaints.push(unknownAttribute(schema, key));
      continue;
    }
    const typed = typeValue(facts, text);
    if (typed === undefined) complaints.push(misfit(facts, key, text));
    else attrs[key] = typed;
  }
  return { attrs, complaints };
}

function typeDefault(facts: AttrFacts, value: AttrValue): AttrValue {
  return (facts.type === "names" || facts.type === "list") && typeof value === "string" ? splitList(value) : value;
}

function splitList(text: string): readonly string[] {
  return text.split(",").map((part) => part.trim()).filter((part) => part !== "");
}

/** `text` as the attribute's type says; undefined when it does not fit. A `$field` is left for the task's data to fill. */
function typeValue(facts: AttrFacts, text: string): AttrValue | undefined {
  if (facts.type !== "names" && facts.type !== "list" && text.startsWith("$")) return text;
  switch (facts.type) {
    case "boolean":
      return { true: true, false: false }[text.toLowerCase()];
    case "number":
    case "integer":
      return typeNumber(facts, text);
    case "enum":
      return typeEnum(facts, text);
    case "names":
    case "list":
      return splitList(text);
    default:
      return text;
  }
}

function typeNumber(facts: AttrFacts, text: string): number | undefined {
  const number = text.trim() === "" ? NaN : Number(text.replace(/px$|%$/, ""));
  if (!Number.isFinite(number) || (facts.type === "integer" && !Number.isInteger(number))) return undefined;
  if (number < (facts.min ?? -Infinity) || number > (facts.max ?? Infinity)) return undefined;
  return number;
}

function typeEnum(facts: AttrFacts, text: string): string | undefined {
  return facts.values?.find((value) => value.toLowerCase() === text.toLowerCase());
}

function misfit(facts: AttrFacts, attr: string, text: string): AttrComplaint {
  const { name, type, values } = facts;
  const wants =
    type === "enum" ? `one of ${values?.join(", ")}`
    : type === "boolean" ? "true or false"
    : `${type === "integer" ? "a whole number" : "a number"}${bounds(facts)}`;
  const near = type === "enum" ? nearest(text, values ?? []) : undefined;
  return { attr, message: `${name}="${text}" should be ${wants}`, severity: "warning", fix: near ? `Write ${name}="${near}".` : `Use ${wants}.` };
}

function bounds({ min, max }: AttrFacts): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  return min !== undefined ? ` of at least ${min}` : max !== undefined ? ` of at most ${max}` : "";
}

function unknownAttribute(schema: TagFacts, attr: string): AttrComplaint {
  const near = nearest(attr, Object.values(schema.attributes).map((facts) => facts.name));
  return {
    attr,
    message: `${schema.name} has no attribute "${attr}"; it is ignored`,
    severity: "warning",
    ...(near ? { fix: `Did you mean ${near}?` } : {}),
  };
}

/** The candidate that `word` is most likely a misspelling of (at most a third of its letters wrong), if there is one. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  const scored = candidates.map((candidate) => ({ candidate, distance: editDistance(wanted, candidate.toLowerCase()) }));
  const best = scored.toSorted((a, b) => a.distance - b.distance)[0];
  return best && best.distance <= Math.max(1, Math.floor(wanted.length / 3)) ? best.candidate : undefined;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
