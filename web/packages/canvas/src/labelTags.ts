/** Label tags painted once each and stamped many times: writing text on a canvas is the dearest thing we do there. */

const HEIGHT = 18;
const PAD = 5;
const MAX_WIDTH = 220;
const FONT = "500 12px 'Inter Variable', system-ui, sans-serif";

export interface LabelTag {
  readonly image: HTMLCanvasElement;
  /** Screen pixels. */
  readonly width: number;
  readonly height: number;
}

export class LabelTags {
  private readonly made = new Map<string, LabelTag>();
  private ratio = 1;

  /** Height of every tag and the greatest width, in screen pixels: how far a tag reaches past its region. */
  static readonly reach = { width: MAX_WIDTH, height: HEIGHT };

  get(text: string, color: string, ratio: number): LabelTag {
    if (ratio !== this.ratio || this.made.size > 2000) {
      this.made.clear();
      this.ratio = ratio;
    }
    const key = `${color}\n${text}`;
    let tag = this.made.get(key);
    if (!tag) {
      tag = paintTag(text, color, ratio);
      this.made.set(key, tag);
    }
    return tag;
  }

  /** Forget all tags: the font arrived. */
  clear(): void {
    this.made.clear();
  }
}

function paintTag(text: string, color: string, ratio: number): LabelTag {
  const image = document.createElement("canvas");
  const ctx = image.getContext("2d");
  if (!ctx) return { image, width: 0, height: 0 };
  ctx.font = FONT;
  const shown = shorten(ctx, text, MAX_WIDTH - 2 * PAD);
  const width = Math.ceil(ctx.measureText(shown).width) + 2 * PAD;
  image.width = Math.ceil(width * ratio);
  image.height = Math.ceil(HEIGHT * ratio);
  ctx.scale(ratio, ratio);
  ctx.fillStyle = color;
  ctx.beginPath();
  ctx.roundRect(0, 0, width, HEIGHT, [3, 3, 3, 0]);
  ctx.fill();
  ctx.font = FONT;
  ctx.textBaseline = "middle";
  ctx.fillStyle = inkOn(ctx.fillStyle);
  ctx.fillText(shown, PAD, HEIGHT / 2 + 0.5);
  return { image, width, height: HEIGHT };
}

function shorten(ctx: CanvasRenderingContext2D, text: string, room: number): string {
  if (ctx.measureText(text).width <= room) return text;
  const letters = [...text];
  while (letters.length > 1 && ctx.measureText(`${letters.join("")}…`).width > room) letters.pop();
  return `${letters.join("")}…`;
}

/** Black or white, whichever reads better on `color` ("#rrggbb", as a canvas gives it back). */
export function inkOn(color: unknown): string {
  const hex = typeof color === "string" ? /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})/i.exec(color) : null;
  if (!hex) return "#ffffff";
  const [r, g, b] = hex.slice(1).map((part) => {
    const c = parseInt(part, 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  // 0.179: where black and white have the same contrast (WCAG 2.2). A little more white, as labels are bold.
  return luminance > 0.3 ? "#101318" : "#ffffff";
}
