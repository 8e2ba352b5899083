/** When a tag is shown: `visibleWhen` and its narrowing attributes, and `whenLabelValue` of per-region controls. */
import type { AttrValue, ConfigNode } from "./types";

export interface VisibilityRule {
  readonly when: "region-selected" | "no-region-selected" | "choice-selected" | "choice-unselected";
  /** Controls it looks at; empty = any. */
  readonly controls: readonly string[];
  /** Labels (region-selected) or choices (choice-…) it looks for; empty = any. */
  readonly values: readonly string[];
  readonly roles: readonly string[];
}

/** The tag's own rule, or null when it is always shown. */
export function visibilityRule(node: ConfigNode): VisibilityRule | null {
  const when = node.attrs.visiblewhen;
  if (when !== "region-selected" && when !== "no-region-selected" && when !== "choice-selected" && when !== "choice-unselected") return null;
  const values = when.startsWith("choice") ? node.attrs.whenchoicevalue : node.attrs.whenlabelvalue;
  return { when, controls: listOf(node.attrs.whentagname), values: listOf(values), roles: listOf(node.attrs.whenrole) };
}

/** Labels for which a per-region control is asked; empty = all. */
export function labelsAskedFor(node: ConfigNode): readonly string[] {
  return node.attrs.perregion === true ? listOf(node.attrs.whenlabelvalue) : [];
}

/** A comma list however it was typed; tags without a schema have plain text. */
function listOf(value: AttrValue | undefined): readonly string[] {
  if (Array.isArray(value)) return value as readonly string[];
  return typeof value === "string" ? value.split(",").map((part) => part.trim()).filter((part) => part !== "") : [];
}
