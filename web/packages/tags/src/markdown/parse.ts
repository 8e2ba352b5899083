/** The Markdown that instructions are written in, as a tree: headings, paragraphs, lists, quotes, code, rules; no raw HTML. */

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "strong" | "em" | "del"; readonly children: readonly Inline[] }
  | { readonly kind: "link"; readonly href: string; readonly children: readonly Inline[] }
  | { readonly kind: "image"; readonly src: string; readonly alt: string };

export type Block =
  | { readonly kind: "heading"; readonly level: number; readonly children: readonly Inline[] }
  | { readonly kind: "paragraph"; readonly children: readonly Inline[] }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly (readonly Block[])[] }
  | { readonly kind: "quote"; readonly children: readonly Block[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "rule" };

const bullet = /^(\s*)(?:([-*+])|(\d+)[.)])\s+/;

/** Blocks of a text; common indentation (from the config's own nesting) is taken off first. */
export function parseMarkdown(source: string): readonly Block[] {
  const lines = source.replace(/\r\n?/g, "\n").replace(/\t/g, "    ").split("\n");
  const indents = lines.slice(1).filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  const common = indents.length > 0 ? Math.min(...indents) : 0;
  return readBlocks(lines.map((line, index) => (index === 0 ? line.trimStart() : line.slice(common))));
}

function readBlocks(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    const [block, next] = line.trim() === "" ? [null, at + 1] : readBlock(lines, at);
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

function readBlock(lines: readonly string[], at: number): [Block, number] {
  const line = lines[at] ?? "";
  const heading = /^\s{0,3}(#{1,6})\s+(.*?)\s*#*$/.exec(line);
  if (heading) return [{ kind: "heading", level: heading[1]?.length ?? 1, children: readInline(heading[2] ?? "") }, at + 1];
  if (/^\s{0,3}(?:\*\s*){3,}$|^\s{0,3}(?:-\s*){3,}$|^\s{0,3}(?:_\s*){3,}$/.test(line)) return [{ kind: "rule" }, at + 1];
  if (/^\s*```/.test(line)) {
    const end = lines.findIndex((each, index) => index > at && /^\s*```/.test(each));
    const stop = end < 0 ? lines.length : end;
    return [{ kind: "code", text: lines.slice(at + 1, stop).join("\n") }, stop + 1];
  }
  if (/^\s*>/.test(line)) {
    const stop = endOf(lines, at, (each) => /^\s*>/.test(each));
    return [{ kind: "quote", children: readBlocks(lines.slice(at, stop).map((each) => each.replace(/^\s*>\s?/, ""))) }, stop];
  }
  if (bullet.test(line)) return readList(lines, at);
  const stop = endOf(lines, at, (each, index) => each.trim() !== "" && (index === at || !startsBlock(each)));
  return [{ kind: "paragraph", children: readInline(lines.slice(at, stop).map((each) => each.trim()).join("\n")) }, stop];
}

const startsBlock = (line: string): boolean => bullet.test(line) || /^\s*(?:#{1,6}\s|```|>)/.test(line);

function endOf(lines: readonly string[], from: number, belongs: (line: string, index: number) => boolean): number {
  let at = from;
  while (at < lines.length && belongs(lines[at] ?? "", at)) at += 1;
  return at;
}

function readList(lines: readonly string[], at: number): [Block, number] {
  const first = bullet.exec(lines[at] ?? "");
  const indent = first?.[1]?.length ?? 0;
  const items: Block[][] = [];
  let next = at;
  while (next < lines.length) {
    const match = bullet.exec(lines[next] ?? "");
    if (!match || (match[1]?.length ?? 0) !== indent || (match[3] === undefined) !== (first?.[3] === undefined)) break;
    const stop = endOf(lines, next + 1, (line) => (line.trim() !== "" ? line.search(/\S/) > indent : false));
    const inner = lines.slice(next, stop);
    items.push(readBlocks([(inner[0] ?? "").slice(match[0].length), ...inner.slice(1).map((line) => line.slice(Math.min(match[0].length, line.search(/\S/))))]));
    next = stop;
  }
  return [{ kind: "list", ordered: first?.[3] !== undefined, items }, next];
}

const inlineAt = /`([^`]+)`|!\[([^\]]*)\]\(([^)\s]+)\)|\[([^\]]+)\]\(([^)\s]+)\)|(\*\*|__)(?=\S)(.+?)\6|(\*|_)(?=\S)(.+?)\8(?!\w)|~~(.+?)~~|(https?:\/\/[^\s<]+[^\s<.,:;)])/s;

function readInline(text: string): Inline[] {
  const match = inlineAt.exec(text);
  if (!match) return text === "" ? [] : [{ kind: "text", text }];
  const before: Inline[] = match.index > 0 ? [{ kind: "text", text: text.slice(0, match.index) }] : [];
  return [...before, inlineOf(match), ...readInline(text.slice(match.index + match[0].length))];
}

function inlineOf(match: RegExpExecArray): Inline {
  const [whole, code, alt, src, label, href, , strong, , em, del, url] = match;
  if (code !== undefined) return { kind: "code", text: code };
  if (src !== undefined) return { kind: "image", src, alt: alt ?? "" };
  if (href !== undefined) return isSafeLink(href) ? { kind: "link", href, children: readInline(label ?? "") } : { kind: "text", text: label ?? "" };
  if (strong !== undefined) return { kind: "strong", children: readInline(strong) };
  if (em !== undefined) return { kind: "em", children: readInline(em) };
  if (del !== undefined) return { kind: "del", children: readInline(del) };
  return url === undefined ? { kind: "text", text: whole } : { kind: "link", href: url, children: [{ kind: "text", text: url }] };
}

/** Links that cannot run anything. */
export function isSafeLink(href: string): boolean {
  return /^(?:https?:|mailto:|\/(?!\/)|#|\.)/i.test(href);
}
