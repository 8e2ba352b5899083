/**
 * A text with its spans on the screen: follows the editor, paints, and turns selections into spans. Knows no React.
 *
 * The document decides what is painted; what the person has selected but not yet labelled (`pending`) is the session's.
 */
import { shownScore, type Change, type Editor, type Region, type RegionId, type Session } from "@labelwright/engine";
import { TextBlocks, type Block, type Tag } from "./blocks";
import { grow, sentenceAt, wordAt, type Granularity, type Offsets } from "./granularity";
import { HighlightPainter, hasHighlights, markRuns, type Painted, type SpanState } from "./painter";
import { scrollToRect } from "./scroll";
import { makeSpan } from "./shape";
import { assignAllLanes, assignLanes, LANES, SpanIndex } from "./spanIndex";

export interface SurfaceOptions {
  readonly granularity: Granularity;
  /** Whether results carry the words (`saveTextResult`). */
  readonly keepText: boolean;
  /** Some control makes spans here, and `selectionEnabled` is not off. */
  readonly marks: boolean;
  readonly showLabels: boolean;
}

export interface SurfaceParts {
  readonly root: HTMLElement;
  readonly text: string;
  readonly editor: Editor;
  readonly object: string;
  readonly options: SurfaceOptions;
  readonly classes: { readonly block: string; readonly tag: string };
}

interface SpanItem {
  readonly id: RegionId;
  readonly start: number;
  readonly end: number;
  readonly color: string;
  readonly words: string;
  readonly dashed: boolean;
  lane: number;
}

const PENDING = " pending";

export class TextSurface {
  readonly blocks: TextBlocks;
  readonly text: string;
  readonly editor: Editor;
  readonly spans = new SpanIndex<SpanItem>();
  /** Selected, waiting for a label. */
  pending: Offsets | null = null;
  private readonly highlights: HighlightPainter | null;
  private readonly listeners = new Set<() => void>();
  private readonly stops: (() => void)[] = [];
  private session: Session;

  constructor(readonly parts: SurfaceParts) {
    const { root, text, editor, classes } = parts;
    this.text = text;
    this.editor = editor;
    this.session = editor.session;
    this.blocks = new TextBlocks(root, text, classes);
    this.highlights = hasHighlights() ? new HighlightPainter(this.blocks, classes.block) : null;
    this.watchTheme();
    this.reload();
    this.stops.push(editor.onChange((change) => this.applyChange(change)), editor.onSession((session) => this.applySession(session)));
  }

  dispose(): void {
    for (const stop of this.stops) stop();
    this.highlights?.dispose();
    this.listeners.clear();
  }

  /** Called after `pending` or the spans changed. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(): void {
    this.parts.root.dataset.spanCount = String(this.spans.size);
    for (const listener of this.listeners) listener();
  }

  private watchTheme(): void {
    const apply = (): void => this.highlights?.setDark(getComputedStyle(document.documentElement).colorScheme === "dark");
    const observer = new MutationObserver(apply);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    const query = matchMedia("(prefers-color-scheme: dark)");
    query.addEventListener("change", apply);
    this.stops.push(() => observer.disconnect(), () => query.removeEventListener("change", apply));
    apply();
  }

  // ---------------------------------------------------------------- spans
  private itemOf(region: Region): SpanItem | null {
    const { shape } = region;
    if (region.object !== this.parts.object || shape.kind !== "span") return null;
    const start = Math.min(Math.max(shape.start, 0), this.text.length);
    const end = Math.min(Math.max(shape.end, start), this.text.length);
    if (end <= start) return null;
    const labels = this.editor.labelsOf(region.id);
    const score = shownScore(region);
    const words = [labels.map((label) => label.text).join(", "), ...(score === null ? [] : [score.toFixed(2)])].join(" ");
    return { id: region.id, start, end, color: this.colorOf(region), words, dashed: Boolean(region.suggestion), lane: 0 };
  }

  private colorOf(region: Region): string {
    const own = this.editor.config.byName.get(this.parts.object)?.raw.highlightcolor;
    return own !== undefined && this.editor.labelsOf(region.id).length === 0 ? own : this.editor.colorOf(region.id);
  }

  private reload(): void {
    for (const { id } of this.spans.all()) this.highlights?.delete(id);
    this.spans.clear();
    for (const region of this.editor.doc.regions.values()) {
      const item = this.itemOf(region);
      if (item) this.spans.set(item);
    }
    const lanes = assignAllLanes(this.spans.all());
    for (const span of this.spans.all()) span.lane = lanes.get(span.id) ?? 0;
    this.renderBlocks(this.blocks.blocks);
    for (const span of this.spans.all()) this.highlight(span);
    this.tell();
  }

  private applyChange(change: Change): void {
    const touched = [...change.created, ...change.updated, ...change.deleted];
    if (change.origin === "load" || touched.length > 300) return this.reload();
    const dirty = new Set<Block>();
    for (const id of touched) this.replace(id, dirty);
    this.repaint(dirty);
    this.tell();
  }

  /** Take the region's new state over; collects the blocks whose tags change. */
  private replace(id: RegionId, dirty: Set<Block>): void {
    const region = this.editor.doc.regions.get(id);
    const after = (region && this.itemOf(region)) ?? undefined;
    const before = this.spans.get(id);
    if (!before && !after) return;
    this.spans.delete(id);
    this.highlights?.delete(id);
    if (after) this.spans.set(after);
    for (const span of [before, after]) {
      if (!span) continue;
      const cluster = this.spans.cluster(span.start, span.end);
      const lanes = assignLanes(cluster);
      for (const other of cluster) {
        const lane = lanes.get(other.id) ?? 0;
        if (lane === other.lane && other.id !== id) continue;
        other.lane = lane;
        this.blocksOf(other).forEach((block) => dirty.add(block));
      }
      this.blocksOf(span).forEach((block) => dirty.add(block));
    }
  }

  /** Blocks that a span's tag or (without highlights) its fill lies in. */
  private blocksOf(span: Offsets): Block[] {
    const last = this.blocks.indexAt(span.end - 1);
    const first = this.highlights ? last : this.blocks.indexAt(span.start);
    return this.blocks.blocks.slice(first, last + 1);
  }

  /** Fill these blocks anew, and paint again what lies on their new text nodes. */
  private repaint(dirty: ReadonlySet<Block>): void {
    this.renderBlocks([...dirty]);
    if (!this.highlights) return;
    const stale = new Set<SpanItem>();
    for (const block of dirty) for (const span of this.spans.touching(block.start, block.end)) stale.add(span);
    for (const span of stale) this.highlight(span);
    if (this.pending && dirty.size > 0) this.paintPending();
  }

  private highlight(span: SpanItem): void {
    if (this.session.hidden.has(span.id)) this.highlights?.delete(span.id);
    else this.highlights?.set(this.painted(span));
  }

  private renderBlocks(blocks: readonly Block[]): void {
    for (const block of blocks) {
      const spans = this.spans.touching(block.start, block.end);
      const shown = spans.filter((span) => !this.session.hidden.has(span.id));
      const runs = this.highlights ? [] : markRuns(block, [...shown.map((span) => this.painted(span)), ...this.pendingPaint(block)]);
      this.blocks.render(block, this.tagsOf(block, shown), runs);
    }
  }

  private tagsOf(block: Block, spans: readonly SpanItem[]): Tag[] {
    if (!this.parts.options.showLabels) return [];
    const ending = spans.filter((span) => span.end > block.start && span.end <= block.end && span.words !== "");
    const tags = ending.filter((span) => span.lane < LANES).map((span) => ({ at: span.end, spanId: span.id, words: span.words, color: span.color, lane: span.lane }));
    const more = new Map<number, SpanItem[]>();
    for (const span of ending) if (span.lane >= LANES) more.set(span.end, [...(more.get(span.end) ?? []), span]);
    for (const [at, hidden] of more) tags.push({ at, spanId: hidden[0]?.id ?? "", words: `+${hidden.length}`, color: hidden[0]?.color ?? "", lane: LANES });
    return tags.sort((a, b) => a.at - b.at || a.lane - b.lane);
  }

  private painted(span: SpanItem): Painted {
    return { ...span, state: this.stateOf(span.id) };
  }

  private stateOf(id: RegionId): SpanState {
    return this.session.selection.has(id) ? "selected" : this.session.hovered === id ? "hovered" : "idle";
  }

  private applySession(session: Session): void {
    const before = this.session;
    this.session = session;
    const changed = new Set<RegionId>();
    if (session.selection !== before.selection) for (const id of [...before.selection, ...session.selection]) changed.add(id);
    if (session.hovered !== before.hovered) for (const id of [before.hovered, session.hovered]) if (id !== null) changed.add(id);
    this.restyle(changed);
    if (session.hidden !== before.hidden) this.repaint(this.blocksOfMoved(before.hidden, session.hidden));
    if (session.selection !== before.selection && session.selection.size === 1) this.revealSoon([...session.selection][0] ?? "");
    if (session.activeLabels !== before.activeLabels && this.pending && this.labelInHand()) this.markPending();
  }

  private restyle(ids: Iterable<RegionId>): void {
    const dirty = new Set<Block>();
    for (const id of ids) {
      const span = this.spans.get(id);
      if (!span) continue;
      if (this.highlights) this.highlight(span);
      else this.blocksOf(span).forEach((block) => dirty.add(block));
    }
    if (dirty.size > 0) this.renderBlocks([...dirty]);
  }

  /** Blocks of the spans that one set has and the other has not. */
  private blocksOfMoved(before: ReadonlySet<RegionId>, after: ReadonlySet<RegionId>): ReadonlySet<Block> {
    const ids = [...before, ...after].filter((id) => before.has(id) !== after.has(id));
    return new Set(ids.flatMap((id) => {
      const span = this.spans.get(id);
      return span ? this.blocks.blocks.slice(this.blocks.indexAt(span.start), this.blocks.indexAt(span.end - 1) + 1) : [];
    }));
  }

  private revealSoon(id: RegionId): void {
    requestAnimationFrame(() => {
      const span = this.spans.get(id);
      if (!span || !this.session.selection.has(id)) return;
      scrollToRect(this.parts.root, this.blocks.range(span.start, span.end).getBoundingClientRect());
    });
  }

  /** Visible spans over an offset, shortest first. */
  spansAt(offset: number): readonly SpanItem[] {
    return this.spans.at(offset).filter((span) => !this.session.hidden.has(span.id));
  }

  // ---------------------------------------------------------------- marking
  /** The unit that selections grow to: the picked label's own, else the text's. */
  granularity(): Granularity {
    for (const [control, [label]] of this.session.activeLabels) {
      const own = this.editor.optionsOf(control).find((option) => option.stored === label)?.node.raw.granularity;
      if (own === "symbol" || own === "word" || own === "sentence" || own === "paragraph") return own;
    }
    return this.parts.options.granularity;
  }

  /** A label for this text is picked up. */
  labelInHand(): boolean {
    const { config } = this.editor;
    return [...this.session.activeLabels].some(([control, labels]) => labels.length > 0 && config.byName.get(control)?.toName.includes(this.parts.object));
  }

  /** What was selected: a span at once when a label is in hand, else it waits for one. Gives the new region's id. */
  select(selection: Offsets, granularity: Granularity = this.granularity()): RegionId | null {
    if (!this.parts.options.marks || this.editor.options.readOnly) return null;
    const grown = grow(this.text, selection, granularity);
    if (!grown) return null;
    if (this.labelInHand()) return this.mark(grown);
    this.editor.select([]);
    this.setPending(grown);
    return null;
  }

  selectWord(offset: number): RegionId | null {
    const word = wordAt(this.text, offset);
    return word && this.select(word);
  }

  selectSentence(offset: number): RegionId | null {
    return this.select(sentenceAt(this.text, offset));
  }

  setPending(pending: Offsets | null): void {
    if (pending?.start === this.pending?.start && pending?.end === this.pending?.end) return;
    const old = this.pending;
    this.pending = pending;
    if (this.highlights) this.paintPending();
    else this.renderBlocks([...new Set([old, pending].flatMap((span) => (span ? this.blocksOf(span) : [])))]);
    this.tell();
  }

  private paintPending(): void {
    if (this.pending) this.highlights?.set({ id: PENDING, ...this.pending, color: "#0f766e", lane: LANES, state: "pending", dashed: false });
    else this.highlights?.delete(PENDING);
  }

  private pendingPaint(block: Block): Painted[] {
    const { pending } = this;
    if (!pending || pending.start >= block.end || pending.end <= block.start) return [];
    return [{ id: PENDING, ...pending, color: "#0f766e", lane: LANES, state: "pending", dashed: false }];
  }

  /** Make the pending selection a span with the label in hand. */
  markPending(): RegionId | null {
    const grown = this.pending && grow(this.text, this.pending, this.granularity());
    this.setPending(null);
    return grown && this.mark(grown);
  }

  private mark({ start, end }: Offsets): RegionId | null {
    const same = this.spans.touching(start, end).find((span) => span.start === start && span.end === end && this.hasLabelInHand(span.id));
    getSelection()?.removeAllRanges();
    this.setPending(null);
    if (same) {
      this.editor.select([same.id]);
      return null;
    }
    return this.editor.addRegion(this.parts.object, makeSpan(this.text, start, end, this.parts.options.keepText))?.id ?? null;
  }

  private hasLabelInHand(id: RegionId): boolean {
    const labels = this.editor.labelsOf(id);
    return [...this.session.activeLabels].every(([control, values]) => values.every((value) => labels.some((label) => label.control === control && label.value === value)));
  }

  /** shift+click: the selected span reaches to `offset`. False when no single span is selected. */
  extendTo(offset: number): boolean {
    const [id, ...others] = this.session.selection;
    const span = id === undefined || others.length > 0 ? undefined : this.spans.get(id);
    const region = span && this.editor.doc.regions.get(span.id);
    if (!span || !region || region.readonly || region.locked) return false;
    const nearStart = Math.abs(offset - span.start) < Math.abs(offset - span.end);
    const wanted = nearStart ? { start: offset, end: span.end } : { start: span.start, end: Math.max(offset, span.start + 1) };
    return this.reshape(span.id, wanted, this.granularity());
  }

  reshape(id: RegionId, wanted: Offsets, granularity: Granularity): boolean {
    const grown = grow(this.text, wanted, granularity);
    if (!grown) return false;
    this.editor.setShape(id, makeSpan(this.text, grown.start, grown.end, this.parts.options.keepText), "Resize");
    return true;
  }
}
