/** Growing a selection to whole words, sentences or paragraphs. Offsets are UTF-16 code units, `end` exclusive. */

export type Granularity = "symbol" | "word" | "sentence" | "paragraph";

export interface Offsets {
  readonly start: number;
  readonly end: number;
}

/** How far around an offset words and sentences are looked for: keeps a click in a book as quick as one in a line. */
const WINDOW: Readonly<Record<"grapheme" | "word" | "sentence", number>> = { grapheme: 64, word: 256, sentence: 4096 };

const segmenters = new Map<string, Intl.Segmenter>();

function segmenter(granularity: "grapheme" | "word" | "sentence"): Intl.Segmenter {
  let found = segmenters.get(granularity);
  if (!found) {
    found = new Intl.Segmenter(undefined, { granularity });
    segmenters.set(granularity, found);
  }
  return found;
}

/** The segment of `text` that holds the code unit at `offset`; it never reaches over a line break. */
function segmentAt(text: string, offset: number, granularity: "grapheme" | "word" | "sentence"): Offsets & { isWordLike: boolean } {
  const line = granularity === "grapheme" ? { start: 0, end: text.length } : paragraphAt(text, offset);
  const reach = WINDOW[granularity];
  const from = onBoundary(text, Math.max(line.start, offset - reach));
  const to = onBoundary(text, Math.min(line.end, offset + reach));
  const segment = segmenter(granularity).segment(text.slice(from, to)).containing(offset - from);
  if (!segment) return { start: offset, end: offset, isWordLike: false };
  const start = from + segment.index;
  return { start, end: start + segment.segment.length, isWordLike: segment.isWordLike ?? false };
}

/** Not in the middle of a surrogate pair. */
function onBoundary(text: string, offset: number): number {
  const unit = text.charCodeAt(offset);
  return unit >= 0xdc00 && unit <= 0xdfff ? offset - 1 : offset;
}

/** The line (without its break) that holds `offset`. */
export function paragraphAt(text: string, offset: number): Offsets {
  const start = offset <= 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
  const found = text.indexOf("\n", offset);
  return { start, end: found < 0 ? text.length : found };
}

/** The word at `offset`; null between words. */
export function wordAt(text: string, offset: number): Offsets | null {
  const word = segmentAt(text, offset, "word");
  if (word.isWordLike) return word;
  const before = offset > 0 ? segmentAt(text, offset - 1, "word") : word;
  return before.isWordLike && before.end === offset ? before : null;
}

export const sentenceAt = (text: string, offset: number): Offsets => segmentAt(text, Math.min(offset, text.length - 1), "sentence");

/** Start of the user-perceived character that holds `offset` (an emoji with its modifiers is one). */
export const graphemeStart = (text: string, offset: number): number =>
  offset <= 0 || offset >= text.length ? Math.max(0, Math.min(offset, text.length)) : segmentAt(text, offset, "grapheme").start;

export const nextGrapheme = (text: string, offset: number): number => (offset >= text.length ? text.length : segmentAt(text, offset, "grapheme").end);

export const previousGrapheme = (text: string, offset: number): number => (offset <= 0 ? 0 : segmentAt(text, offset - 1, "grapheme").start);

/** The next place at which a word ends (ctrl+→). */
export function nextWord(text: string, offset: number): number {
  for (let at = offset; at < text.length; ) {
    const segment = segmentAt(text, at, "word");
    const end = Math.max(segment.end, at + 1);
    if (segment.isWordLike) return end;
    at = end;
  }
  return text.length;
}

/** The place before at which a word starts (ctrl+←). */
export function previousWord(text: string, offset: number): number {
  for (let at = offset; at > 0; ) {
    const segment = segmentAt(text, at - 1, "word");
    if (segment.isWordLike) return segment.start;
    at = Math.min(segment.start, at - 1);
  }
  return 0;
}

/** Inside the text, without white space at the ends; null when nothing is left. */
export function trimmed(text: string, selection: Offsets): Offsets | null {
  let start = Math.max(selection.start, 0);
  let end = Math.min(selection.end, text.length);
  while (start < end && /\s/.test(text.charAt(start))) start++;
  while (end > start && /\s/.test(text.charAt(end - 1))) end--;
  return start < end ? { start, end } : null;
}

/** The selection grown to whole units and trimmed; null when it holds nothing but white space. */
export function grow(text: string, selection: Offsets, granularity: Granularity): Offsets | null {
  const core = trimmed(text, selection);
  if (!core) return null;
  const last = core.end - 1;
  switch (granularity) {
    case "symbol": {
      const end = core.end < text.length && graphemeStart(text, core.end) !== core.end ? nextGrapheme(text, core.end) : core.end;
      return { start: graphemeStart(text, core.start), end };
    }
    case "word": {
      const first = segmentAt(text, core.start, "word");
      const final = segmentAt(text, last, "word");
      return trimmed(text, { start: first.isWordLike ? first.start : core.start, end: final.isWordLike ? final.end : core.end });
    }
    case "sentence":
      return trimmed(text, { start: sentenceAt(text, core.start).start, end: sentenceAt(text, last).end });
    case "paragraph":
      return trimmed(text, { start: paragraphAt(text, core.start).start, end: paragraphAt(text, last).end });
  }
}
