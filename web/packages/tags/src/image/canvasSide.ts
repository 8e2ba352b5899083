/** What a control that draws on pictures brings to the canvas: its shape and its tools, loaded with the first picture. */
import type { CanvasShape, Snap, StartTool, TwoPointShape } from "@labelwright/canvas";

export interface CanvasTools {
  readonly shape: CanvasShape;
  /** Starts of the tools named in `TagDef.tools`, by tool id. */
  readonly tools: Readonly<Record<string, (snap: Snap) => StartTool>>;
  /** How a default-size shape is made without a pointer (key N); absent when that makes no sense. */
  readonly byKey?: Pick<TwoPointShape, "between">;
}

declare module "../define" {
  interface CanvasSide {
    /** Lazy, so that screens without a picture do not load it. */
    readonly load: () => Promise<CanvasTools>;
  }
}
