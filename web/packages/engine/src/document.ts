/** The document and its small pure changes. */
import { isEqual } from "./equal";
import type { AnnotationDoc, Answer, Change, ChangeOrigin, Region, RegionId } from "./types";

export const emptyDoc: AnnotationDoc = { regions: new Map(), relations: [], answers: new Map(), orphans: [] };

/** Key of an answer in `AnnotationDoc.answers`. */
export function answerKey(control: string, itemIndex: number | null = null): string {
  return itemIndex === null ? control : `${control}#${itemIndex}`;
}

/** The document with these regions put in (new ones last). */
export function withRegions(doc: AnnotationDoc, regions: Iterable<Region>): AnnotationDoc {
  const next = new Map(doc.regions);
  for (const region of regions) next.set(region.id, region);
  return { ...doc, regions: next };
}

/** The document with some regions changed; ids that are not there are passed over. */
export function updateRegions(doc: AnnotationDoc, ids: Iterable<RegionId>, update: (region: Region) => Region): AnnotationDoc {
  const changed: Region[] = [];
  for (const id of ids) {
    const region = doc.regions.get(id);
    const next = region && update(region);
    if (next && next !== region) changed.push(next);
  }
  return changed.length === 0 ? doc : withRegions(doc, changed);
}

/** The document without these regions, their relations, and their children's tie to them. */
export function withoutRegions(doc: AnnotationDoc, ids: ReadonlySet<RegionId>): AnnotationDoc {
  const regions = new Map<RegionId, Region>();
  for (const [id, region] of doc.regions) {
    if (ids.has(id)) continue;
    regions.set(id, region.parentId !== null && ids.has(region.parentId) ? { ...region, parentId: null } : region);
  }
  const relations = doc.relations.filter((relation) => !ids.has(relation.from) && !ids.has(relation.to));
  return { ...doc, regions, relations: relations.length === doc.relations.length ? doc.relations : relations };
}

/** The document with one answer set, or taken away (undefined). */
export function withAnswer(doc: AnnotationDoc, key: string, answer: Answer | undefined): AnnotationDoc {
  if (answer === undefined && !doc.answers.has(key)) return doc;
  const answers = new Map(doc.answers);
  if (answer) answers.set(key, answer);
  else answers.delete(key);
  return { ...doc, answers };
}

/** A region with one control's value set, or taken away (undefined with `remove`). */
export function withValue(region: Region, control: string, value: unknown, remove = false): Region {
  const values = new Map(region.values);
  if (remove) values.delete(control);
  else values.set(control, value);
  return { ...region, values };
}

/** The change from one document to another; regions are compared by identity. */
export function changeBetween(name: string, before: AnnotationDoc, after: AnnotationDoc, origin: ChangeOrigin): Change {
  const created: RegionId[] = [];
  const updated: RegionId[] = [];
  const deleted: RegionId[] = [];
  if (before.regions !== after.regions) {
    for (const [id, region] of after.regions) {
      const old = before.regions.get(id);
      if (old === undefined) created.push(id);
      else if (old !== region) updated.push(id);
    }
    for (const id of before.regions.keys()) if (!after.regions.has(id)) deleted.push(id);
  }
  return { name, before, after, created, updated, deleted, origin };
}

const isModels = ({ origin }: Pick<Region, "origin">): boolean => origin === "prediction";

/** What a person touched of a prediction is no longer the model's alone: marks changed parts `prediction-changed`. */
export function markTouched(before: AnnotationDoc, after: AnnotationDoc): AnnotationDoc {
  const touched = changeBetween("", before, after, "user").updated.filter((id) => {
    const [old, now] = [before.regions.get(id), after.regions.get(id)];
    return old && now && isModels(now) && (old.shape !== now.shape || old.values !== now.values || old.notes !== now.notes);
  });
  let doc = updateRegions(after, touched, (region) => ({ ...region, origin: "prediction-changed", suggestion: null }));
  if (before.answers === after.answers) return doc;
  for (const [key, answer] of after.answers) {
    const old = before.answers.get(key);
    if (isModels(answer) && old !== undefined && !isEqual(old.value, answer.value)) doc = withAnswer(doc, key, { ...answer, origin: "prediction-changed", suggestion: null });
  }
  return doc;
}
