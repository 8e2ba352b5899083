/** Why an answer cannot be submitted, in one short line: "2 boxes need a text". */
import type { LabelConfig } from "@labelwright/config";
import type { AnnotationDoc, Problem } from "@labelwright/engine";

const NEEDS: Readonly<Record<string, string>> = {
  TextArea: "a text", Choices: "a choice", Rating: "a rating", Number: "a number", DateTime: "a date", Taxonomy: "a category",
  Pairwise: "a choice", Ranker: "an order", Labels: "a label",
};
const SHAPES: Readonly<Record<string, readonly [one: string, many: string]>> = {
  rectangle: ["box", "boxes"], ellipse: ["ellipse", "ellipses"], polygon: ["polygon", "polygons"], keypoint: ["point", "points"],
  span: ["span", "spans"], text: ["span", "spans"], segment: ["segment", "segments"],
};

export interface Reason {
  readonly text: string;
  /** Region to select on "go"; null = the message is about the whole task. */
  readonly regionId: string | null;
  readonly control: string;
}

/** Problems of one control are told together; the first control that hinders is told. */
export function reasonOf(problems: readonly Problem[], doc: Pick<AnnotationDoc, "regions">, config: Pick<LabelConfig, "byName">): Reason | null {
  const [first] = problems;
  if (!first) return null;
  const { control } = first;
  if (first.regionId === undefined) return { text: first.message, regionId: null, control };
  const alike = problems.filter((problem) => problem.control === control && problem.regionId !== undefined);
  const kinds = new Set(alike.map((problem) => (doc.regions.get(problem.regionId ?? "")?.shape as { kind: string } | undefined)?.kind ?? ""));
  const [one, many] = (kinds.size === 1 ? SHAPES[[...kinds][0] ?? ""] : undefined) ?? ["region", "regions"];
  const need = NEEDS[config.byName.get(control)?.tag ?? ""] ?? `"${control}"`;
  const text = alike.length === 1 ? `1 ${one} needs ${need}` : `${alike.length} ${many} need ${need}`;
  return { text, regionId: first.regionId, control };
}
