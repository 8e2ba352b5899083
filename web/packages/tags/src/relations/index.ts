import { walk } from "@labelwright/config";
import type { Editor } from "@labelwright/engine";
import { defineTag } from "../define";

/** Relation labels are shown where relations are: in the region panel. */
export const relations = defineTag({ names: ["Relations"], kind: "visual", view: null });

export interface RelationLabels {
  readonly isMultiple: boolean;
  /** Stored names. */
  readonly values: readonly string[];
}

/** The labels a relation may carry; none where the config has no Relations tag. */
export function relationLabels(editor: Editor): RelationLabels {
  for (const node of walk(editor.config.root)) {
    if (node.tag !== "Relations") continue;
    const values = node.children.filter((child) => child.tag === "Relation").map((child) => child.raw.alias ?? child.raw.value ?? "");
    return { isMultiple: node.attrs.choice !== "single", values };
  }
  return { isMultiple: true, values: [] };
}
