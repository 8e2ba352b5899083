/** Mouse and touch on a text: the browser selects, this file says what the selection means. */
import { graphemeStart } from "./granularity";
import type { TextSurface } from "./surface";

const MOVED_PX = 3;

export class TextPointer {
  private readonly stop = new AbortController();
  private down: { x: number; y: number; touch: boolean } | null = null;
  private lastClick: { x: number; y: number } | null = null;
  /** The span that this double click made, in case it becomes a triple one. */
  private made: string | null = null;
  private hoverFrame = 0;

  constructor(private readonly surface: TextSurface) {
    const { root } = surface.parts;
    const { signal } = this.stop;
    root.addEventListener("pointerdown", (e) => this.press(e), { signal });
    root.addEventListener("mousedown", (e) => this.extend(e), { signal });
    document.addEventListener("mouseup", (e) => this.release(e), { signal });
    root.addEventListener("pointermove", (e) => this.hover(e), { signal, passive: true });
    root.addEventListener("pointerleave", () => this.leave(), { signal });
    root.addEventListener("copy", (e) => this.copy(e), { signal });
    document.addEventListener("selectionchange", () => this.selectionChanged(), { signal });
  }

  dispose(): void {
    this.stop.abort();
    cancelAnimationFrame(this.hoverFrame);
  }

  private press(e: PointerEvent): void {
    if (e.button !== 0) return;
    this.down = { x: e.clientX, y: e.clientY, touch: e.pointerType === "touch" };
  }

  /** shift+click with nothing selected by the browser reaches with the selected span. */
  private extend(e: MouseEvent): void {
    if (!e.shiftKey || e.button !== 0 || this.nativeSelection()) return;
    const offset = this.surface.blocks.caretAt(e.clientX, e.clientY);
    if (offset === null || !this.surface.extendTo(offset)) return;
    e.preventDefault();
    this.down = null;
  }

  private release(e: MouseEvent): void {
    const { down } = this;
    this.down = null;
    if (!down || e.button !== 0) return;
    const moved = Math.hypot(e.clientX - down.x, e.clientY - down.y) > MOVED_PX;
    if (!moved && e.detail >= 2) return this.multiClick(e);
    const selected = this.nativeSelection();
    if (selected && (moved || e.shiftKey)) this.surface.select(selected, e.altKey ? "symbol" : undefined);
    else if (!moved) this.click(e);
  }

  private multiClick(e: MouseEvent): void {
    const offset = this.surface.blocks.offsetAt(e.clientX, e.clientY);
    if (offset === null || e.detail > 3) return;
    if (e.detail === 2) {
      this.made = this.surface.selectWord(offset);
      return;
    }
    const { editor } = this.surface;
    const word = this.made;
    this.made = null;
    editor.transact("Mark sentence", () => {
      if (word !== null) editor.deleteRegions([word]);
      this.surface.selectSentence(offset);
    });
    if (word === null || !this.surface.labelInHand()) this.selectNatively();
  }

  /** Show a pending selection as the browser's own, so that it can be copied. */
  private selectNatively(): void {
    const { pending, blocks } = this.surface;
    if (!pending) return;
    const selection = getSelection();
    selection?.removeAllRanges();
    selection?.addRange(blocks.range(pending.start, pending.end));
  }

  private click(e: MouseEvent): void {
    const { surface } = this;
    const { editor } = surface;
    const again = this.lastClick !== null && Math.hypot(e.clientX - this.lastClick.x, e.clientY - this.lastClick.y) <= 4;
    this.lastClick = { x: e.clientX, y: e.clientY };
    surface.setPending(null);
    const ids = this.spansUnder(e);
    const { selection } = editor.session;
    if (ids.length === 0) {
      if (!e.ctrlKey && !e.metaKey) editor.select([]);
    } else if (e.ctrlKey || e.metaKey) {
      const [id = ""] = ids;
      editor.select(selection.has(id) ? [...selection].filter((other) => other !== id) : [...selection, id]);
    } else {
      const at = again || e.altKey ? ids.findIndex((id) => selection.has(id)) : -1;
      editor.select([ids[(at + 1) % ids.length] ?? ""]);
    }
  }

  /** Spans at the pointer, shortest first; on a label tag that tag's own. */
  private spansUnder(e: MouseEvent): string[] {
    const tag = e.target instanceof Element ? e.target.closest<HTMLElement>("[data-span]") : null;
    if (tag?.dataset.span) return [tag.dataset.span];
    const offset = this.surface.blocks.offsetAt(e.clientX, e.clientY);
    return offset === null ? [] : this.surface.spansAt(offset).map((span) => span.id);
  }

  private hover(e: PointerEvent): void {
    if (this.down || e.pointerType === "touch" || this.surface.spans.size === 0) return;
    cancelAnimationFrame(this.hoverFrame);
    this.hoverFrame = requestAnimationFrame(() => {
      const id = this.spansUnder(e)[0] ?? null;
      this.surface.parts.root.style.cursor = id === null ? "" : "pointer";
      this.surface.editor.hover(id);
    });
  }

  private leave(): void {
    cancelAnimationFrame(this.hoverFrame);
    if (this.surface.spans.size > 0) this.surface.editor.hover(null);
  }

  /** Fingers select with the browser's grips: there is no release to wait for, so a selection waits for its label. */
  private selectionChanged(): void {
    if (!this.isTouch) return;
    const selected = this.nativeSelection();
    if (!selected) return;
    const { editor } = this.surface;
    if (editor.session.selection.size > 0) editor.select([]);
    this.surface.setPending(selected);
  }

  private get isTouch(): boolean {
    return matchMedia("(pointer: coarse)").matches;
  }

  /** The browser's selection as offsets of the text; null when empty or elsewhere. */
  private nativeSelection(): { start: number; end: number } | null {
    const selection = getSelection();
    if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
    const range = selection.getRangeAt(0);
    const { blocks, text } = this.surface;
    if (!range.intersectsNode(blocks.root)) return null;
    const start = blocks.offsetOf(range.startContainer, range.startOffset) ?? 0;
    const end = blocks.offsetOf(range.endContainer, range.endOffset) ?? text.length;
    return end > start ? { start: graphemeStart(text, start), end } : null;
  }

  /** Copy the text as it is: the browser would put line breaks between blocks. */
  private copy(e: ClipboardEvent): void {
    const selected = this.nativeSelection();
    if (!selected || !e.clipboardData) return;
    e.clipboardData.setData("text/plain", this.surface.text.slice(selected.start, selected.end));
    e.preventDefault();
  }
}

