/**
 * A forgiving XML reader with places. It never throws: what is wrong becomes a problem, what is right is kept.
 * Our own, because the config must also be read in Node and a DOM parser gives neither places nor half a tree.
 */

export interface XmlAttr {
  readonly name: string;
  readonly value: string;
  /** Offsets in the source: of the name, and of the value between its quotes. */
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

export interface XmlElement {
  readonly kind: "element";
  readonly name: string;
  readonly attrs: readonly XmlAttr[];
  readonly children: XmlNode[];
  /** Offset of "<". */
  readonly start: number;
  /** Between the opening and the closing tag; equal for `<X/>`. */
  readonly contentStart: number;
  contentEnd: number;
  end: number;
}

export interface XmlText {
  readonly kind: "text";
  /** Entities decoded. */
  readonly text: string;
  readonly start: number;
}

export type XmlNode = XmlElement | XmlText;

export interface XmlProblem {
  readonly message: string;
  readonly fix?: string;
  readonly tag: string;
  readonly offset: number;
}

export interface XmlDocument {
  readonly roots: readonly XmlElement[];
  /** Bodies of comments, in order. */
  readonly comments: readonly string[];
  readonly problems: readonly XmlProblem[];
}

const nameAt = /[A-Za-z_:][\w:.-]*/y;
const spaceAt = /\s*/y;
const entity = /&(#x[0-9a-f]+|#\d+|[a-z]+);/gi;
const named: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'", nbsp: "\u00a0" };

/** Text with its entities decoded; unknown ones are left as written. */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(entity, (whole, body: string) => {
    if (!body.startsWith("#")) return named[body.toLowerCase()] ?? whole;
    const code = body[1] === "x" || body[1] === "X" ? parseInt(body.slice(2), 16) : parseInt(body.slice(1), 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** The document as a tree, with everything that was wrong with it. */
export function parseXml(source: string): XmlDocument {
  return new Reader(source).read();
}

class Reader {
  private at = 0;
  private readonly roots: XmlElement[] = [];
  private readonly open: XmlElement[] = [];
  private readonly comments: string[] = [];
  private readonly problems: XmlProblem[] = [];

  constructor(private readonly source: string) {}

  read(): XmlDocument {
    while (this.at < this.source.length) {
      const next = this.source.indexOf("<", this.at);
      if (next !== this.at) this.readText(next < 0 ? this.source.length : next);
      else this.readMarkup();
    }
    for (const element of this.open.toReversed()) this.closeUnclosed(element, this.source.length);
    return { roots: this.roots, comments: this.comments, problems: this.problems };
  }

  private problem(message: string, offset: number, fix?: string): void {
    this.problems.push({ message, offset, tag: this.open.at(-1)?.name ?? "", ...(fix ? { fix } : {}) });
  }

  private skipPast(end: string, from: number): string {
    const stop = this.source.indexOf(end, from);
    const body = this.source.slice(from, stop < 0 ? this.source.length : stop);
    if (stop < 0) this.problem(`"${end}" is missing`, from, `Add "${end}".`);
    this.at = stop < 0 ? this.source.length : stop + end.length;
    return body;
  }

  private readMarkup(): void {
    const { source, at } = this;
    if (source.startsWith("<!--", at)) this.comments.push(this.skipPast("-->", at + 4).trim());
    else if (source.startsWith("<![CDATA[", at)) this.add(this.skipPast("]]>", at + 9), at);
    else if (source.startsWith("<?", at)) this.skipPast("?>", at + 2);
    else if (source.startsWith("<!", at)) this.readDeclaration();
    else if (source.startsWith("</", at)) this.readClose();
    else this.readOpen();
  }

  private readDeclaration(): void {
    if (!/^<!DOCTYPE\b/i.test(this.source.slice(this.at, this.at + 10))) this.problem('"<!" begins neither a comment nor CDATA', this.at, "Write <!-- … --> for a comment.");
    this.skipPast(">", this.at + 2);
  }

  private readText(end: number): void {
    const start = this.at;
    const raw = this.source.slice(start, end);
    this.at = end;
    this.checkAmpersands(raw, start);
    if (this.open.length === 0 && raw.trim() !== "") this.problem("Text outside of any tag", start + raw.search(/\S/), "Delete it, or put it into a tag.");
    this.add(decodeEntities(raw), start);
  }

  private add(text: string, start: number): void {
    if (text !== "") this.open.at(-1)?.children.push({ kind: "text", text, start });
  }

  private checkAmpersands(raw: string, start: number): void {
    for (const match of raw.matchAll(/&(?!(?:#x[0-9a-f]+|#\d+|[a-z]\w*);)/gi)) {
      this.problem('A bare "&" is not allowed in XML', start + match.index, 'Write "&amp;".');
    }
  }

  private name(): string {
    nameAt.lastIndex = this.at;
    const found = nameAt.exec(this.source)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  private skipSpace(): void {
    spaceAt.lastIndex = this.at;
    this.at += spaceAt.exec(this.source)?.[0].length ?? 0;
  }

  private readClose(): void {
    const start = this.at;
    this.at += 2;
    const name = this.name();
    this.skipPast(">", this.at);
    const depth = this.open.findLastIndex((element) => element.name === name);
    if (depth < 0) {
      const almost = this.open.at(-1);
      if (almost?.name.toLowerCase() === name.toLowerCase()) {
        this.problem(`</${name}> does not match <${almost.name}>`, start, `Write </${almost.name}>.`);
        this.close(almost, start);
      } else this.problem(`</${name}> closes nothing`, start, "Delete it, or open the tag before.");
      return;
    }
    for (const element of this.open.slice(depth + 1).toReversed()) this.closeUnclosed(element, start);
    const element = this.open[depth];
    if (element) this.close(element, start);
  }

  private close(element: XmlElement, contentEnd: number): void {
    element.contentEnd = contentEnd;
    element.end = this.at;
    this.open.pop();
  }

  private closeUnclosed(element: XmlElement, contentEnd: number): void {
    this.problems.push({
      message: `<${element.name}> is never closed`,
      fix: `Add </${element.name}>, or write <${element.name} … />.`,
      tag: element.name,
      offset: element.start,
    });
    element.contentEnd = contentEnd;
    element.end = contentEnd;
    this.open.pop();
  }

  private readOpen(): void {
    const start = this.at;
    this.at += 1;
    const name = this.name();
    if (name === "") {
      this.problem('"<" does not begin a tag', start, 'Write "&lt;".');
      this.add("<", start);
      return;
    }
    const attrs = this.readAttrs(name);
    const selfClosed = this.source.startsWith("/>", this.at);
    if (selfClosed) this.at += 2;
    else if (this.source[this.at] === ">") this.at += 1;
    else this.problem(`<${name} lacks its ">"`, start, 'Add ">".');
    const element: XmlElement = { kind: "element", name, attrs, children: [], start, contentStart: this.at, contentEnd: this.at, end: this.at };
    const parent = this.open.at(-1);
    if (parent) parent.children.push(element);
    else this.roots.push(element);
    if (!selfClosed) this.open.push(element);
  }

  private readAttrs(tag: string): XmlAttr[] {
    const attrs: XmlAttr[] = [];
    for (;;) {
      this.skipSpace();
      const next = this.source[this.at];
      if (next === undefined || next === ">" || next === "<" || this.source.startsWith("/>", this.at)) return attrs;
      const start = this.at;
      const name = this.name();
      if (name === "") {
        this.problem(`Unexpected "${next}" in <${tag}>`, start, "Delete it.");
        this.at += 1;
        continue;
      }
      const attr = this.readValue(tag, name, start);
      if (attrs.some((other) => other.name === name)) this.problem(`${name} is given twice in <${tag}>`, start, "Keep one.");
      else attrs.push(attr);
    }
  }

  private readValue(tag: string, name: string, start: number): XmlAttr {
    this.skipSpace();
    if (this.source[this.at] !== "=") {
      this.problem(`${name} in <${tag}> has no value`, start, `Write ${name}="true".`);
      return { name, value: "true", start, valueStart: start, valueEnd: start };
    }
    this.at += 1;
    this.skipSpace();
    const quote = this.source[this.at];
    if (quote !== '"' && quote !== "'") return this.readBare(tag, name, start);
    const valueStart = this.at + 1;
    const stop = this.source.indexOf(quote, valueStart);
    const valueEnd = stop < 0 ? this.source.length : stop;
    if (stop < 0) this.problem(`The value of ${name} in <${tag}> is not closed`, valueStart, `Add ${quote}.`);
    this.at = Math.min(valueEnd + 1, this.source.length);
    const raw = this.source.slice(valueStart, valueEnd);
    this.checkAmpersands(raw, valueStart);
    if (raw.includes("<")) this.problem(`"<" is not allowed in the value of ${name}`, valueStart + raw.indexOf("<"), 'Write "&lt;".');
    return { name, value: decodeEntities(raw), start, valueStart, valueEnd };
  }

  private readBare(tag: string, name: string, start: number): XmlAttr {
    const valueStart = this.at;
    const length = this.source.slice(valueStart).search(/[\s>]|\/>|$/);
    this.at += length;
    const value = this.source.slice(valueStart, this.at);
    this.problem(`The value of ${name} in <${tag}> needs quotes`, valueStart, `Write ${name}="${value}".`);
    return { name, value: decodeEntities(value), start, valueStart, valueEnd: this.at };
  }
}

/** Turns offsets into lines and columns, both from 1. */
export function places(source: string): (offset: number) => { line: number; column: number } {
  const starts = [0];
  for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
