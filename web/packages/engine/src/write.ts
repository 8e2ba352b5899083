/** From a document to the result that is stored. */
import type { ConfigNode } from "@labelwright/config";
import { writeShape } from "./read";
import { resultTypeOf, valueKeyOf, type Rules } from "./rules";
import type { AnnotationDoc, Answer, Region, Relation, ResultItem } from "./types";
import { isKept, matchesLabels } from "./visibility";

type Fields = Record<string, unknown>;

/** The result items: regions, answers, relations, then orphans as they came. Answers that the config hides are left out. */
export function writeResult(rules: Rules, doc: AnnotationDoc): ResultItem[] {
  return [
    ...[...doc.regions.values()].flatMap((region) => writeRegion(rules, doc, region)),
    ...[...doc.answers.values()].flatMap((answer) => writeAnswer(rules, doc, answer)),
    ...doc.relations.map(writeRelation),
    ...doc.orphans,
  ];
}

/** The items of one region: one per control that says something about it, geometry in each. */
export function writeRegion(rules: Rules, doc: AnnotationDoc, region: Region): ResultItem[] {
  const geometry = writeShape(rules, region.shape);
  const names = region.values.has(region.control) ? [...region.values.keys()] : [region.control, ...region.values.keys()];
  return names.flatMap((name) => {
    const node = rules.config.byName.get(name);
    if (node === undefined || !isWritten(rules, doc, region, node)) return [];
    return [regionItem(region, node, geometry)];
  });
}

function isWritten(rules: Rules, doc: AnnotationDoc, region: Region, node: ConfigNode): boolean {
  if (node.name === region.control) return true;
  return matchesLabels(rules, node, region) && isKept(rules, node, { doc, selected: [region] });
}

function regionItem(region: Region, node: ConfigNode, geometry: Fields): ResultItem {
  const value = region.values.get(node.name);
  const { value: valueRest, meta: metaRest, ...extras } = region.extras.get(node.name) ?? {};
  const meta = { ...(region.notes.length > 0 ? { text: region.notes } : {}), ...(metaRest as Fields | undefined) };
  return withoutUndefined({
    id: region.id,
    from_name: node.name,
    to_name: region.object,
    type: resultTypeOf(node),
    value: withoutUndefined({ ...geometry, ...(valueRest as Fields | undefined), [valueKeyOf(node)]: value }),
    origin: region.origin,
    ...region.envelope,
    score: region.score ?? undefined,
    readonly: region.readonly ? true : undefined,
    parentID: region.parentId ?? undefined,
    item_index: region.itemIndex ?? undefined,
    meta: Object.keys(meta).length > 0 ? meta : undefined,
    ...extras,
  });
}

function writeAnswer(rules: Rules, doc: AnnotationDoc, answer: Answer): ResultItem[] {
  const node = rules.config.byName.get(answer.control);
  if (node === undefined || !isKept(rules, node, { doc, selected: [] })) return [];
  const { value: valueRest, ...rest } = answer.envelope;
  return [
    withoutUndefined({
      id: answer.id,
      from_name: answer.control,
      to_name: answer.object,
      type: resultTypeOf(node),
      value: { ...(valueRest as Fields | undefined), [valueKeyOf(node)]: answer.value },
      origin: answer.origin,
      score: answer.score ?? undefined,
      item_index: answer.itemIndex ?? undefined,
      ...rest,
    }),
  ];
}

function writeRelation({ from, to, direction, labels, envelope }: Relation): ResultItem {
  return { from_id: from, to_id: to, type: "relation", direction, ...(labels.length > 0 ? { labels: [...labels] } : {}), ...envelope };
}

function withoutUndefined<T extends Fields>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
