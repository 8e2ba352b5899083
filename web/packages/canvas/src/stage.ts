/**
 * One picture being labelled, without any pixels: where it lies, what is on it, what the pointer is doing. Knows the
 * editor and no canvas, so that tools run in plain Node; `Renderer` draws it, `connectPointer` feeds it.
 *
 * Lifetimes: items mirror the *document*; viewport, hover and the tool's state are *session* and die with the stage.
 */
import type { Change, Editor, RegionId, Session, Shape } from "@labelwright/engine";
import { boundsOf, growBounds, type Bounds, type Point, type Size } from "./geometry";
import type { Item } from "./items";
import { PageItems } from "./pageItems";
import { ShapeTable, type CanvasShape, type Handle } from "./shape";
import { isBusy, type StagePointer, type ToolState } from "./tools/tool";
import * as viewports from "./viewport";
import type { Quarter, Viewport, ZoomLimits } from "./viewport";

/** A tool's start: gives its idle state. */
export type StartTool = (stage: Stage) => ToolState;

export interface StageOptions {
  readonly editor: Editor;
  /** Name of the object tag. */
  readonly object: string;
  readonly shapes: readonly CanvasShape[];
  /** By tool id, "move" and "pan" among them. */
  readonly tools: ReadonlyMap<string, StartTool>;
  /** Tool used while `session.tool` is null or unknown here. */
  defaultTool(session: Session): string;
  /** True when the object has several pages: regions then carry `item_index`. */
  readonly multiPage?: boolean;
  readonly zoomLimits?: ZoomLimits;
}

/** What must be painted again. `base` false, everything, or only these image bounds. */
export interface Dirt {
  image: boolean;
  base: boolean | Bounds[];
  active: boolean;
}

export const DEFAULT_ZOOM: ZoomLimits = { min: 0.01, max: 40 };

export class Stage {
  readonly editor: Editor;
  readonly object: string;
  readonly shapes: ShapeTable;
  viewport: Viewport = { image: { width: 0, height: 0 }, screen: { width: 0, height: 0 }, scale: 1, x: 0, y: 0, rotation: 0 };
  zoomLimits: ZoomLimits;
  /** Geometry being drawn, not yet a region. */
  draft: Shape | null = null;
  /** Rubber band of a multi-selection, image pixels. */
  marquee: Bounds | null = null;
  /** Last pointer position over the canvas, for the crosshair; null outside. */
  pointer: Point | null = null;
  /** Regions drawn from their preview on the active layer and left out of the base layer. */
  readonly lifted = new Set<RegionId>();

  private readonly onPage: PageItems;
  private readonly listeners = new Set<() => void>();
  private readonly stops: (() => void)[] = [];
  private selectionStops: (() => void)[] = [];
  private state: ToolState;
  private toolId: string;
  private page: number;
  private session: Session;
  private idleCursor: string | null = null;
  private lastClick: Point | null = null;
  /** Set by the renderer. */
  onDirty: (dirt: Partial<Dirt>) => void = () => undefined;

  constructor(private readonly options: StageOptions) {
    this.editor = options.editor;
    this.object = options.object;
    this.shapes = new ShapeTable(options.shapes);
    this.onPage = new PageItems(this.editor, this.object, this.shapes);
    this.zoomLimits = options.zoomLimits ?? DEFAULT_ZOOM;
    this.session = this.editor.session;
    this.page = this.session.page.get(this.object) ?? 0;
    this.toolId = this.wantedTool();
    this.state = this.startTool();
    this.rebuild();
    this.stops.push(
      this.editor.onChange((change) => this.applyChange(change)),
      this.editor.onSession((session) => this.applySession(session)),
    );
    this.watchSelection();
  }

  dispose(): void {
    for (const stop of [...this.stops, ...this.selectionStops]) stop();
    this.listeners.clear();
    this.onDirty = () => undefined;
  }

  /** Called after the view, the tool, the cursor or the number of items changed. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }

  // ---------------------------------------------------------------- view
  get image(): Size {
    return this.viewport.image;
  }

  get rotation(): Quarter {
    return this.viewport.rotation;
  }

  setViewport(viewport: Viewport): void {
    if (viewport === this.viewport) return;
    const resized = viewport.image.width !== this.image.width || viewport.image.height !== this.image.height;
    this.viewport = viewport;
    if (resized) this.rebuild();
    this.onDirty({ image: true, base: true, active: true });
    this.changed();
  }

  zoomAt(at: Point, factor: number): void {
    this.setViewport(viewports.zoomAt(this.viewport, at, factor, this.zoomLimits));
  }

  panBy(dx: number, dy: number): void {
    this.setViewport(viewports.panBy(this.viewport, dx, dy));
  }

  rotateBy(quarters: number): void {
    this.setViewport(viewports.rotateBy(this.viewport, quarters));
  }

  /** Bring a region on the screen (picked in the region list). */
  reveal(id: RegionId): void {
    const bounds = this.boundsOf(id);
    if (bounds) this.setViewport(viewports.reveal(this.viewport, bounds));
  }

  // ---------------------------------------------------------------- what is on the picture
  get pageIndex(): number {
    return this.page;
  }

  get itemIndex(): number | null {
    return this.options.multiPage ? this.page : null;
  }

  /** Regions of the shown page, by id, in writing order. */
  get items(): ReadonlyMap<RegionId, Item> {
    return this.onPage.items;
  }

  /** Items that touch the bounds and are not hidden, in painting order. */
  itemsIn(bounds: Bounds): Item[] {
    return this.onPage.touching(bounds, this.session.hidden);
  }

  boundsOf(id: RegionId): Bounds | undefined {
    return this.onPage.boundsOf(id);
  }

  /** The shape to draw: the preview while it is dragged. */
  shapeOf(item: Item): Shape {
    return this.lifted.has(item.id) ? this.editor.shapeOf(item.id) : item.shape;
  }

  /** Regions under an image point: smallest first, later ones before earlier ones. */
  hits(at: Point, tolerancePx = 3): RegionId[] {
    const tolerance = tolerancePx / this.viewport.scale;
    const around = growBounds(boundsOf([at]), tolerance);
    return this.itemsIn(around)
      .flatMap((item) => {
        const shape = this.shapeOf(item);
        const kind = this.shapes.of(shape);
        return kind?.contains(shape, this.image, at, tolerance) ? [{ item, area: kind.area(shape, this.image) }] : [];
      })
      .sort((a, b) => a.area - b.area || b.item.order - a.item.order)
      .map((hit) => hit.item.id);
  }

  regionsTouching(bounds: Bounds): RegionId[] {
    return this.itemsIn(bounds)
      .filter((item) => this.shapes.of(item.shape)?.touches(item.shape, this.image, bounds))
      .map((item) => item.id);
  }

  /** The lone selected region that can be reshaped, or null. */
  get reshapable(): Item | null {
    const { selection } = this.session;
    if (selection.size !== 1) return null;
    const [id] = selection;
    const item = id === undefined ? undefined : this.items.get(id);
    return item?.movable && !this.session.hidden.has(item.id) ? item : null;
  }

  /** Grips of the lone selected region; the ones on the edges go when it is small on the screen, all when it is tiny. */
  handles(): readonly Handle[] {
    const item = this.reshapable;
    if (!item) return [];
    const shape = this.shapeOf(item);
    const kind = this.shapes.of(shape);
    const all = kind?.handles?.(shape, { image: this.image, scale: this.viewport.scale }, { canRotate: item.canRotate }) ?? [];
    const side = this.shortSidePx(shape, kind);
    if (side < 12) return [];
    return side < 28 ? all.filter((h) => h.kind !== "resize" || h.id.length === 2) : all;
  }

  handleAt(p: StagePointer): Handle | null {
    const item = this.reshapable;
    if (!item) return null;
    const side = this.shortSidePx(this.shapeOf(item), this.shapes.of(item.shape));
    const reach = p.kind === "touch" ? Math.max(10, Math.min(18, side / 3)) : Math.max(4, Math.min(8, side / 3));
    let best: Handle | null = null;
    let bestDistance = reach;
    for (const handle of this.handles()) {
      const at = viewports.toScreen(this.viewport, handle.at);
      const d = Math.max(Math.abs(at.x - p.screen.x), Math.abs(at.y - p.screen.y));
      if (d <= bestDistance) [best, bestDistance] = [handle, d];
    }
    return best;
  }

  private shortSidePx(shape: Shape, kind: CanvasShape | undefined): number {
    const b = kind?.bounds(shape, this.image);
    return b ? Math.min(b.maxX - b.minX, b.maxY - b.minY) * this.viewport.scale : 0;
  }

  // ---------------------------------------------------------------- tools
  get tool(): string {
    return this.toolId;
  }

  get stateName(): string {
    return this.state.name;
  }

  get busy(): boolean {
    return isBusy(this.state);
  }

  get cursor(): string {
    return this.busy ? this.state.cursor : (this.idleCursor ?? this.state.cursor);
  }

  /** Cursor of the idle state over something (a grip, a region); null = the state's own. */
  setCursor(cursor: string | null): void {
    if (cursor === this.idleCursor) return;
    this.idleCursor = cursor;
    this.changed();
  }

  /** Whether this click is at the place of the one before (to cycle through what lies there). */
  repeatsClick(at: Point): boolean {
    const again = this.lastClick !== null && Math.hypot(at.x - this.lastClick.x, at.y - this.lastClick.y) <= 4;
    this.lastClick = at;
    return again;
  }

  pointerDown(p: StagePointer): void {
    this.enter(this.state.onPointerDown?.(p));
  }

  pointerMove(p: StagePointer): void {
    this.pointer = p.screen;
    this.enter(this.state.onPointerMove?.(p));
    this.onDirty({ active: true });
  }

  pointerUp(p: StagePointer): void {
    this.enter(this.state.onPointerUp?.(p));
  }

  pointerLeave(): void {
    this.pointer = null;
    if (!this.busy) this.editor.hover(null);
    this.onDirty({ active: true });
  }

  /** Drop an unfinished gesture. Gives whether there was one. */
  cancel(): boolean {
    if (!this.busy) return false;
    this.enter(this.state.onCancel?.() ?? this.startTool());
    return true;
  }

  private enter(next: ToolState | undefined): void {
    if (next === undefined || next === this.state) return;
    this.state = next;
    this.idleCursor = null;
    this.changed();
  }

  private wantedTool(): string {
    const { tool } = this.editor.session;
    return tool !== null && this.options.tools.has(tool) ? tool : this.options.defaultTool(this.editor.session);
  }

  private startTool(): ToolState {
    const start = this.options.tools.get(this.toolId);
    return start ? start(this) : { name: "Idle", cursor: "default" };
  }

  setDraft(shape: Shape | null): void {
    this.draft = shape;
    this.onDirty({ active: true });
  }

  setMarquee(bounds: Bounds | null): void {
    this.marquee = bounds;
    this.onDirty({ active: true });
  }

  /** Make a region of what was drawn; false when the config wants a label first. */
  addRegion(shape: Shape): boolean {
    this.setDraft(null);
    return this.editor.addRegion(this.object, shape, { itemIndex: this.itemIndex, envelope: this.envelope }) !== null;
  }

  /** Write a region's new shape; stored regions of an import may lack the picture's size, which exports need. */
  writeShape(id: RegionId, shape: Shape, name: string): void {
    const isComplete = this.editor.doc.regions.get(id)?.envelope.original_width !== undefined;
    this.editor.setShape(id, shape, name, isComplete ? undefined : this.envelope);
  }

  private get envelope(): Record<string, unknown> {
    return { original_width: this.image.width, original_height: this.image.height, image_rotation: this.rotation };
  }

  /** Show `shape` for the region without writing it (null = as stored). */
  preview(id: RegionId, shape: Shape | null): void {
    this.editor.previewShape(id, shape);
    this.syncLifted(id);
  }

  // ---------------------------------------------------------------- following the editor
  private applyChange(change: Change): void {
    const touched = [...change.created, ...change.updated, ...change.deleted];
    if (change.origin === "load" || touched.length > 500) {
      this.rebuild();
      this.onDirty({ base: true, active: true });
    } else {
      this.patch(touched);
    }
    this.watchSelection();
    this.changed();
  }

  private patch(changed: readonly RegionId[]): void {
    const dirty: Bounds[] = [];
    for (const id of changed) {
      dirty.push(...this.onPage.update(id, this.page, this.image));
      if (this.items.has(id)) this.syncLifted(id);
      else this.lifted.delete(id);
    }
    this.onDirty({ base: dirty, active: true });
  }

  private rebuild(): void {
    this.lifted.clear();
    this.onPage.rebuild(this.page, this.image);
  }

  private applySession(session: Session): void {
    const before = this.session;
    this.session = session;
    const page = session.page.get(this.object) ?? 0;
    if (page !== this.page) {
      this.cancel();
      this.page = page;
      this.rebuild();
      this.onDirty({ base: true });
    }
    if (session.hidden !== before.hidden) this.onDirty({ base: true });
    if (session.selection !== before.selection) {
      this.watchSelection();
      this.onDirty({ base: this.touchedBy(before.selection, session.selection) });
    }
    const tool = this.wantedTool();
    if (tool !== this.toolId) {
      this.cancel();
      this.toolId = tool;
      this.state = this.startTool();
      this.idleCursor = null;
    }
    this.onDirty({ active: true });
    this.changed();
  }

  /** Bounds of what left or joined the selection: its label tag moves between the layers. */
  private touchedBy(before: ReadonlySet<RegionId>, after: ReadonlySet<RegionId>): boolean | Bounds[] {
    if (before.size + after.size > 200) return true;
    const ids = [...before, ...after].filter((id) => before.has(id) !== after.has(id));
    return ids.flatMap((id) => this.boundsOf(id) ?? []);
  }

  /** Previews may come from elsewhere (numbers typed in the details panel): follow the selected regions. */
  private watchSelection(): void {
    for (const stop of this.selectionStops) stop();
    const ids = [...this.editor.session.selection].filter((id) => this.items.has(id)).slice(0, 200);
    this.selectionStops = ids.map((id) => this.editor.onRegion(id, () => this.syncLifted(id)));
  }

  private syncLifted(id: RegionId): void {
    const item = this.items.get(id);
    if (!item || !this.editor.doc.regions.has(id)) return;
    const isLifted = this.editor.shapeOf(id) !== this.editor.doc.regions.get(id)?.shape;
    if (isLifted !== this.lifted.has(id)) {
      if (isLifted) this.lifted.add(id);
      else this.lifted.delete(id);
      const bounds = this.boundsOf(id);
      this.onDirty({ base: bounds ? [bounds] : false });
    }
    this.onDirty({ active: true });
  }
}
