/** From a stored result to a document. Nothing is lost: what does not fit the config becomes an orphan, kept as it is. */
import type { ConfigNode } from "@labelwright/config";
import { answerKey, emptyDoc } from "./document";
import { isEqual } from "./equal";
import { newId } from "./id";
import { makesRegions, resultTypeOf, valueKeyOf, type Rules } from "./rules";
import type { AnnotationDoc, Answer, Direction, Origin, Region, Relation, ResultItem, Shape, ShapeDef, Suggestion } from "./types";

type Fields = Record<string, unknown>;
type Item = ResultItem & { id: string; value: Fields };

export interface HowToRead {
  /** Of items that name none. */
  readonly origin?: Origin | undefined;
  /** Items of origin "prediction" are suggestions to accept or reject; the score of those that have none. */
  readonly suggestions?: Suggestion | undefined;
}

/** The document that `items` spell. */
export function readResult(rules: Rules, items: readonly ResultItem[], how: HowToRead = {}): AnnotationDoc {
  const regions = new Map<string, Region>();
  const answers = new Map<string, Answer>();
  const orphans: ResultItem[] = [];
  for (const group of groupById(items, rules, orphans)) {
    if (group.some((item) => isRegional(rules, item))) readRegion(rules, group, how, regions, orphans);
    else for (const item of group) readAnswer(rules, item, how, answers, orphans);
  }
  const relations = items.filter(isRelation).flatMap((item) => readRelation(item, regions, orphans));
  return { ...emptyDoc, regions, answers, relations, orphans };
}

function isRelation(item: ResultItem): boolean {
  return item.type === "relation";
}

/** Items that fit the config, grouped by region id in order of first appearance; the rest go to `orphans`. */
function groupById(items: readonly ResultItem[], rules: Rules, orphans: ResultItem[]): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    if (isRelation(item)) continue;
    const control = rules.config.byName.get(item.from_name ?? "");
    const fits = control && item.to_name !== undefined && rules.config.byName.has(item.to_name) && resultTypeOf(control) === item.type;
    if (!fits || typeof item.value !== "object" || item.value === null) {
      orphans.push(item);
      continue;
    }
    const id = item.id === undefined ? newId() : String(item.id);
    const group = groups.get(id) ?? [];
    groups.set(id, group);
    if (group.some((other) => other.from_name === item.from_name && other.item_index === item.item_index)) orphans.push(item);
    else group.push({ ...item, id, value: item.value });
  }
  return [...groups.values()];
}

function controlOf(rules: Rules, item: Item): ConfigNode {
  const node = rules.config.byName.get(item.from_name ?? "");
  if (!node) throw new Error(`groupById let ${item.from_name} through`);
  return node;
}

function isRegional(rules: Rules, item: Item): boolean {
  return makesRegions(controlOf(rules, item)) || findShape(rules, item) !== undefined;
}

/** The shape whose geometry this item has: the one its control draws, else one that its object knows and that recognises the keys. */
function findShape(rules: Rules, item: Item): ShapeDef | undefined {
  const drawn = rules.shapeDef(rules.drawsOn(controlOf(rules, item), item.to_name ?? "") ?? "");
  return drawn?.matches(item) ? drawn : rules.shapesOn(item.to_name ?? "").find((shape) => shape.matches(item));
}

/** The item that gives a region its geometry: of the control that draws on this object, else the first that can. */
function geometryItem(rules: Rules, group: readonly Item[]): Item | undefined {
  return (
    group.find((item) => rules.drawsOn(controlOf(rules, item), item.to_name ?? "") !== undefined) ??
    group.find((item) => makesRegions(controlOf(rules, item)) && item.type !== "labels") ??
    group.find((item) => makesRegions(controlOf(rules, item))) ??
    group[0]
  );
}

function readShape(rules: Rules, item: Item): Shape {
  const shape = findShape(rules, item);
  // A ShapeDef reads its own kind; the compiler cannot follow that through the list of all kinds.
  if (shape) return shape.read(item) as Shape;
  const { [valueKeyOf(controlOf(rules, item))]: _, ...value } = item.value;
  return { kind: "raw", value };
}

/** Keys of `value` that spell this shape. */
export function writeShape(rules: Rules, shape: Shape): Fields {
  return shape.kind === "raw" ? { ...shape.value } : (rules.shapeDef(shape.kind)?.write(shape) ?? {});
}

function readRegion(rules: Rules, group: readonly Item[], how: HowToRead, regions: Map<string, Region>, orphans: ResultItem[]): void {
  const main = geometryItem(rules, group);
  if (main === undefined) return;
  const shape = readShape(rules, main);
  const geometry = writeShape(rules, shape);
  const own = group.filter((item) => item.to_name === main.to_name && item.item_index === main.item_index);
  orphans.push(...group.filter((item) => !own.includes(item)));
  const rests = own.map((item) => restOf(item, valueKeyOf(controlOf(rules, item)), geometry, main));
  const { envelope, extras } = shareOut(own, rests);
  regions.set(main.id, {
    id: main.id,
    object: main.to_name ?? "",
    itemIndex: main.item_index ?? null,
    control: main.from_name ?? "",
    shape,
    values: new Map(own.map((item) => [item.from_name ?? "", item.value[valueKeyOf(controlOf(rules, item))]])),
    ...sourceOf(main, how),
    readonly: main.readonly === true,
    locked: main.readonly === true,
    parentId: typeof main.parentID === "string" ? main.parentID.replace(/#.*$/, "") : null,
    notes: notesOf(main),
    envelope,
    extras,
  });
}

/** Where a part comes from, and how sure its model was. */
function sourceOf(item: Item, { origin: otherwise = "manual", suggestions }: HowToRead): Pick<Region, "origin" | "score" | "suggestion"> {
  const origin = item.origin ?? otherwise;
  const score = typeof item.score === "number" ? item.score : null;
  return { origin, score, suggestion: suggestions && origin === "prediction" ? { score: score ?? suggestions.score } : null };
}

function notesOf(item: ResultItem): readonly string[] {
  const text = item.meta?.text;
  return Array.isArray(text) && text.every((note) => typeof note === "string") ? text : [];
}

/** Fields of an item that neither the document nor the shape says: to be written back as they are. */
function restOf(item: Item, valueKey: string, geometry: Fields, main: Item): Fields {
  const { id: _id, from_name: _from, to_name: _to, type: _type, value, origin: _origin, item_index: _index, meta, score, readonly, parentID, ...rest } = item;
  const fields: Fields = rest;
  if (!isEqual(score, main.score) || (score !== undefined && typeof score !== "number")) fields.score = score;
  if (!isEqual(readonly, main.readonly) || readonly === false) fields.readonly = readonly;
  if (!isEqual(parentID, main.parentID)) fields.parentID = parentID;
  const metaRest = { ...meta };
  if (isEqual(metaRest.text, notesOf(main)) && notesOf(main).length > 0) delete metaRest.text;
  if (Object.keys(metaRest).length > 0) fields.meta = metaRest;
  const valueRest = Object.fromEntries(Object.entries(value).filter(([key]) => key !== valueKey && !Object.hasOwn(geometry, key)));
  if (Object.keys(valueRest).length > 0) fields.value = valueRest;
  return fields;
}

/** Splits the rests into what all items share (the region's envelope) and what single controls have. */
function shareOut(items: readonly Item[], rests: readonly Fields[]): Pick<Region, "envelope" | "extras"> {
  const [first = {}] = rests;
  const shared = Object.keys(first).filter((key) => key !== "value" && key !== "meta" && rests.every((rest) => isEqual(rest[key], first[key])));
  const envelope = Object.fromEntries(shared.map((key) => [key, first[key]]));
  const extras = new Map<string, Fields>();
  rests.forEach((rest, index) => {
    const own = Object.fromEntries(Object.entries(rest).filter(([key]) => !shared.includes(key)));
    if (Object.keys(own).length > 0) extras.set(items[index]?.from_name ?? "", own);
  });
  return { envelope, extras };
}

function readAnswer(rules: Rules, item: Item, how: HowToRead, answers: Map<string, Answer>, orphans: ResultItem[]): void {
  const control = controlOf(rules, item);
  const valueKey = valueKeyOf(control);
  const key = answerKey(control.name, item.item_index ?? null);
  if (!Object.hasOwn(item.value, valueKey) || answers.has(key)) {
    orphans.push(item);
    return;
  }
  answers.set(key, {
    id: item.id,
    control: control.name,
    object: item.to_name ?? "",
    itemIndex: item.item_index ?? null,
    value: item.value[valueKey],
    ...sourceOf(item, how),
    envelope: answerRest(item, valueKey),
  });
}

function answerRest(item: Item, valueKey: string): Fields {
  const { id: _id, from_name: _from, to_name: _to, type: _type, value, origin: _origin, item_index: _index, score, ...rest } = item;
  const { [valueKey]: _value, ...valueRest } = value;
  const fields: Fields = rest;
  if (score !== undefined && typeof score !== "number") fields.score = score;
  if (Object.keys(valueRest).length > 0) fields.value = valueRest;
  return fields;
}

function readRelation(item: ResultItem, regions: ReadonlyMap<string, Region>, orphans: ResultItem[]): Relation[] {
  const { type: _type, from_id, to_id, direction, labels, ...rest } = item;
  if (!regions.has(from_id ?? "") || !regions.has(to_id ?? "")) {
    orphans.push(item);
    return [];
  }
  const known: readonly (Direction | undefined)[] = ["left", "right", "bi"];
  const relation = { from: from_id ?? "", to: to_id ?? "", direction: known.includes(direction) && direction ? direction : "right", labels: labels ?? [] } as const;
  return [Object.keys(rest).length > 0 ? { ...relation, envelope: rest } : relation];
}
