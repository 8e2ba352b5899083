/** The server's refusal of an import as a list of rows (contract §4: one entry per item, `{}` for the good ones). */
import { ApiError } from "../api/client";
import type { RowProblem } from "./rows";

export function importProblems(error: unknown): RowProblem[] {
  if (!(error instanceof ApiError)) return [{ row: null, message: error instanceof Error ? error.message : String(error) }];
  const messages = error.lines.flatMap((line) => line.split("\n")).filter((line) => line.trim() !== "");
  return messages.map(readProblem);
}

/** `Error at item 1: "text" key is expected in task data [assume: …]  :: {'nope': 1}` → row 2, without the assumption and the dump. */
function readProblem(message: string): RowProblem {
  const found = /^Error at item (\d+):\s*(.*)$/s.exec(message);
  const text = (found?.[2] ?? message).replace(/\s+::\s.*$/s, "").replace(/\s*\[assume:.*$/s, "");
  // The server counts items from 0.
  return { row: found ? Number(found[1]) + 1 : null, message: text.trim() };
}
