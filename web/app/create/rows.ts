/**
 * Reads a data file well enough to show it: rows for the preview and what is wrong, with places. The server reads the file itself
 * when it is imported; this only has to agree with it (contract §4).
 */

export type Row = Readonly<Record<string, unknown>>;
export type TableFormat = "json" | "jsonl" | "csv" | "tsv" | "txt";

export interface RowProblem {
  /** Counted from 1; null = the file as a whole. */
  readonly row: number | null;
  readonly message: string;
}

export interface ReadRows {
  readonly rows: readonly Row[];
  /** Rows in the file; null when only its beginning was read. */
  readonly total: number | null;
  readonly problems: readonly RowProblem[];
  /** `result` lists of the annotations and predictions that come along. */
  readonly results: readonly unknown[];
}

const MOST_ROWS = 200;
const MOST_PROBLEMS = 20;

/** The format by the name of the file, or null when it is no table. */
export function tableFormat(name: string): TableFormat | null {
  const extension = /\.(\w+)$/.exec(name.toLowerCase())?.[1];
  const formats: Readonly<Record<string, TableFormat>> = { json: "json", jsonl: "jsonl", ndjson: "jsonl", csv: "csv", tsv: "tsv", txt: "txt" };
  return formats[extension ?? ""] ?? null;
}

/** What pasted text most likely is. */
export function guessFormat(text: string): TableFormat {
  const start = text.trimStart();
  if (start.startsWith("[")) return "json";
  if (start.startsWith("{")) return /\}\s*\n\s*\{/.test(start) ? "jsonl" : "json";
  const [first = "", second = ""] = start.split("\n");
  if (first.includes("\t") && second.includes("\t")) return "tsv";
  const commas = first.split(",").length;
  // A header of short words, and a second line with as many cells.
  if (commas > 1 && first.length < 200 && !/[.!?]/.test(first) && splitCsv(second, ",")[0]?.length === commas) return "csv";
  return "txt";
}

/** `whole` = the text is the complete file; else its last line or item may be cut off and is dropped. */
export function readRows(text: string, format: TableFormat, whole = true): ReadRows {
  const clean = text.replace(/^\uFEFF/, "");
  if (format === "json") return readJson(clean, whole);
  if (format === "jsonl") return readJsonLines(clean, whole);
  if (format === "txt") return readLines(clean, whole);
  return readTable(clean, format === "tsv" ? "\t" : delimiterOf(clean), whole);
}

/** Task items → rows: an item with `data` is a task, any other object is the data itself. */
function fromItems(items: readonly unknown[], total: number | null): ReadRows {
  const rows: Row[] = [];
  const problems: RowProblem[] = [];
  const results: unknown[] = [];
  items.forEach((item, index) => {
    if (typeof item !== "object" || item === null || Array.isArray(item)) {
      if (problems.length < MOST_PROBLEMS) problems.push({ row: index + 1, message: `is ${describe(item)}; each row must be an object such as {"text": "…"}` });
      return;
    }
    const { data, annotations, predictions } = item as Record<string, unknown>;
    const isTask = typeof data === "object" && data !== null;
    if (rows.length < MOST_ROWS) rows.push((isTask ? data : item) as Row);
    if (isTask && results.length < MOST_ROWS) {
      for (const answer of [annotations, predictions].filter(Array.isArray).flat()) results.push(...resultOf(answer));
    }
  });
  return { rows, total, problems, results };
}

function resultOf(answer: unknown): unknown[] {
  const result = typeof answer === "object" && answer !== null ? (answer as Record<string, unknown>)["result"] : null;
  return Array.isArray(result) ? result : [];
}

function describe(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}

function failure(message: string): ReadRows {
  return { rows: [], total: 0, problems: [{ row: null, message }], results: [] };
}

function readJson(text: string, whole: boolean): ReadRows {
  if (!whole) return fromItems(leadingItems(text, MOST_ROWS), null);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return failure(`This is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const items = Array.isArray(value) ? value : [value];
  return items.length === 0 ? failure("The list is empty.") : fromItems(items, items.length);
}

/** The first complete items of a JSON list of which only the beginning is there. */
export function leadingItems(text: string, most: number): unknown[] {
  const items: unknown[] = [];
  let depth = 0;
  let start = -1;
  let inText = false;
  for (let at = 0; at < text.length && items.length < most; at++) {
    const char = text[at];
    if (inText) {
      if (char === "\\") at++;
      else if (char === '"') inText = false;
    } else if (char === '"') inText = true;
    else if (char === "{" || char === "[") {
      if (++depth === 2) start = at;
    } else if ((char === "}" || char === "]") && --depth === 1 && start >= 0) {
      items.push(JSON.parse(text.slice(start, at + 1)));
      start = -1;
    }
  }
  return items;
}

function readJsonLines(text: string, whole: boolean): ReadRows {
  const lines = completeLines(text, whole).filter((line) => line.trim() !== "");
  const items: unknown[] = [];
  const problems: RowProblem[] = [];
  lines.forEach((line, index) => {
    try {
      items.push(JSON.parse(line));
    } catch {
      if (problems.length < MOST_PROBLEMS) problems.push({ row: index + 1, message: "is not valid JSON; each line must be one object" });
    }
  });
  const read = fromItems(items, whole ? lines.length : null);
  return { ...read, problems: [...problems, ...read.problems] };
}

function completeLines(text: string, whole: boolean): string[] {
  const lines = text.split(/\r?\n/);
  if (!whole) lines.pop();
  return lines;
}

/** One task a line. The server keeps such a text under the first column the interface asks for; here it is called "text". */
function readLines(text: string, whole: boolean): ReadRows {
  const lines = completeLines(text, whole).filter((line) => line.trim() !== "");
  if (lines.length === 0) return failure("The file is empty.");
  return { rows: lines.slice(0, MOST_ROWS).map((line) => ({ text: line })), total: whole ? lines.length : null, problems: [], results: [] };
}

/** As the server does: ";" if the first line has more of them than commas. */
function delimiterOf(text: string): string {
  const first = text.slice(0, text.search(/\r?\n|$/));
  return first.split(";").length > first.split(",").length ? ";" : ",";
}

function readTable(text: string, delimiter: string, whole: boolean): ReadRows {
  const records = splitCsv(text, delimiter);
  if (!whole) records.pop();
  const [header, ...body] = records;
  if (!header || body.length === 0) return failure("There is no row below the header.");
  const problems = body
    .map((cells, index) => ({ row: index + 1, cells: cells.length }))
    .filter(({ cells }) => cells > header.length)
    .slice(0, MOST_PROBLEMS)
    .map(({ row, cells }) => ({ row, message: `has ${cells} cells, the header ${header.length}` }));
  const rows = body.slice(0, MOST_ROWS).map((cells) => Object.fromEntries(header.map((name, index) => [name, numberOrText(cells[index] ?? "")])));
  return { rows, total: whole ? body.length : null, problems, results: [] };
}

function numberOrText(cell: string): string | number {
  return /^-?(0|[1-9]\d{0,14})(\.\d{1,15})?$/.test(cell) ? Number(cell) : cell;
}

/** RFC 4180: records of cells; quotes may hold delimiters, line ends and doubled quotes. Empty lines are left out. */
export function splitCsv(text: string, delimiter: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let cell = "";
  let quoted = false;
  const endRecord = () => {
    record.push(cell);
    if (record.length > 1 || record[0] !== "") records.push(record);
    record = [];
    cell = "";
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') cell += text[at++];
      else quoted = false;
    } else if (char === '"' && cell === "") quoted = true;
    else if (char === delimiter) {
      record.push(cell);
      cell = "";
    } else if (char === "\n") endRecord();
    else if (char !== "\r" || text[at + 1] !== "\n") cell += char;
  }
  if (cell !== "" || record.length > 0) endRecord();
  return records;
}
