/**
 * Caret mode (key C): marking without a mouse. Arrows move (ctrl: by words; Home, End, PgUp, PgDn), shift selects, a
 * label's key or Enter makes the span, Escape leaves.
 */
import { graphemeStart, nextGrapheme, nextWord, previousGrapheme, previousWord } from "./granularity";
import { scrollToRect } from "./scroll";
import type { TextSurface } from "./surface";

export class CaretMode {
  private at = 0;
  private anchor: number | null = null;
  private readonly mark = document.createElement("div");
  private readonly stop = new AbortController();
  /** The horizontal place that up and down keep. */
  private column: number | null = null;

  constructor(
    private readonly surface: TextSurface,
    className: string,
    private readonly onLeave: () => void,
  ) {
    this.mark.className = className;
    this.mark.ariaHidden = "true";
    const { root } = surface.parts;
    root.parentElement?.append(this.mark);
    this.at = this.firstVisible();
    root.focus({ preventScroll: true });
    const { signal } = this.stop;
    document.addEventListener("keydown", (e) => this.keyDown(e), { signal, capture: true });
    root.addEventListener("click", (e) => this.clicked(e), { signal });
    addEventListener("resize", () => this.draw(), { signal });
    const stopSurface = surface.subscribe(() => this.draw());
    signal.addEventListener("abort", stopSurface);
    this.draw();
  }

  dispose(): void {
    this.stop.abort();
    this.mark.remove();
    if (this.anchor !== null) this.surface.setPending(null);
  }

  get offset(): number {
    return this.at;
  }

  /** Where the person left off: the end of the selected span, else the top of what is in sight. */
  private firstVisible(): number {
    const { surface } = this;
    const [id] = surface.editor.session.selection;
    const span = id === undefined ? undefined : surface.spans.get(id);
    if (span) return span.end;
    const box = surface.parts.root.getBoundingClientRect();
    return surface.blocks.caretAt(box.left + 4, Math.max(box.top, 0) + 12) ?? 0;
  }

  private clicked(e: MouseEvent): void {
    const at = this.surface.blocks.caretAt(e.clientX, e.clientY);
    if (at !== null) this.moveTo(at, false);
  }

  private keyDown(e: KeyboardEvent): void {
    const focus = document.activeElement;
    if (focus instanceof HTMLElement && focus !== document.body && !this.surface.parts.root.contains(focus)) return;
    if (e.altKey || e.metaKey) return;
    if (!this.act(e)) return;
    e.preventDefault();
    e.stopPropagation();
  }

  private act(e: KeyboardEvent): boolean {
    const target = this.target(e);
    if (target !== null) {
      this.moveTo(target, e.shiftKey);
      return true;
    }
    if (e.key === "Escape") return this.escape();
    if (e.key === "Enter" && !e.ctrlKey) return this.enter();
    return false;
  }

  /** Where a key moves the caret; null for other keys. */
  private target(e: KeyboardEvent): number | null {
    const { text } = this.surface;
    if (e.key !== "ArrowUp" && e.key !== "ArrowDown") this.column = null;
    switch (e.key) {
      case "ArrowRight": return e.ctrlKey ? nextWord(text, this.at) : nextGrapheme(text, this.at);
      case "ArrowLeft": return e.ctrlKey ? previousWord(text, this.at) : previousGrapheme(text, this.at);
      case "ArrowDown": return this.byLines(1);
      case "ArrowUp": return this.byLines(-1);
      case "PageDown": return this.byLines(12);
      case "PageUp": return this.byLines(-12);
      case "Home": return e.ctrlKey ? 0 : this.lineEnd(-1);
      case "End": return e.ctrlKey ? text.length : this.lineEnd(1);
      default: return null;
    }
  }

  private byLines(lines: number): number {
    const box = this.box();
    const height = this.lineHeight();
    this.column ??= box.left;
    const y = box.top + box.height / 2 + lines * height;
    scrollToRect(this.surface.parts.root, new DOMRect(this.column, y - height / 2, 1, height));
    const now = this.box();
    return this.surface.blocks.caretAt(this.column, now.top + now.height / 2 + lines * height) ?? (lines > 0 ? this.surface.text.length : 0);
  }

  private lineEnd(direction: 1 | -1): number {
    const box = this.box();
    const root = this.surface.parts.root.getBoundingClientRect();
    return this.surface.blocks.caretAt(direction > 0 ? root.right - 2 : root.left + 2, box.top + box.height / 2) ?? this.at;
  }

  private lineHeight(): number {
    return parseFloat(getComputedStyle(this.surface.parts.root).lineHeight) || 24;
  }

  private moveTo(offset: number, select: boolean): void {
    const { surface } = this;
    const to = graphemeStart(surface.text, offset);
    if (select) this.anchor ??= this.at;
    else this.anchor = null;
    this.at = to;
    const { anchor } = this;
    if (anchor === null || anchor === to) surface.setPending(null);
    else {
      surface.editor.select([]);
      surface.setPending({ start: Math.min(anchor, to), end: Math.max(anchor, to) });
    }
    this.draw();
    scrollToRect(surface.parts.root, this.box());
  }

  /** Enter makes the span; with nothing selected it selects the span under the caret. */
  private enter(): boolean {
    const { surface } = this;
    if (surface.pending) {
      this.anchor = null;
      surface.select(surface.pending);
      if (surface.labelInHand()) surface.setPending(null);
      else surface.editor.notice("Pick a label first: press its key.");
      return true;
    }
    const spans = surface.spansAt(this.at);
    if (spans.length === 0) return false;
    const at = spans.findIndex((span) => surface.editor.session.selection.has(span.id));
    surface.editor.select([spans[(at + 1) % spans.length]?.id ?? ""]);
    return true;
  }

  private escape(): boolean {
    if (this.surface.pending) {
      this.anchor = null;
      this.surface.setPending(null);
    } else this.onLeave();
    return true;
  }

  private box(): DOMRect {
    const { blocks, text } = this.surface;
    const range = blocks.range(this.at, this.at);
    const [box] = range.getClientRects();
    if (box) return box;
    // At a line break a collapsed range has no box: take the side of the character before or after.
    const after = this.at < text.length ? [...blocks.range(this.at, this.at + 1).getClientRects()][0] : undefined;
    if (after) return new DOMRect(after.left, after.top, 0, after.height);
    const before = this.at > 0 ? [...blocks.range(this.at - 1, this.at).getClientRects()].at(-1) : undefined;
    return before ? new DOMRect(before.right, before.top, 0, before.height) : blocks.root.getBoundingClientRect();
  }

  private draw(): void {
    const frame = this.mark.parentElement?.getBoundingClientRect();
    if (!frame) return;
    if (this.surface.pending === null && this.anchor !== null) this.anchor = null;
    const box = this.box();
    this.mark.style.transform = `translate(${box.left - frame.left}px, ${box.top - frame.top}px)`;
    this.mark.style.height = `${box.height}px`;
  }
}
