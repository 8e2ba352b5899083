/**
 * Mouse, touch and pen on the canvas, told to the stage in its own words.
 *
 * One pointer at a time drives the tool. A second finger drops the gesture and pinches (zoom and pan). Once a pen was
 * seen, fingers only scroll: a resting palm draws nothing. Space or the middle button pans in any tool. The wheel zooms
 * at the cursor (also with ctrl, which is how browsers report a pinch on a touchpad).
 */
import { distance, type Point } from "./geometry";
import type { Stage } from "./stage";
import { panning } from "./tools/panning";
import type { StagePointer, ToolState } from "./tools/tool";
import { toImage } from "./viewport";

export interface PointerInputOptions {
  /** False: the wheel scrolls the page and zooms only with ctrl. */
  readonly wheelZoom: boolean;
  /** Factor of one wheel notch. */
  readonly zoomBy: number;
}

const DOUBLE_MS = 400;
/** A long press: the context menu, as a right click. */
const LONG_PRESS_MS = 550;

export class PointerInput {
  spaceDown = false;
  private readonly stop = new AbortController();
  private readonly touches = new Map<number, Point>();
  private activeId: number | null = null;
  private overlay: ToolState | null = null;
  private penSeen = false;
  private pinching = false;
  private lastDown: { at: Point; time: number; presses: number } | null = null;
  private longPress: ReturnType<typeof setTimeout> | null = null;
  /** Right click or long press, at the pointer's client position. */
  onMenu: (client: Point, image: Point) => void = () => undefined;

  constructor(
    private readonly stage: Stage,
    private readonly element: HTMLElement,
    public options: PointerInputOptions,
  ) {
    const on = <K extends keyof HTMLElementEventMap>(type: K, f: (e: HTMLElementEventMap[K]) => void, passive = true): void =>
      element.addEventListener(type, f, { signal: this.stop.signal, passive });
    on("pointerdown", (e) => this.down(e), false);
    on("pointermove", (e) => this.move(e));
    on("pointerup", (e) => this.up(e));
    on("pointercancel", (e) => this.cancelled(e));
    on("pointerleave", () => this.activeId === null && this.stage.pointerLeave());
    on("wheel", (e) => this.wheel(e), false);
    on("contextmenu", (e) => this.menu(e), false);
  }

  dispose(): void {
    this.stop.abort();
    if (this.longPress !== null) clearTimeout(this.longPress);
  }

  private screen(e: MouseEvent): Point {
    const box = this.element.getBoundingClientRect();
    return { x: e.clientX - box.left - this.element.clientLeft, y: e.clientY - box.top - this.element.clientTop };
  }

  private stagePointer(e: PointerEvent, presses = 1): StagePointer {
    const screen = this.screen(e);
    return {
      screen,
      image: toImage(this.stage.viewport, screen),
      kind: e.pointerType === "touch" || e.pointerType === "pen" ? e.pointerType : "mouse",
      shift: e.shiftKey,
      alt: e.altKey,
      ctrl: e.ctrlKey || e.metaKey,
      presses,
    };
  }

  private down(e: PointerEvent): void {
    if (e.pointerType === "pen") this.penSeen = true;
    if (e.pointerType === "touch") this.touches.set(e.pointerId, this.screen(e));
    if (this.touches.size === 2) return this.startPinch();
    if (this.activeId !== null || this.pinching || e.button > 1) return;
    if (e.button === 1) e.preventDefault();
    this.activeId = e.pointerId;
    capture(this.element, e.pointerId);
    const p = this.stagePointer(e, this.countPresses(e));
    const scrolls = this.spaceDown || e.button === 1 || (this.penSeen && e.pointerType === "touch");
    if (scrolls) this.overlay = panning(this.stage, p, { name: "Idle", cursor: "grab" });
    else this.stage.pointerDown(p);
    if (e.pointerType === "touch") this.armLongPress(e);
  }

  private countPresses(e: PointerEvent): number {
    const at = this.screen(e);
    const last = this.lastDown;
    const slop = e.pointerType === "touch" ? 24 : 5;
    const again = last !== null && e.timeStamp - last.time < DOUBLE_MS && distance(at, last.at) <= slop;
    const presses = again && last.presses === 1 ? 2 : 1;
    this.lastDown = { at, time: e.timeStamp, presses };
    return presses;
  }

  private move(e: PointerEvent): void {
    if (this.touches.has(e.pointerId)) this.moveTouch(e);
    if (this.pinching || (this.activeId !== null && this.activeId !== e.pointerId)) return;
    const p = this.stagePointer(e);
    if (this.longPress !== null && this.lastDown && distance(p.screen, this.lastDown.at) > 8) this.disarmLongPress();
    if (this.overlay) this.overlay.onPointerMove?.(p);
    else this.stage.pointerMove(p);
  }

  private up(e: PointerEvent): void {
    this.touches.delete(e.pointerId);
    this.disarmLongPress();
    if (this.touches.size === 0) this.pinching = false;
    if (this.activeId !== e.pointerId) return;
    this.activeId = null;
    if (this.overlay) this.overlay = null;
    else this.stage.pointerUp(this.stagePointer(e));
  }

  private cancelled(e: PointerEvent): void {
    this.touches.delete(e.pointerId);
    this.disarmLongPress();
    if (this.touches.size === 0) this.pinching = false;
    if (this.activeId !== e.pointerId) return;
    this.activeId = null;
    this.overlay = null;
    this.stage.cancel();
  }

  // ---------------------------------------------------------------- two fingers
  private startPinch(): void {
    this.disarmLongPress();
    this.pinching = true;
    this.activeId = null;
    this.overlay = null;
    this.stage.cancel();
  }

  private moveTouch(e: PointerEvent): void {
    const before = [...this.touches.values()];
    this.touches.set(e.pointerId, this.screen(e));
    if (!this.pinching || this.touches.size !== 2) return;
    const after = [...this.touches.values()];
    const [a0, b0] = before;
    const [a1, b1] = after;
    if (!a0 || !b0 || !a1 || !b1) return;
    const from = middle(a0, b0);
    const to = middle(a1, b1);
    this.stage.panBy(to.x - from.x, to.y - from.y);
    const spread = distance(a0, b0);
    if (spread > 0) this.stage.zoomAt(to, distance(a1, b1) / spread);
  }

  private armLongPress(e: PointerEvent): void {
    const client = { x: e.clientX, y: e.clientY };
    const at = this.screen(e);
    this.longPress = setTimeout(() => {
      this.longPress = null;
      this.stage.cancel();
      this.activeId = null;
      this.onMenu(client, toImage(this.stage.viewport, at));
    }, LONG_PRESS_MS);
  }

  private disarmLongPress(): void {
    if (this.longPress !== null) clearTimeout(this.longPress);
    this.longPress = null;
  }

  private menu(e: MouseEvent): void {
    e.preventDefault();
    if ((e as PointerEvent).pointerType === "touch") return;
    this.onMenu({ x: e.clientX, y: e.clientY }, toImage(this.stage.viewport, this.screen(e)));
  }

  private wheel(e: WheelEvent): void {
    const zooms = this.options.wheelZoom || e.ctrlKey || e.metaKey;
    if (!zooms) return;
    e.preventDefault();
    if (e.shiftKey && !e.ctrlKey) return this.stage.panBy(-(e.deltaX || e.deltaY), e.deltaX ? -e.deltaY : 0);
    this.stage.zoomAt(this.screen(e), wheelFactor(e, this.options.zoomBy));
  }
}

/** A notch (about 100 px, or 3 lines) is one `zoomBy`; touchpads send many small steps, which add up to the same. */
export function wheelFactor(e: Pick<WheelEvent, "deltaY" | "deltaMode" | "ctrlKey">, zoomBy: number): number {
  const px = e.deltaMode === 1 ? e.deltaY * 33 : e.deltaMode === 2 ? e.deltaY * 400 : e.deltaY;
  const notches = Math.max(-3, Math.min(3, px / 100));
  // A touchpad pinch arrives as ctrl+wheel with tiny steps.
  const gain = e.ctrlKey && Math.abs(px) < 30 ? 4 : 1;
  return zoomBy ** (-notches * gain);
}

const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

function capture(element: HTMLElement, id: number): void {
  try {
    element.setPointerCapture(id);
  } catch {
    // The pointer is gone already (a very quick tap): there is nothing to capture.
  }
}
