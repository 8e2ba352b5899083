/** What hinders a submit. Hidden controls are not asked; per-region ones are asked of each region they fit. */
import { resolve, type ConfigNode } from "@labelwright/config";
import { answerKey } from "./document";
import { isEmpty } from "./equal";
import { countUsages, labelsOf, maxUsagesOf } from "./labels";
import type { Rules } from "./rules";
import type { AnnotationDoc, Problem, Region } from "./types";
import { dependsOnSelection, isAskedOf, isShown } from "./visibility";

/** Problems in the order of the config, regions in the order they were made. */
export function findProblems(rules: Rules, doc: AnnotationDoc, selected: readonly Region[]): Problem[] {
  return rules.config.controls.flatMap((node) => {
    if (rules.isLabelControl(node.name)) return overusedLabels(rules, doc, node);
    if (node.attrs.perregion === true) return regionProblems(rules, doc, node);
    // Shown only for a selection: nobody can be required to have something selected.
    const moment = { doc, selected: dependsOnSelection(rules, node) ? [] : selected };
    return isShown(rules, node, moment) ? taskProblems(rules, doc, node) : [];
  });
}

function problemWith(rules: Rules, node: ConfigNode, value: unknown): string | null {
  if (isEmpty(value)) return node.attrs.required === true ? (node.raw.requiredmessage ?? `"${node.name}" needs an answer.`) : null;
  return rules.tagOf(node)?.check?.(value, node) ?? null;
}

function taskProblems(rules: Rules, doc: AnnotationDoc, node: ConfigNode): Problem[] {
  const pages = node.attrs.peritem === true ? pageCount(rules, node) : null;
  const indexes = pages === null ? [null] : Array.from({ length: pages }, (_, index) => index);
  return indexes.flatMap((itemIndex) => {
    const message = problemWith(rules, node, doc.answers.get(answerKey(node.name, itemIndex))?.value);
    if (message === null) return [];
    return [{ control: node.name, message, ...(itemIndex === null ? {} : { itemIndex }) }];
  });
}

/** Number of pages of the object a per-item control asks about. */
export function pageCount(rules: Rules, node: ConfigNode): number {
  const object = rules.config.byName.get(node.toName[0] ?? "");
  const list = resolve(object?.raw.valuelist ?? object?.raw.value, rules.data);
  return Array.isArray(list) ? list.length : 1;
}

function regionProblems(rules: Rules, doc: AnnotationDoc, node: ConfigNode): Problem[] {
  return [...doc.regions.values()].flatMap((region) => {
    if (!node.toName.includes(region.object) || !isAskedOf(rules, node, doc, region)) return [];
    const message = problemWith(rules, node, region.values.get(node.name));
    if (message === null) return [];
    const label = labelsOf(rules, region).map((each) => each.text).join(", ");
    return [{ control: node.name, regionId: region.id, message: label && node.raw.requiredmessage === undefined ? `${label}: ${message}` : message }];
  });
}

function overusedLabels(rules: Rules, doc: AnnotationDoc, node: ConfigNode): Problem[] {
  return rules.options(node.name).flatMap((option) => {
    const limit = maxUsagesOf(rules, node, option.stored);
    if (limit === Infinity) return [];
    const count = countUsages(doc, node.name, option.stored);
    return count > limit ? [{ control: node.name, message: `"${option.text}" is used ${count} times, ${limit} allowed.` }] : [];
  });
}
