/**
 * A span of a text: UTF-16 offsets into the task's text as it came, `end` exclusive, and the words themselves.
 * `text` is "" where results carry none (`saveTextResult="no"`).
 */
import type { ResultItem, ShapeDef } from "@labelwright/engine";

export interface Span {
  start: number;
  end: number;
  text: string;
}

export type SpanShape = { readonly kind: "span" } & Readonly<Span>;

declare module "@labelwright/engine" {
  interface Shapes {
    span: Span;
  }
}

const isOffset = (value: unknown): value is number => typeof value === "number" && Number.isInteger(value) && value >= 0;

export const spanShape: ShapeDef<"span"> = {
  kind: "span",
  matches({ value = {} }: ResultItem) {
    return isOffset(value.start) && isOffset(value.end) && !("startOffset" in value) && !("channel" in value);
  },
  read({ value = {} }: ResultItem) {
    return { kind: "span", start: Number(value.start), end: Number(value.end), text: typeof value.text === "string" ? value.text : "" };
  },
  write({ start, end, text }) {
    return text === "" ? { start, end } : { start, end, text };
  },
  describe({ start, end, text }) {
    return text === "" ? `${start}–${end}` : `“${text.length > 60 ? `${text.slice(0, 59)}…` : text}”`;
  },
};

/** The span from `start` to `end` of `source`; its words are the source's own, so they cannot disagree. */
export function makeSpan(source: string, start: number, end: number, keepText = true): SpanShape {
  const text = source.slice(start, end);
  if (start < 0 || end > source.length || text.length !== end - start || text === "") throw new RangeError(`no span ${start}–${end} in a text of ${source.length}`);
  return { kind: "span", start, end, text: keepText ? text : "" };
}
