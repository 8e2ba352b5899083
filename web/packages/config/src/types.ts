/** A parsed label config: a tree of tags with typed attributes, and indexes by name. No DOM, no framework. */

export type AttrValue = string | number | boolean | readonly string[];

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface ConfigNode {
  /** Canonical tag name ("RectangleLabels"), whatever the spelling in the document. */
  readonly tag: string;
  /** `name`, or "" . */
  readonly name: string;
  /** Objects it points to (`toName`, split at commas); empty for others. */
  readonly toName: readonly string[];
  /** Attributes by their lower-cased name, typed by the tag's schema; unknown ones stay strings. Defaults are filled in. */
  readonly attrs: Readonly<Record<string, AttrValue | undefined>>;
  /** Attributes as written (lower-cased names), before typing and defaults. */
  readonly raw: Readonly<Record<string, string>>;
  /** Text inside the tag (Style, Markdown, HyperText). */
  readonly text: string;
  readonly children: readonly ConfigNode[];
  readonly place: Place;
  /** Where each attribute stands, by lower-cased name; absent for tags that were not written (expanded, from the task). */
  readonly attrPlaces?: Readonly<Record<string, Place>>;
}

export interface LabelConfig {
  readonly source: string;
  readonly root: ConfigNode;
  /** All tags with a `name`, in document order. After `expand(config, data)` Repeaters are gone. */
  readonly byName: ReadonlyMap<string, ConfigNode>;
  readonly objects: readonly ConfigNode[];
  readonly controls: readonly ConfigNode[];
  /** Controls pointing to this object. */
  controlsOf(object: string): readonly ConfigNode[];
  readonly problems: readonly ConfigProblem[];
  /** True when any control makes regions (then the right panel exists). */
  readonly makesRegions: boolean;
}

export interface ConfigProblem {
  readonly severity: "error" | "warning";
  readonly message: string;
  /** What to do about it. */
  readonly fix?: string;
  readonly tag: string;
  readonly place: Place;
}

/** One file of src/labelwright/labelconfig/tags/*.json. */
export interface TagSchema {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly kind: "object" | "control" | "visual" | "child";
  readonly summary: string;
  readonly attributes: Readonly<Record<string, AttrSchema>>;
  readonly children?: readonly string[];
  readonly accepts?: readonly string[];
  /** True for controls that make regions. */
  readonly regions?: boolean;
  /** "foreign": what stands inside is text of another language (HTML, CSS, Markdown), not tags of ours. */
  readonly content?: "foreign";
  readonly result?: { readonly type: string; readonly valueKey: string; readonly shape?: string | Readonly<Record<string, string>> };
  /** JSON types the tag's `value` field may have, and an example of it. */
  readonly dataTypes?: readonly string[];
  readonly sample?: unknown;
  readonly example: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly sampleResult?: readonly unknown[];
}

/** A schema without its prose, attributes by lower-cased name: what the labeling screen needs (`vite-facts.ts` makes it). */
export interface TagFacts {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly kind: TagSchema["kind"];
  readonly children?: readonly string[];
  readonly accepts?: readonly string[];
  readonly regions?: boolean;
  readonly content?: "foreign";
  readonly result?: { readonly type: string; readonly valueKey: string };
  readonly attributes: Readonly<Record<string, AttrFacts>>;
}

export type AttrFacts = Omit<AttrSchema, "doc"> & { readonly name: string };

export interface AttrSchema {
  readonly type: "string" | "boolean" | "number" | "integer" | "enum" | "color" | "variable" | "name" | "names" | "hotkey" | "css" | "list";
  readonly default?: AttrValue | null;
  readonly required?: boolean;
  readonly values?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly doc: string;
}
