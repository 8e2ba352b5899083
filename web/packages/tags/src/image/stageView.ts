/** A stage with its canvases, its pointer and its keys: everything that must be started and stopped together. */
import {
  DEFAULT_ZOOM, defaultBox, fitScale, fitViewport, Nudger, placeViewport, PointerInput, Renderer, resizeScreen, Stage, toImage, turnedSize, boundsToScreen,
  type Layers, type Picture, type RenderOptions, type Size, type Viewport,
} from "@labelwright/canvas";
import type { Editor } from "@labelwright/engine";
import type { ImageOptions } from "./attributes";
import { quietFocus } from "./quietFocus";
import type { Toolset } from "./tools";

/** Room around a fitted picture to draw on: its edges and their grips stay in reach. */
const FIT_PADDING = 8;
/** Small pictures are enlarged so much at most when they are fitted. */
const FIT_MAX = 6;

export interface StageViewParts {
  readonly editor: Editor;
  readonly object: string;
  readonly toolset: Toolset;
  readonly options: ImageOptions;
  /** Takes the pointer and the focus; carries `data-region-count` and `data-view`. */
  readonly element: HTMLElement;
  readonly layers: Layers;
}

export class StageView {
  readonly stage: Stage;
  readonly renderer: Renderer;
  readonly input: PointerInput;
  readonly nudger: Nudger;
  private readonly stops: (() => void)[] = [];
  /** The person has not moved the view: it follows the size of the window. */
  private fitted = true;
  private readonly padding: number;

  constructor(private readonly parts: StageViewParts) {
    const { editor, object, toolset, options, element, layers } = parts;
    this.stage = new Stage({
      editor,
      object,
      shapes: toolset.shapes,
      tools: toolset.starts,
      defaultTool: (session) => toolset.defaultTool(session),
      multiPage: options.multiPage,
    });
    this.renderer = new Renderer(this.stage, layers);
    this.renderer.onPainted = (count) => this.report(count);
    const draws = toolset.defs.some((def) => def.shape !== undefined);
    this.padding = draws ? FIT_PADDING : 0;
    this.input = new PointerInput(this.stage, element, { wheelZoom: options.zoom ?? draws, zoomBy: options.zoomBy });
    this.nudger = new Nudger(this.stage);
    this.watchSize(element);
    this.watchKeys(element);
    this.stops.push(quietFocus(element));
  }

  dispose(): void {
    this.nudger.commit();
    for (const stop of this.stops) stop();
    this.input.dispose();
    this.renderer.dispose();
    this.stage.dispose();
  }

  // ---------------------------------------------------------------- picture and view
  show(picture: Picture | null): void {
    delete this.parts.element.dataset.regionCount;
    if (picture) {
      this.stage.setViewport({ ...this.startViewport(picture.size, this.measure()) });
      this.fitted = true;
    }
    this.renderer.setPicture(picture);
    this.picture = picture;
  }

  private picture: Picture | null = null;

  setRender(patch: Partial<RenderOptions>): void {
    this.renderer.setOptions(patch);
  }

  fit(): void {
    const { viewport } = this.stage;
    this.stage.setViewport(fitViewport(viewport.image, viewport.screen, viewport.rotation, this.fitOptions()));
    this.fitted = true;
  }

  /** One image pixel = one screen pixel, around the middle of the screen. */
  original(): void {
    this.zoom(1 / this.stage.viewport.scale);
  }

  zoom(factor: number): void {
    const { width, height } = this.stage.viewport.screen;
    this.stage.zoomAt(this.stage.pointer ?? { x: width / 2, y: height / 2 }, factor);
    this.fitted = false;
  }

  rotate(quarters: number): void {
    if (!this.fitted) return this.stage.rotateBy(quarters);
    this.stage.rotateBy(quarters);
    this.fit();
  }

  /** A box of default size at the pointer or the middle of the screen: drawing without a pointer. */
  drawByKey(): void {
    const make = this.parts.toolset.byKey;
    const { viewport } = this.stage;
    if (!make || this.picture === null || this.parts.editor.options.readOnly) return;
    const middle = { x: viewport.screen.width / 2, y: viewport.screen.height / 2 };
    this.stage.addRegion(defaultBox(this.stage, make, toImage(viewport, this.stage.pointer ?? middle)));
  }

  private fitOptions() {
    const { alignX, alignY } = this.parts.options;
    return { paddingPx: this.padding, maxScale: FIT_MAX, alignX, alignY };
  }

  private startViewport(image: Size, screen: Size): Viewport {
    const { defaultZoom, alignX, alignY, negativeZoom } = this.parts.options;
    const { rotation } = this.stage.viewport;
    const fit = fitScale(image, screen, rotation, this.padding, FIT_MAX);
    this.stage.zoomLimits = { min: negativeZoom ? DEFAULT_ZOOM.min : Math.min(fit, 1), max: Math.max(DEFAULT_ZOOM.max, fit) };
    if (defaultZoom === "fit") return fitViewport(image, screen, rotation, this.fitOptions());
    const wide = screen.width / turnedSize(image, rotation).width;
    return placeViewport(image, screen, rotation, defaultZoom === "original" ? 1 : wide, alignX, "start" === alignY ? "start" : alignY);
  }

  // ---------------------------------------------------------------- size
  private measure(): Size {
    const { clientWidth, clientHeight } = this.parts.element;
    return { width: clientWidth, height: clientHeight };
  }

  private watchSize(element: HTMLElement): void {
    const observer = new ResizeObserver(() => this.resized());
    observer.observe(element);
    this.stops.push(() => observer.disconnect());
    this.watchRatio();
    const stop = this.stage.subscribe(() => this.noticeMove());
    this.stops.push(stop);
  }

  /** Moving the window to another screen changes the pixel ratio without a resize. */
  private watchRatio(): void {
    const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    const changed = (): void => {
      this.resized();
      this.watchRatio();
    };
    query.addEventListener("change", changed, { once: true });
    this.stops.push(() => query.removeEventListener("change", changed));
  }

  private resized(): void {
    const screen = this.measure();
    if (screen.width === 0 || screen.height === 0) return;
    const { viewport } = this.stage;
    if (this.picture === null) this.stage.setViewport({ ...viewport, screen });
    else {
      const next = this.fitted ? this.startViewport(viewport.image, screen) : resizeScreen(viewport, screen);
      this.stage.setViewport(next);
      this.lastScale = next.scale;
    }
    this.renderer.resize(screen, devicePixelRatio);
  }

  private lastScale = 0;

  /** Zoomed out to the smallest: back to the middle. */
  private noticeMove(): void {
    const { viewport } = this.stage;
    const zoomed = viewport.scale !== this.lastScale;
    this.lastScale = viewport.scale;
    if (!zoomed || this.picture === null) return;
    const fit = fitScale(viewport.image, viewport.screen, viewport.rotation, this.padding, FIT_MAX);
    this.fitted = Math.abs(viewport.scale - fit) < 1e-9;
  }

  private report(count: number): void {
    if (this.picture === null) return;
    const { viewport } = this.stage;
    const { element } = this.parts;
    const b = boundsToScreen(viewport, { minX: 0, minY: 0, maxX: viewport.image.width, maxY: viewport.image.height });
    element.dataset.view = [b.minX, b.minY, b.maxX - b.minX, b.maxY - b.minY].map((n) => n.toFixed(2)).join(" ");
    element.dataset.regionCount = String(count);
  }

  // ---------------------------------------------------------------- keys
  private watchKeys(element: HTMLElement): void {
    const stop = new AbortController();
    const { signal } = stop;
    this.stops.push(() => stop.abort());
    const mine = (): boolean => {
      const focus = document.activeElement;
      return focus === null || focus === document.body || focus === element;
    };
    document.addEventListener("keydown", (e) => mine() && this.keyDown(e), { signal, capture: true });
    document.addEventListener("keyup", (e) => this.keyUp(e), { signal, capture: true });
    window.addEventListener("blur", () => this.letGo(), { signal });
  }

  private keyDown(e: KeyboardEvent): void {
    const done =
      e.key === " " ? this.holdSpace() :
      e.key === "Escape" ? this.stage.cancel() :
      e.key === "Tab" && !e.ctrlKey && !e.altKey ? this.cycle(e.shiftKey ? -1 : 1) :
      this.nudger.keyDown(e);
    if (!done) return;
    e.preventDefault();
    e.stopPropagation();
  }

  private keyUp(e: KeyboardEvent): void {
    if (e.key === " ") this.input.spaceDown = false;
    if (e.key.startsWith("Arrow")) this.nudger.commit();
    if (e.key === " ") this.stage.setCursor(null);
  }

  private letGo(): void {
    this.input.spaceDown = false;
    this.nudger.commit();
  }

  /** Only with the picture focused or pointed at: elsewhere space scrolls, or plays. */
  private holdSpace(): boolean {
    if (document.activeElement !== this.parts.element && this.stage.pointer === null) return false;
    this.input.spaceDown = true;
    this.stage.setCursor("grab");
    return true;
  }

  /** Tab goes from region to region inside the picture, then on to the rest of the page. */
  private cycle(step: 1 | -1): boolean {
    if (document.activeElement !== this.parts.element) return false;
    const { editor } = this.parts;
    const ids = [...this.stage.items.keys()].filter((id) => !editor.session.hidden.has(id));
    const selected = [...editor.session.selection][0];
    const at = selected === undefined ? (step > 0 ? -1 : ids.length) : ids.indexOf(selected);
    const next = ids[at + step];
    if (next === undefined) {
      editor.select([]);
      return false;
    }
    editor.select([next]);
    this.stage.reveal(next);
    return true;
  }
}
