/** Regions that did not exist before: drawn, duplicated, pasted. */
import { newId } from "./id";
import type { Rules } from "./rules";
import type { AnnotationDoc, Region, Shape } from "./types";

/** A region as it is when it has just been drawn. */
export function newRegion(given: Pick<Region, "object" | "shape" | "control" | "values" | "itemIndex" | "envelope">): Region {
  return { ...given, id: newId(), origin: "manual", score: null, suggestion: null, readonly: false, locked: false, parentId: null, notes: [], extras: new Map() };
}

/** Copies with ids of their own, a little off the originals; a parent that is copied too stays the parent. */
export function copyRegions(rules: Rules, doc: AnnotationDoc, regions: readonly Region[]): Region[] {
  const ids = new Map(regions.map((region) => [region.id, newId()]));
  const parentOf = ({ parentId }: Region) => (parentId === null ? null : (ids.get(parentId) ?? (doc.regions.has(parentId) ? parentId : null)));
  return regions.map((region) => ({
    ...newRegion(region),
    id: ids.get(region.id) ?? newId(),
    shape: (rules.shapeDef(region.shape.kind)?.offset?.(region.shape) ?? region.shape) as Shape,
    parentId: parentOf(region),
    notes: region.notes,
    extras: region.extras,
  }));
}
