/** The label config as the engine asks it: which control draws what, what it stores, which options it has. */
import { labelsAskedFor, flatOptions, optionsOf, schemaOf, visibilityRule, type ConfigNode, type LabelConfig, type Option, type TaskData } from "@labelwright/config";
import { labelPalette, unknownColor } from "./palette";
import type { Region, ShapeDef, TagRules } from "./types";

export interface Rules {
  readonly config: LabelConfig;
  readonly data: TaskData;
  tagOf(node: ConfigNode): TagRules | undefined;
  parentOf(node: ConfigNode): ConfigNode | undefined;
  shapeDef(kind: string): ShapeDef | undefined;
  /** Shapes that any tag draws on this object; geometry keys mean different things on text and on sound. */
  shapesOn(object: string): readonly ShapeDef[];
  /** The shape this control draws on this object; undefined when none by itself. */
  drawsOn(control: ConfigNode, object: string): string | undefined;
  options(control: string): readonly Option[];
  /** A control whose options name regions (Labels, RectangleLabels …). */
  isLabelControl(control: string): boolean;
  colorOf(control: string, stored: string): string;
  /** Whether any tag is shown only in some state. */
  readonly hasVisibility: boolean;
}

/** Rules of a config that is already expanded for `data`. */
export function makeRules(config: LabelConfig, data: TaskData, tags: readonly TagRules[]): Rules {
  const byName = new Map(tags.flatMap((tag) => tag.names.map((name) => [name.toLowerCase(), tag] as const)));
  const shapes = [...new Set(tags.flatMap((tag) => tag.shapes ?? []))];
  const parents = new Map<ConfigNode, ConfigNode>();
  let hasVisibility = false;
  const adopt = (node: ConfigNode) => {
    hasVisibility ||= visibilityRule(node) !== null || labelsAskedFor(node).length > 0;
    for (const child of node.children) {
      parents.set(child, node);
      adopt(child);
    }
  };
  adopt(config.root);
  const tagOf = (node: ConfigNode) => byName.get(node.tag.toLowerCase());
  const options = readAllOptions(config, data, tagOf);
  const colors = assignColors(config, options);
  return {
    config,
    data,
    tagOf,
    parentOf: (node) => parents.get(node),
    shapeDef: (kind) => shapes.find((shape) => shape.kind === kind),
    shapesOn: (object) => {
      const drawn = tags.map((tag) => tag.draws?.[config.byName.get(object)?.tag ?? ""]);
      return shapes.filter((shape) => drawn.includes(shape.kind));
    },
    drawsOn: (control, object) => tagOf(control)?.draws?.[config.byName.get(object)?.tag ?? ""],
    options: (control) => options.get(control) ?? [],
    isLabelControl: (control) => isLabelNode(config.byName.get(control)),
    colorOf: (control, stored) => colors.get(control)?.get(stored) ?? unknownColor,
    hasVisibility,
  };
}

function readAllOptions(config: LabelConfig, data: TaskData, tagOf: Rules["tagOf"]): Map<string, readonly Option[]> {
  return new Map(config.controls.map((node) => [node.name, flatOptions(tagOf(node)?.options?.(node, data) ?? optionsOf(node, data))]));
}

function isLabelNode(node: ConfigNode | undefined): boolean {
  const schema = node && schemaOf(node.tag);
  return schema?.regions === true && schema.children?.includes("Label") === true;
}

/** Colours by control and stored label: the config's own, else the next of the palette (counted over the whole config). */
function assignColors(config: LabelConfig, options: ReadonlyMap<string, readonly Option[]>): Map<string, Map<string, string>> {
  let next = 0;
  const paletteColor = () => labelPalette[next++ % labelPalette.length] ?? unknownColor;
  const labelControls = config.controls.filter(isLabelNode);
  return new Map(
    labelControls.map((node) => [node.name, new Map((options.get(node.name) ?? []).map((option) => [option.stored, option.color ?? paletteColor()]))]),
  );
}

/** Under which key of `value` this control's answer stands in a result item. */
export function valueKeyOf(node: ConfigNode): string {
  return schemaOf(node.tag)?.result?.valueKey ?? node.tag.toLowerCase();
}

/** `type` of this control's result items. */
export function resultTypeOf(node: ConfigNode): string {
  return schemaOf(node.tag)?.result?.type ?? node.tag.toLowerCase();
}

/** Whether the schema says that this control makes regions. */
export function makesRegions(node: ConfigNode): boolean {
  return schemaOf(node.tag)?.regions === true;
}

/** All labels on a region, whichever control gave them. */
export function labelValuesOf(rules: Rules, region: Region): string[] {
  return [...region.values].flatMap(([control, value]) => (rules.isLabelControl(control) && Array.isArray(value) ? value.map(String) : []));
}
