/** Between what a date field of the browser says (ISO 8601) and what results store (ISO, or the config's strftime format). */
import type { ConfigNode } from "@labelwright/config";

export type InputKind = "date" | "time" | "datetime-local" | "month" | "year";

/** Which field the config asks for, by `only`. */
export function inputKind(node: ConfigNode): InputKind {
  const only = node.attrs.only;
  const parts = Array.isArray(only) ? (only as readonly string[]) : String(only ?? "date").split(",").map((part) => part.trim());
  const has = (part: string) => parts.includes(part);
  if (has("date")) return has("time") ? "datetime-local" : "date";
  if (has("time")) return "time";
  if (has("month")) return "month";
  return has("year") ? "year" : "date";
}

/** A limit of the config in the field's terms; undefined when there is none. */
export function limitOf(limit: unknown, kind: InputKind): string | undefined {
  if (typeof limit !== "string" || limit === "") return undefined;
  const iso = limit === "today" ? new Date().toISOString() : limit;
  const length = { date: 10, "datetime-local": 16, month: 7, year: 4, time: 5 }[kind];
  return iso.slice(0, length);
}

/** strftime codes we read and write: name of the part, and its digits. */
const codes: Readonly<Record<string, { readonly part: keyof Parts; readonly pattern: string }>> = {
  Y: { part: "year", pattern: "\\d{4}" },
  m: { part: "month", pattern: "\\d{1,2}" },
  d: { part: "day", pattern: "\\d{1,2}" },
  H: { part: "hour", pattern: "\\d{1,2}" },
  M: { part: "minute", pattern: "\\d{1,2}" },
  S: { part: "second", pattern: "\\d{1,2}" },
};

interface Parts {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
  second: string;
}

const shorthands: Readonly<Record<string, string>> = { "%F": "%Y-%m-%d", "%T": "%H:%M:%S", "%R": "%H:%M", "%D": "%m/%d/%y" };

/** What is stored, as the field wants it; null when it does not fit the format. */
export function readDate(stored: string, node: ConfigNode): string | null {
  const kind = inputKind(node);
  const format = node.raw.format;
  const parts = format ? parse(stored, format) : partsOfIso(stored);
  return parts && toField(parts, kind);
}

/** What the field says, as it is stored. */
export function writeDate(field: string, node: ConfigNode): string {
  const format = node.raw.format;
  if (!format) return field;
  const parts = partsOfIso(field);
  if (!parts) return field;
  return expand(format).replace(/%([a-zA-Z%])/g, (whole, code: string) => (code === "%" ? "%" : code === "y" ? parts.year.slice(2) : (codes[code] && parts[codes[code].part]) || whole));
}

function expand(format: string): string {
  return format.replace(/%[FTRD]/g, (code) => shorthands[code] ?? code);
}

function parse(text: string, format: string): Parts | null {
  const names: (keyof Parts)[] = [];
  const pattern = expand(format).replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/%([a-zA-Z])/g, (_, code: string) => {
    const known = code === "y" ? { part: "year" as const, pattern: "\\d{2}" } : codes[code];
    if (!known) return ".*?";
    names.push(known.part);
    return `(${known.pattern})`;
  });
  const match = new RegExp(`^${pattern}$`).exec(text.trim());
  if (!match) return null;
  const parts: Parts = { year: "2000", month: "01", day: "01", hour: "00", minute: "00", second: "00" };
  names.forEach((name, index) => {
    const digits = match[index + 1] ?? "";
    parts[name] = name === "year" && digits.length === 2 ? `20${digits}` : digits.padStart(2, "0");
  });
  return parts;
}

function partsOfIso(text: string): Parts | null {
  const match = /^(?:(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?)?(?:T?(\d{2}):(\d{2})(?::(\d{2}))?.*)?$/.exec(text.trim());
  if (!match || text.trim() === "") return null;
  const [, year = "2000", month = "01", day = "01", hour = "00", minute = "00", second = "00"] = match;
  return { year, month, day, hour, minute, second };
}

function toField({ year, month, day, hour, minute }: Parts, kind: InputKind): string {
  const date = `${year}-${month}-${day}`;
  return { date, time: `${hour}:${minute}`, "datetime-local": `${date}T${hour}:${minute}`, month: `${year}-${month}`, year }[kind];
}
