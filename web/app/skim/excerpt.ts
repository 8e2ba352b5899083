/** What a thumbnail shows of a text: a stretch around the first marked words, in pieces. */

export interface Span {
  /** Characters from the beginning of the text. */
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

export interface Piece {
  readonly text: string;
  /** Of a marked piece; null between them. */
  readonly label: string | null;
}

const LEAD_CHARS = 40;

/** At most `most` characters. Of spans that overlap, the first is drawn. */
export function excerpt(text: string, spans: readonly Span[], most: number): Piece[] {
  const sorted = spans.filter(({ start, end }) => start >= 0 && end > start && start < text.length).sort((a, b) => a.start - b.start || b.end - a.end);
  const first = sorted[0]?.start ?? 0;
  const lead = Math.min(LEAD_CHARS, most / 3);
  const from = text.length <= most || first + lead < most ? 0 : wordStart(text, Math.min(first - lead, text.length - most));
  const to = Math.min(text.length, from + most);
  const pieces: Piece[] = from > 0 ? [{ text: "…", label: null }] : [];
  let at = from;
  for (const { start, end, label } of sorted) {
    if (start < at || start >= to) continue;
    if (start > at) pieces.push({ text: text.slice(at, start), label: null });
    at = Math.min(end, to);
    pieces.push({ text: text.slice(start, at), label });
  }
  if (at < to) pieces.push({ text: text.slice(at, to), label: null });
  if (to < text.length) pieces.push({ text: "…", label: null });
  return pieces;
}

/** The beginning of the word at `from`, unless that is far. */
function wordStart(text: string, from: number): number {
  const space = text.lastIndexOf(" ", from);
  return space >= 0 && from - space < 20 ? space + 1 : from;
}

/** A page's words without its tags; offsets into it are not those of the page. */
export function plainText(html: string): string {
  return html.replace(/<(script|style)[\s\S]*?<\/\1>/gi, " ").replace(/<[^>]*>/g, " ").replace(/&nbsp;/g, " ").replace(/\s+/g, " ").trim();
}
