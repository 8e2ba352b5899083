/** What the canvas must know about one kind of geometry. One record per shape folder under tags/. */
import type { Shape, ShapeKind, Shapes } from "@labelwright/engine";
import type { Bounds, Point, Size } from "./geometry";

export type ShapeOf<K extends ShapeKind> = { readonly kind: K } & Readonly<Shapes[K]>;

/** A grip of the selected region. `at` is in image pixels; `cursor` is a CSS cursor for an unturned view. */
export interface Handle {
  readonly id: string;
  readonly kind: "resize" | "rotate" | "vertex";
  readonly at: Point;
  readonly cursor: string;
  /** Where the line to the grip starts (rotation handle). */
  readonly from?: Point;
}

/** What the picture looks like just now: natural size and screen pixels per image pixel. */
export interface Frame {
  readonly image: Size;
  readonly scale: number;
}

export interface ReshapeOptions {
  /** Keep the proportions; snap angles to 15°. */
  readonly keepRatio: boolean;
}

/** Colours and widths a region is painted with. Widths are screen pixels. */
export interface Paint {
  readonly stroke: string;
  readonly fill: string;
  readonly fillOpacity: number;
  readonly strokeWidth: number;
  readonly dashed: boolean;
}

/** Where to paint: a 2D context whose unit is the screen pixel, and the way from image to screen. */
export interface Pen {
  readonly ctx: CanvasRenderingContext2D;
  readonly image: Size;
  /** Device pixels per screen pixel, to snap lines to. */
  readonly ratio: number;
  toScreen(p: Point): Point;
}

/**
 * Geometry of one kind on an image of a given size. Every function is pure; coordinates are image pixels.
 * Methods, not function fields: a record for one kind may then stand in a table of all kinds.
 */
export interface CanvasShape<S extends Shape = Shape> {
  readonly kind: string;
  bounds(shape: S, image: Size): Bounds;
  /** In square pixels: the smaller one is picked first. */
  area(shape: S, image: Size): number;
  contains(shape: S, image: Size, p: Point, tolerance: number): boolean;
  touches(shape: S, image: Size, bounds: Bounds): boolean;
  translate(shape: S, image: Size, by: Point): S;
  /** Grow or shrink without moving the origin (alt+arrows); null where that makes no sense. */
  grow?(shape: S, image: Size, by: Point): S;
  handles?(shape: S, frame: Frame, options: { canRotate: boolean }): readonly Handle[];
  /** The shape after `handle` was dragged to `to`; `shape` is the one from before the drag. */
  reshape?(shape: S, frame: Frame, handle: string, to: Point, options: ReshapeOptions): S;
  paint(pen: Pen, shape: S, paint: Paint): void;
  /** Image point at which the label tag hangs (its bottom-left corner). */
  anchor(shape: S, image: Size): Point;
}

/** The canvas side of shapes, found by kind. */
export class ShapeTable {
  private readonly byKind = new Map<string, CanvasShape>();

  constructor(shapes: Iterable<CanvasShape>) {
    for (const shape of shapes) this.byKind.set(shape.kind, shape);
  }

  /** Undefined for shapes of other objects (text spans …): they are not drawn here. */
  of(shape: Shape): CanvasShape | undefined {
    return this.byKind.get((shape as { kind: string }).kind);
  }
}
