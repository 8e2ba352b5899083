/**
 * The text in the page: blocks of some kilobytes, so that the browser lays out only what is in sight
 * (`content-visibility: auto`), and the way between offsets of the text and places in the DOM.
 *
 * Every code unit of the text stands in exactly one text node, in order; label tags are elements without text, so they
 * change neither offsets nor what is selected.
 */

/** A block ends at the first line break after so many characters … */
const BLOCK = 4096;
/** … or, in a paragraph without breaks, at a space after this many. */
const BLOCK_MAX = 8192;

/** Cut points of a text: [0, …, length]. A block keeps its closing line break. */
export function cutBlocks(text: string): number[] {
  const cuts = [0];
  let from = 0;
  while (text.length - from > BLOCK) {
    const line = text.indexOf("\n", from + BLOCK) + 1;
    let end = line > 0 && line - from <= BLOCK_MAX ? line : text.indexOf(" ", from + BLOCK_MAX - 1024) + 1;
    if (end <= 0 || end - from > 2 * BLOCK_MAX) end = safeCut(text, from + BLOCK_MAX);
    if (end >= text.length) break;
    cuts.push(end);
    from = end;
  }
  if (text.length > 0) cuts.push(text.length);
  return cuts;
}

/** A cut that does not part a surrogate pair. */
function safeCut(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at + 1 : at;
}

/** A label tag at the end of a span. */
export interface Tag {
  readonly at: number;
  readonly spanId: string;
  readonly words: string;
  readonly color: string;
}

/** A run of one block that is painted alike (only where the Highlight API is missing). */
export interface Run {
  readonly start: number;
  readonly end: number;
  paint(element: HTMLElement): void;
}

export interface Block {
  readonly start: number;
  readonly end: number;
  readonly element: HTMLElement;
  nodes: Text[];
  /** Offset of each node's first code unit. */
  starts: number[];
}

export class TextBlocks {
  readonly blocks: readonly Block[];
  private readonly startOf = new WeakMap<Node, number>();

  constructor(
    readonly root: HTMLElement,
    readonly text: string,
    private readonly classes: { readonly block: string; readonly tag: string },
  ) {
    const cuts = cutBlocks(text);
    this.blocks = cuts.slice(1).map((end, i) => this.makeBlock(cuts[i] ?? 0, end));
    root.replaceChildren(...this.blocks.map((block) => block.element));
  }

  private makeBlock(start: number, end: number): Block {
    const element = document.createElement("div");
    element.className = this.classes.block;
    const block: Block = { start, end, element, nodes: [], starts: [] };
    if (this.text.length > BLOCK) element.style.setProperty("--lines", String(estimateLines(this.text, start, end)));
    this.render(block, [], []);
    return block;
  }

  /** Fill a block anew: its text, cut where a tag or a run begins or ends. Tags and runs are in order. */
  render(block: Block, tags: readonly Tag[], runs: readonly Run[]): void {
    const content = document.createDocumentFragment();
    block.nodes = [];
    block.starts = [];
    const cuts = new Set<number>();
    for (const tag of tags) cuts.add(tag.at);
    for (const run of runs) cuts.add(run.start).add(run.end);
    let at = block.start;
    let nextTag = 0;
    let nextRun = 0;
    for (const cut of [...cuts, block.end].sort((a, b) => a - b)) {
      if (cut > at) {
        while ((runs[nextRun]?.end ?? Infinity) <= at) nextRun++;
        const run = runs[nextRun];
        content.append(this.piece(block, at, cut, run && run.start <= at ? run : undefined));
        at = cut;
      }
      for (let tag = tags[nextTag]; tag && tag.at <= at; tag = tags[++nextTag]) content.append(this.tagElement(tag));
    }
    block.element.replaceChildren(content);
  }

  private piece(block: Block, start: number, end: number, run: Run | undefined): Node {
    const node = document.createTextNode(this.text.slice(start, end));
    block.nodes.push(node);
    block.starts.push(start);
    this.startOf.set(node, start);
    if (!run) return node;
    const mark = document.createElement("span");
    run.paint(mark);
    mark.append(node);
    return mark;
  }

  private tagElement(tag: Tag): HTMLElement {
    const element = document.createElement("span");
    element.className = this.classes.tag;
    element.dataset.label = tag.words;
    element.dataset.span = tag.spanId;
    element.ariaHidden = "true";
    element.style.setProperty("--label", tag.color);
    return element;
  }

  // ---------------------------------------------------------------- offsets and places
  /** Place in `blocks` of the block that holds the code unit at `offset`. */
  indexAt(offset: number): number {
    let low = 0;
    let high = this.blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.blocks[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Text node and offset in it. At a seam, `after` says whether the node that begins there is meant. */
  place(offset: number, after: boolean): { node: Node; offset: number } {
    const unit = after || offset === 0 ? offset : offset - 1;
    const block = this.blocks[this.indexAt(unit)];
    if (!block) return { node: this.root, offset: 0 };
    let i = block.starts.length - 1;
    while (i > 0 && (block.starts[i] ?? 0) > unit) i--;
    const node = block.nodes[i];
    const start = block.starts[i] ?? 0;
    return node ? { node, offset: Math.min(Math.max(offset - start, 0), node.length) } : { node: block.element, offset: 0 };
  }

  staticRange(start: number, end: number): StaticRange {
    const from = this.place(start, true);
    const to = this.place(end, false);
    return new StaticRange({ startContainer: from.node, startOffset: from.offset, endContainer: to.node, endOffset: to.offset });
  }

  range(start: number, end: number): Range {
    const from = this.place(start, end > start);
    const to = this.place(end, end === start);
    const range = document.createRange();
    range.setStart(from.node, from.offset);
    range.setEnd(to.node, to.offset);
    return range;
  }

  /** Offset in the text of a place in the DOM; null outside the text. */
  offsetOf(node: Node, offset: number): number | null {
    const start = this.startOf.get(node);
    if (start !== undefined) return start + offset;
    if (!this.root.contains(node)) return null;
    // An element: the text that begins at or after its child number `offset`, else the end of what it holds.
    const walker = document.createTreeWalker(this.root, NodeFilter.SHOW_TEXT);
    const child = node.childNodes[offset];
    if (child) {
      walker.currentNode = child;
      const text = child.nodeType === Node.TEXT_NODE ? child : this.root === child ? null : walker.nextNode();
      return text ? (this.startOf.get(text) ?? null) : this.text.length;
    }
    let last: Node | null = node;
    while (last.lastChild) last = last.lastChild;
    walker.currentNode = last;
    const text = last.nodeType === Node.TEXT_NODE ? last : walker.previousNode();
    const begin = text ? this.startOf.get(text) : undefined;
    return begin === undefined ? 0 : begin + (text?.nodeValue?.length ?? 0);
  }

  /** The code unit under a point of the window, or null beside the text. */
  offsetAt(x: number, y: number): number | null {
    const boundary = this.caretAt(x, y);
    if (boundary === null) return null;
    for (const offset of [boundary, boundary - 1]) {
      if (offset < 0 || offset >= this.text.length) continue;
      for (const box of this.range(offset, offset + 1).getClientRects()) {
        if (x >= box.left && x <= box.right && y >= box.top - 4 && y <= box.bottom + 8) return offset;
      }
    }
    return null;
  }

  /** The caret position nearest to a point of the window. */
  caretAt(x: number, y: number): number | null {
    const found = document.caretPositionFromPoint?.(x, y);
    if (found) return this.offsetOf(found.offsetNode, found.offset);
    const range = document.caretRangeFromPoint?.(x, y);
    return range ? this.offsetOf(range.startContainer, range.startOffset) : null;
  }
}

/** Lines a block may need at 80 characters a line: its height before it was ever laid out. */
function estimateLines(text: string, start: number, end: number): number {
  return text.slice(start, end).split("\n").reduce((lines, line) => lines + Math.max(1, Math.ceil(line.length / 84)), 0);
}
