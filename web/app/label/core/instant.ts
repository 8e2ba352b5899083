/** Whether one key answers the whole task: one single-choice, pairwise or rating control, and nothing else to fill in. */
import type { ConfigNode, LabelConfig } from "@labelwright/config";

/** Name of the control whose key submits; null = the config asks for more than one decision. */
export function instantControl(config: Pick<LabelConfig, "controls">): string | null {
  const [only, ...more] = config.controls;
  return only && more.length === 0 && isOneDecision(only) ? only.name : null;
}

function isOneDecision({ tag, attrs }: ConfigNode): boolean {
  if (attrs.perregion === true || attrs.peritem === true || attrs.visiblewhen) return false;
  if (tag === "Choices") return attrs.choice !== "multiple" && attrs.allownested !== true && attrs.layout !== "select";
  return tag === "Pairwise" || tag === "Rating";
}
