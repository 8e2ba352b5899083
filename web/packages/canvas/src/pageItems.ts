/** The items of the shown page and their places: follows the document region by region. */
import type { Editor, RegionId } from "@labelwright/engine";
import type { Bounds, Size } from "./geometry";
import { isOn, itemOf, type Item } from "./items";
import type { ShapeTable } from "./shape";
import { SpatialIndex } from "./spatialIndex";

export class PageItems {
  readonly items = new Map<RegionId, Item>();
  private readonly index = new SpatialIndex<RegionId>();
  private nextOrder = 0;

  constructor(
    private readonly editor: Editor,
    private readonly object: string,
    private readonly shapes: ShapeTable,
  ) {}

  /** All regions of a page, in writing order. */
  rebuild(page: number, image: Size): void {
    this.items.clear();
    this.index.clear();
    this.nextOrder = 0;
    for (const region of this.editor.doc.regions.values()) {
      if (isOn(region, this.object, page)) this.put(itemOf(this.editor, region, this.nextOrder++), image);
    }
  }

  /** Take one region's present state over; gives the bounds it had and has, to be painted again. */
  update(id: RegionId, page: number, image: Size): Bounds[] {
    const before = this.index.boundsOf(id);
    const region = this.editor.doc.regions.get(id);
    if (region && isOn(region, this.object, page)) this.put(itemOf(this.editor, region, this.items.get(id)?.order ?? this.nextOrder++), image);
    else this.forget(id);
    const after = this.index.boundsOf(id);
    return [before, after].filter((bounds) => bounds !== undefined);
  }

  /** Items that touch the bounds, but for the hidden ones, in painting order. */
  touching(bounds: Bounds, hidden: ReadonlySet<RegionId>): Item[] {
    const found = this.index.search(bounds).flatMap((id) => (hidden.has(id) ? [] : (this.items.get(id) ?? [])));
    return found.sort((a, b) => a.order - b.order);
  }

  boundsOf(id: RegionId): Bounds | undefined {
    return this.index.boundsOf(id);
  }

  private put(item: Item, image: Size): void {
    const kind = this.shapes.of(item.shape);
    if (!kind) return;
    this.items.set(item.id, item);
    this.index.set(item.id, kind.bounds(item.shape, image));
  }

  private forget(id: RegionId): void {
    this.items.delete(id);
    this.index.delete(id);
  }
}
