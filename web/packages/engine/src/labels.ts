/** Which labels a region has, gets and may have. Pure: the editor turns the answers into changes. */
import type { ConfigNode } from "@labelwright/config";
import { withValue } from "./document";
import type { Rules } from "./rules";
import type { AnnotationDoc, Region, RegionLabel, Session } from "./types";

/** The labels on a region, in the order of its values. */
export function labelsOf(rules: Rules, region: Region): RegionLabel[] {
  return [...region.values].flatMap(([control, value]) => {
    if (!rules.isLabelControl(control) || !Array.isArray(value)) return [];
    return value.map(String).map((stored) => {
      const option = rules.options(control).find((each) => each.stored === stored);
      return { control, value: stored, text: option?.text ?? stored, color: rules.colorOf(control, stored) };
    });
  });
}

/** What a new region of this shape on this object would say, or why it cannot be made. */
export type Labelling =
  | { readonly control: string; readonly values: ReadonlyMap<string, unknown> }
  | { readonly refusal: string };

/**
 * The control that draws and the labels that are picked up. With several drawing controls the one with a picked label wins,
 * then one that needs none (a plain shape, or `allowEmpty`).
 */
export function labelNewRegion(rules: Rules, doc: AnnotationDoc, session: Session, object: string, kind: string, wanted?: string): Labelling {
  const around = rules.config.controlsOf(object);
  const drawing = around.filter((node) => rules.drawsOn(node, object) === kind && (wanted === undefined || node.name === wanted));
  const picked = (node: ConfigNode) => session.activeLabels.get(node.name) ?? [];
  const control = drawing.find((node) => picked(node).length > 0) ?? drawing.find((node) => needsNoLabel(rules, node));
  if (control === undefined) return { refusal: drawing.length > 0 ? "Pick a label first." : "The label config has no control that draws this here." };
  const companions = around.filter((node) => node !== control && rules.isLabelControl(node.name) && rules.drawsOn(node, object) === undefined && picked(node).length > 0);
  const values = new Map<string, unknown>([[control.name, rules.isLabelControl(control.name) ? [...picked(control)] : undefined]]);
  for (const node of companions) values.set(node.name, [...picked(node)]);
  for (const node of [control, ...companions]) {
    const full = picked(node).find((label) => isUsedUp(rules, doc, node, label));
    if (full !== undefined) return { refusal: `"${full}" may not be used more often.` };
  }
  return { control: control.name, values };
}

function needsNoLabel(rules: Rules, node: ConfigNode): boolean {
  return !rules.isLabelControl(node.name) || node.attrs.allowempty === true;
}

/** Largest number of regions that may carry this label; Infinity when not limited. */
export function maxUsagesOf(rules: Rules, node: ConfigNode, label: string): number {
  const option = rules.options(node.name).find((each) => each.stored === label);
  const limit = option?.node.attrs.maxusages ?? node.attrs.maxusages;
  return typeof limit === "number" ? limit : Infinity;
}

function isUsedUp(rules: Rules, doc: AnnotationDoc, node: ConfigNode, label: string): boolean {
  const limit = maxUsagesOf(rules, node, label);
  return limit !== Infinity && countUsages(doc, node.name, label) >= limit;
}

/** How many regions carry this label. */
export function countUsages(doc: AnnotationDoc, control: string, label: string): number {
  let count = 0;
  for (const region of doc.regions.values()) {
    const value = region.values.get(control);
    if (Array.isArray(value) && value.includes(label)) count += 1;
  }
  return count;
}

/** Whether pressing this control's labels can relabel the region: it lies on its object, and the geometry suits. */
export function canRelabel(rules: Rules, node: ConfigNode, region: Region): boolean {
  if (!node.toName.includes(region.object)) return false;
  if (region.values.has(node.name)) return true;
  const drawn = rules.drawsOn(node, region.object);
  return drawn === undefined || drawn === region.shape.kind;
}

/** The region after pressing `label`; the same object when nothing changes, a string when it is refused. */
export function relabel(rules: Rules, doc: AnnotationDoc, node: ConfigNode, region: Region, label: string): Region | string {
  const old = region.values.get(node.name);
  const now = Array.isArray(old) ? old.map(String) : [];
  const isOn = now.includes(label);
  const givesGeometry = rules.drawsOn(node, region.object) === region.shape.kind;
  const mustKeepOne = givesGeometry && node.attrs.allowempty !== true;
  if (isOn && now.length === 1 && mustKeepOne) return region;
  if (!isOn && isUsedUp(rules, doc, node, label)) return `"${label}" may not be used more often.`;
  const next = isOn ? now.filter((each) => each !== label) : node.attrs.choice === "multiple" ? [...now, label] : [label];
  if (next.length === 0 && !givesGeometry) return withValue(region, node.name, undefined, true);
  const moved = givesGeometry && !region.values.has(node.name) ? moveGeometry(rules, region, node.name) : region;
  return withValue(moved, node.name, next);
}

/** The region as one of another control that draws the same shape: the old labels of the geometry go. */
function moveGeometry(rules: Rules, region: Region, control: string): Region {
  const values = new Map([...region.values].filter(([name]) => name !== region.control));
  if (!rules.isLabelControl(region.control)) return region;
  return { ...region, control, values: new Map([[control, [] as unknown], ...values]) };
}

/** The labels picked up after pressing `label` with nothing selected. One drawing control per object at a time. */
export function pickUp(rules: Rules, session: Session, node: ConfigNode, label: string): ReadonlyMap<string, readonly string[]> {
  const now = session.activeLabels.get(node.name) ?? [];
  const isOn = now.includes(label);
  const next = isOn ? now.filter((each) => each !== label) : node.attrs.choice === "multiple" ? [...now, label] : [label];
  const active = new Map(session.activeLabels);
  for (const name of active.keys()) if (rivals(rules, node, name)) active.delete(name);
  if (next.length > 0) active.set(node.name, next);
  else active.delete(node.name);
  return active;
}

function rivals(rules: Rules, node: ConfigNode, other: string): boolean {
  const rival = rules.config.byName.get(other);
  if (rival === undefined || rival === node) return false;
  return node.toName.some((object) => rival.toName.includes(object) && rules.drawsOn(node, object) !== undefined && rules.drawsOn(rival, object) !== undefined);
}
