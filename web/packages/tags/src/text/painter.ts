/**
 * Colours on the text. `HighlightPainter` uses the CSS Custom Highlight API: ranges with a name and a style, no elements.
 * Where that is missing, `markRuns` cuts the text of a block into painted spans.
 */
import { LANES } from "./spanIndex";
import type { Run, TextBlocks } from "./blocks";

export type SpanState = "idle" | "hovered" | "selected" | "pending";

export interface Painted {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  /** CSS colour of its label. */
  readonly color: string;
  readonly lane: number;
  readonly state: SpanState;
  readonly dashed: boolean;
}

export const hasHighlights = (): boolean => typeof Highlight === "function" && typeof CSS !== "undefined" && "highlights" in CSS;

const FILL: Readonly<Record<SpanState, number>> = { idle: 22, hovered: 34, selected: 46, pending: 30 };

let painters = 0;

export class HighlightPainter {
  private readonly prefix = `lw${++painters}`;
  private readonly sheet = new CSSStyleSheet();
  private readonly groups = new Map<string, { name: string; highlight: Highlight }>();
  private readonly painted = new Map<string, { group: Highlight; range: StaticRange }>();
  private dark = false;

  constructor(
    private readonly blocks: TextBlocks,
    private readonly blockClass: string,
  ) {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.sheet];
  }

  dispose(): void {
    for (const { name } of this.groups.values()) CSS.highlights.delete(name);
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.sheet);
  }

  /** Whether a span's range must be made anew: its text nodes were replaced. */
  has(id: string): boolean {
    return this.painted.has(id);
  }

  set(span: Painted): void {
    this.delete(span.id);
    const group = this.group(span);
    const range = this.blocks.staticRange(span.start, span.end);
    group.add(range);
    this.painted.set(span.id, { group, range });
  }

  delete(id: string): void {
    const old = this.painted.get(id);
    if (!old) return;
    old.group.delete(old.range);
    this.painted.delete(id);
  }

  /** The theme changed: colours are lightened on a dark ground. */
  setDark(dark: boolean): void {
    if (dark === this.dark) return;
    this.dark = dark;
    this.sheet.replaceSync([...this.groups].map(([key, { name }]) => this.rule(name, JSON.parse(key) as GroupKey)).join("\n"));
  }

  private group(span: Painted): Highlight {
    const key = JSON.stringify([span.color, Math.min(span.lane, LANES), span.state, span.dashed] satisfies GroupKey);
    let group = this.groups.get(key);
    if (!group) {
      group = { name: `${this.prefix}-${this.groups.size}`, highlight: new Highlight() };
      group.highlight.priority = span.state === "idle" ? LANES - Math.min(span.lane, LANES) : 10;
      this.groups.set(key, group);
      this.sheet.insertRule(this.rule(group.name, JSON.parse(key) as GroupKey), this.sheet.cssRules.length);
      CSS.highlights.set(group.name, group.highlight);
    }
    return group.highlight;
  }

  private rule(name: string, [color, lane, state, dashed]: GroupKey): string {
    const ink = this.dark ? lifted(color) : color;
    const line = lane < LANES
      ? `text-decoration: underline ${dashed ? "dashed" : "solid"} ${ink} ${state === "selected" ? 3 : 2}px; text-underline-offset: ${3 + lane * 4}px; text-decoration-skip-ink: none;`
      : "";
    return `.${this.blockClass}::highlight(${name}) { background-color: color-mix(in srgb, ${ink} ${FILL[state]}%, transparent); ${line} }`;
  }
}

type GroupKey = [color: string, lane: number, state: SpanState, dashed: boolean];

/** The colour with its lightness raised by 12 % for a dark ground. */
const lifted = (color: string): string => `oklch(from ${color} calc(l + 0.12) c h)`;

/** Painted runs of one block for browsers without highlights: one per stretch under the same spans. */
export function markRuns(block: { start: number; end: number }, spans: readonly Painted[]): Run[] {
  const cuts = new Set<number>();
  for (const span of spans) cuts.add(Math.max(span.start, block.start)).add(Math.min(span.end, block.end));
  const at = [...cuts].sort((a, b) => a - b);
  return at.slice(1).flatMap((end, i) => {
    const start = at[i] ?? 0;
    const over = spans.filter((span) => span.start <= start && span.end >= end);
    return over.length === 0 ? [] : [{ start, end, paint: (element: HTMLElement) => paintMark(element, over) }];
  });
}

function paintMark(element: HTMLElement, over: readonly Painted[]): void {
  const lines = over.filter((span) => span.lane < LANES);
  const fill = (span: Painted): string => `color-mix(in srgb, ${span.color} ${FILL[span.state]}%, transparent)`;
  element.style.backgroundImage = [
    ...lines.map((span) => `linear-gradient(${span.color}, ${span.color})`),
    ...over.map((span) => `linear-gradient(${fill(span)}, ${fill(span)})`),
  ].join(", ");
  element.style.backgroundSize = [...lines.map(() => "100% 2px"), ...over.map(() => "100% 100%")].join(", ");
  element.style.backgroundPosition = [...lines.map((span) => `0 calc(100% - ${8 - Math.min(span.lane, LANES - 1) * 4}px)`), ...over.map(() => "0 0")].join(", ");
  element.style.backgroundRepeat = "no-repeat";
  element.style.paddingBottom = "8px";
}
