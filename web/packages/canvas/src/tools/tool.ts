/** What a tool is: a few small named states; each answers a pointer event with the state that follows. */
import type { Point } from "../geometry";

export type PointerKind = "mouse" | "touch" | "pen";

/** A pointer event in the canvas's own words. `screen` = CSS pixels from the canvas's corner, `image` = image pixels. */
export interface StagePointer {
  readonly screen: Point;
  readonly image: Point;
  readonly kind: PointerKind;
  readonly shift: boolean;
  readonly alt: boolean;
  /** ctrl, or cmd on a Mac. */
  readonly ctrl: boolean;
  /** 2 for the second press of a double click, else 1. */
  readonly presses: number;
}

export interface ToolState {
  /** A gerund: "Idle", "Drawing". */
  readonly name: string;
  /** CSS cursor while in this state; the idle state may set it by `stage.setCursor`. */
  readonly cursor: string;
  onPointerDown?(p: StagePointer): ToolState;
  /** Also without a pressed button (hover). */
  onPointerMove?(p: StagePointer): ToolState;
  onPointerUp?(p: StagePointer): ToolState;
  /** Escape, a second finger, the tool is changed: undo what is not finished and go back to idle. */
  onCancel?(): ToolState;
}

/** Movements shorter than this many screen pixels are a click. */
export const CLICK_SLOP: Readonly<Record<PointerKind, number>> = { mouse: 3, pen: 5, touch: 8 };

/** True while the state must not be left without cancel (a drag, a half-drawn box). */
export const isBusy = (state: ToolState): boolean => state.name !== "Idle";
