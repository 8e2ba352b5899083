/**
 * What a tag is to the editor: one record per folder, listed in `registry.ts`. Nothing elsewhere switches on tag names:
 * a fact about a tag that the editor needs is a field here, or stands in the tag's schema file (`@schemas/<tag>.json`).
 */
import type { ConfigNode } from "@labelwright/config";
import type { Command, Editor, ShapeKind, TagRules } from "@labelwright/engine";
import type { ComponentType, ReactNode } from "react";

/** Every tag's React view gets exactly this. `children` are the rendered child tags; only visual tags get them. */
export interface TagViewProps {
  readonly node: ConfigNode;
  readonly editor: Editor;
  readonly children?: ReactNode;
}

export type TagView = ComponentType<TagViewProps>;

/** A pointer tool that a control offers on an object (a button in the tool rail, a key, a mode of the canvas). */
export interface ToolDef {
  /** Value of `Session.tool` while it is active: "rectangle". */
  readonly id: string;
  readonly title: string;
  readonly keys: Command["keys"];
  /** Name of a Lucide icon, kebab-case: "square". */
  readonly icon?: string;
  /** The shape it draws, if it draws one. */
  readonly shape?: ShapeKind;
}

/**
 * The canvas side of a shape (painter, hit test, tool states). Open: `packages/canvas` and the shape folders add their
 * fields by `declare module "@labelwright/tags" { interface CanvasSide { painter: Painter } }`.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface CanvasSide {}

/**
 * A tag's record: how it is shown, on top of what the engine must know of it (`TagRules`: shapes, draws, options, press …).
 * `names` are canonical XML names (["RectangleLabels"]), by which its schema is found. `draws` says which shape a control
 * draws, by object tag; an absent object = nothing there by itself (Labels on an Image only name what a Rectangle draws).
 */
export interface TagDef extends TagRules {
  readonly kind: "object" | "control" | "visual";
  /** Lazy React view. For views that every screen needs: `async () => ({ default: View })`. null = shows nothing. */
  readonly view: (() => Promise<{ default: TagView }>) | null;
  /** An object that wants all the width there is (pictures, media), not a column to read in. */
  readonly fills?: boolean;
  /** A control that stands with the objects it compares, not among the forms beside them. */
  readonly staysWithObjects?: boolean;
  readonly tools?: readonly ToolDef[];
  readonly canvas?: CanvasSide;
}

/** Identity; gives the literal its type. */
export function defineTag(tag: TagDef): TagDef {
  return tag;
}
