/**
 * Relations between spans as arcs over the text. With a span selected or hovered only its own arcs are drawn; with none, all,
 * unless there are too many to read.
 */
import type { Relation } from "@labelwright/engine";
import type { TextSurface } from "./surface";

const SVG = "http://www.w3.org/2000/svg";
/** More arcs than this are not drawn all at once. */
const MANY = 40;

interface Foot {
  readonly x: number;
  readonly y: number;
}

export class RelationArrows {
  private readonly svg = document.createElementNS(SVG, "svg");
  private readonly stops: (() => void)[] = [];
  private frame = 0;

  constructor(
    private readonly surface: TextSurface,
    className: string,
  ) {
    const { root } = surface.parts;
    this.svg.setAttribute("class", className);
    this.svg.ariaHidden = "true";
    root.parentElement?.append(this.svg);
    const later = (): void => this.soon();
    const observer = new ResizeObserver(later);
    observer.observe(root);
    root.addEventListener("contentvisibilityautostatechange", later);
    const { editor } = surface;
    this.stops.push(editor.onChange(later), editor.onSession(later), () => observer.disconnect(), () => root.removeEventListener("contentvisibilityautostatechange", later));
    this.soon();
  }

  dispose(): void {
    for (const stop of this.stops) stop();
    cancelAnimationFrame(this.frame);
    this.svg.remove();
  }

  private soon(): void {
    if (this.shown().length === 0 && this.svg.childElementCount === 0) return;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  private shown(): readonly Relation[] {
    const { relations } = this.surface.editor.doc;
    if (relations.length === 0) return relations;
    const { selection, hovered } = this.surface.editor.session;
    const mine = relations.filter(({ from, to }) => selection.has(from) || selection.has(to) || from === hovered || to === hovered);
    return mine.length > 0 ? mine : relations.length <= MANY ? relations : [];
  }

  private draw(): void {
    const frame = this.svg.getBoundingClientRect();
    const arcs = this.shown().flatMap((relation) => {
      const from = this.foot(relation.from, frame);
      const to = this.foot(relation.to, frame);
      return from && to ? [arc(from, to, relation)] : [];
    });
    this.svg.replaceChildren(...arcs);
  }

  /** The middle of the span's first line, at its upper edge. */
  private foot(id: string, frame: DOMRect): Foot | null {
    const span = this.surface.spans.get(id);
    if (!span || this.surface.editor.session.hidden.has(id)) return null;
    const [box] = this.surface.blocks.range(span.start, span.end).getClientRects();
    return box && box.width > 0 ? { x: box.left + box.width / 2 - frame.left, y: box.top - frame.top + 1 } : null;
  }
}

function arc(from: Foot, to: Foot, relation: Relation): SVGElement {
  const group = document.createElementNS(SVG, "g");
  const sameLine = Math.abs(from.y - to.y) < 8;
  const lift = sameLine ? 12 + Math.min(10, Math.abs(from.x - to.x) / 30) : 22;
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", `M ${from.x} ${from.y} C ${from.x} ${from.y - lift}, ${to.x} ${to.y - lift}, ${to.x} ${to.y}`);
  group.append(path);
  if (relation.direction !== "left") group.append(head(to));
  if (relation.direction !== "right") group.append(head(from));
  if (relation.labels.length > 0) group.append(label((from.x + to.x) / 2, (from.y + to.y) / 2 - lift * 0.75, relation.labels.join(", ")));
  return group;
}

/** Both ends come down from above. */
function head({ x, y }: Foot): SVGElement {
  const element = document.createElementNS(SVG, "path");
  element.setAttribute("d", `M ${x} ${y + 1} l -4 -7 l 8 0 z`);
  element.setAttribute("data-head", "");
  return element;
}

function label(x: number, y: number, words: string): SVGElement {
  const element = document.createElementNS(SVG, "text");
  element.setAttribute("x", String(x));
  element.setAttribute("y", String(y + 3));
  element.setAttribute("text-anchor", "middle");
  element.textContent = words;
  return element;
}
