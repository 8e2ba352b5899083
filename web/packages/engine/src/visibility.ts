/** Which tags are shown, and whose answers are kept (design/editor.md §1.4). */
import { labelsAskedFor, visibilityRule, type ConfigNode, type VisibilityRule } from "@labelwright/config";
import { isEmpty } from "./equal";
import { labelValuesOf, type Rules } from "./rules";
import type { AnnotationDoc, Region } from "./types";

/** The moment a rule is judged at: the document, and the regions that count as selected. */
export interface Moment {
  readonly doc: AnnotationDoc;
  readonly selected: readonly Region[];
}

type When = VisibilityRule["when"];
const onChoices: ReadonlySet<When> = new Set(["choice-selected", "choice-unselected"]);
const onRegions: ReadonlySet<When> = new Set(["region-selected", "no-region-selected"]);

/** Whether the tag and all tags around it are shown at this moment. */
export function isShown(rules: Rules, node: ConfigNode, moment: Moment): boolean {
  return !rules.hasVisibility || allHold(rules, node, moment, null, new Set());
}

/**
 * Whether answers of this control belong into the result. Those hidden by a choice do not; those hidden only because no
 * region is selected do, or they would vanish on deselecting.
 */
export function isKept(rules: Rules, node: ConfigNode, moment: Moment): boolean {
  return !rules.hasVisibility || allHold(rules, node, moment, onChoices, new Set());
}

/** Whether a per-region control is asked about this region, as far as its labels and `visibleWhen` go. */
export function isAskedOf(rules: Rules, node: ConfigNode, doc: AnnotationDoc, region: Region): boolean {
  return matchesLabels(rules, node, region) && isShown(rules, node, { doc, selected: [region] });
}

/** `whenLabelValue` of a per-region control. */
export function matchesLabels(rules: Rules, node: ConfigNode, region: Region): boolean {
  const wanted = labelsAskedFor(node);
  return wanted.length === 0 || labelValuesOf(rules, region).some((label) => wanted.includes(label));
}

/** Whether a tag is hidden merely because of what is selected. */
export function dependsOnSelection(rules: Rules, node: ConfigNode): boolean {
  for (let each: ConfigNode | undefined = node; each; each = rules.parentOf(each)) {
    const rule = visibilityRule(each);
    if (rule && onRegions.has(rule.when)) return true;
  }
  return false;
}

function allHold(rules: Rules, node: ConfigNode, moment: Moment, only: ReadonlySet<When> | null, asking: Set<ConfigNode>): boolean {
  for (let each: ConfigNode | undefined = node; each; each = rules.parentOf(each)) {
    const rule = visibilityRule(each);
    if (rule && (only === null || only.has(rule.when)) && !holds(rules, rule, moment, asking)) return false;
  }
  return true;
}

function holds(rules: Rules, rule: VisibilityRule, moment: Moment, asking: Set<ConfigNode>): boolean {
  switch (rule.when) {
    case "no-region-selected":
      return moment.selected.length === 0;
    case "region-selected":
      return moment.selected.some((region) => regionMatches(rule, region));
    case "choice-selected":
      return choiceMatches(rules, rule, moment, asking);
    case "choice-unselected":
      return !choiceMatches(rules, rule, moment, asking);
  }
}

function regionMatches(rule: VisibilityRule, region: Region): boolean {
  const labels = [...region.values].filter(([control]) => rule.controls.length === 0 || rule.controls.includes(control));
  if (labels.length === 0) return false;
  if (rule.roles.length > 0 && !rule.roles.includes(roleOf(region))) return false;
  return rule.values.length === 0 || labels.some(([, value]) => Array.isArray(value) && value.some((label) => rule.values.includes(String(label))));
}

/** Role of a chat message, "" for other regions. */
function roleOf(region: Region): string {
  if (region.shape.kind !== "raw") return "";
  const message = region.shape.value.chatmessage as { role?: string } | undefined;
  return message?.role ?? "";
}

function choiceMatches(rules: Rules, rule: VisibilityRule, moment: Moment, asking: Set<ConfigNode>): boolean {
  const names = rule.controls.length > 0 ? rule.controls : rules.config.controls.filter((node) => !rules.isLabelControl(node.name) && rules.options(node.name).length > 0).map((node) => node.name);
  return names.some((name) => chosenNow(rules, name, moment, asking).some((chosen) => rule.values.length === 0 || rule.values.some((wanted) => chosen.includes(wanted))));
}

/** Each choice made in this control as the names it goes by: what is stored, and its value when that is an alias. */
function chosenNow(rules: Rules, name: string, moment: Moment, asking: Set<ConfigNode>): string[][] {
  const node = rules.config.byName.get(name);
  if (node === undefined || asking.has(node)) return [];
  // A choice that is itself hidden by another choice is not made. `asking` ends circles.
  if (!allHold(rules, node, moment, onChoices, new Set([...asking, node]))) return [];
  const answers = node.attrs.perregion === true
    ? moment.selected.map((region) => region.values.get(name))
    : [...moment.doc.answers.values()].filter((answer) => answer.control === name).map((answer) => answer.value);
  return answers.filter((answer) => !isEmpty(answer)).flatMap(leaves).map((stored) => {
    const option = rules.options(name).find((each) => each.stored === stored);
    return option && option.value !== stored ? [stored, option.value] : [stored];
  });
}

/** Leaf names of a choice value: of `"a"`, `["a"]`, `[["A", "A1"]]`. */
export function leaves(value: unknown): string[] {
  if (!Array.isArray(value)) return isEmpty(value) ? [] : [String(value)];
  return value.map((part) => String(Array.isArray(part) ? part.at(-1) : part));
}
