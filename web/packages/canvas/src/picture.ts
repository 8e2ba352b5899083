/** An image ready to be drawn at any scale: the natural one and halves of it, made when first needed. */
import type { Size } from "./geometry";

export class Picture {
  readonly size: Size;
  private readonly levels: CanvasImageSource[];

  /** `source` must be decoded. Pixels of another origin are fine: they are drawn, never read. */
  constructor(source: CanvasImageSource, size: Size) {
    this.size = size;
    this.levels = [source];
  }

  /** The smallest stored picture that need not be enlarged at this scale (device pixels per image pixel). */
  at(scale: number): CanvasImageSource {
    let level = 0;
    while (scale <= 0.5 ** (level + 1) && Math.min(this.size.width, this.size.height) >> (level + 1) >= 1) level++;
    while (this.levels.length <= level) this.levels.push(this.halved(this.levels.length));
    return this.levels[level] ?? (this.levels[0] as CanvasImageSource);
  }

  private halved(level: number): CanvasImageSource {
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(this.size.width / 2 ** level));
    canvas.height = Math.max(1, Math.round(this.size.height / 2 ** level));
    const ctx = canvas.getContext("2d");
    const above = this.levels[level - 1];
    if (!ctx || !above) return this.levels[0] as CanvasImageSource;
    ctx.imageSmoothingQuality = "high";
    ctx.drawImage(above, 0, 0, canvas.width, canvas.height);
    return canvas;
  }
}
