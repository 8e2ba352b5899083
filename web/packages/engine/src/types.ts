/**
 * The words of the editor's core: what an annotation is while it is being made.
 *
 * Three lifetimes: *document* (saved: regions, relations, answers), *session* (this tab: selection, tool, zoom) and
 * *wire* (Label Studio's result JSON, `ResultItem`). Documents are frozen values; every change makes a new one.
 * Nothing here knows the DOM or React.
 */
import type { ConfigNode, LabelConfig, Option, TaskData } from "@labelwright/config";

// ---------------------------------------------------------------- wire
export type Origin = "manual" | "prediction" | "prediction-changed";

/** One item of a `result` list, as stored and exported (design/editor.md §1.2). Unknown keys are kept. */
export interface ResultItem {
  id?: string;
  from_name?: string;
  to_name?: string;
  type: string;
  value?: Record<string, unknown>;
  origin?: Origin;
  score?: number;
  readonly?: boolean;
  parentID?: string;
  meta?: Record<string, unknown>;
  item_index?: number;
  // relations
  from_id?: string;
  to_id?: string;
  direction?: Direction;
  labels?: string[];
  [key: string]: unknown;
}

// ---------------------------------------------------------------- document
/** What a model proposed and nobody has accepted yet. Not stored: a submit accepts all that is left. */
export interface Suggestion {
  /** How sure the model is of this part (of the whole prediction where it does not say); null = it does not say. */
  readonly score: number | null;
}

export type RegionId = string;
export type Direction = "right" | "left" | "bi";

/**
 * Stored geometry by shape kind: percent of the natural image, UTF-16 offsets, seconds.
 * A shape's folder adds its own line by declaration merging:
 * `declare module "@labelwright/engine" { interface Shapes { rectangle: Rectangle } }`.
 */
export interface Shapes {
  /** Geometry that no shape here can read: kept as it came (`value` without the control's own key), written back as it is. */
  raw: { readonly value: Readonly<Record<string, unknown>> };
}
export type ShapeKind = keyof Shapes & string;
export type Shape = { [K in ShapeKind]: { readonly kind: K } & Readonly<Shapes[K]> }[ShapeKind];
export type ShapeOf<K extends ShapeKind> = { readonly kind: K } & Readonly<Shapes[K]>;

/** What one control says: the value under its value key (`["Car"]`, `4`, `["typed text"]`, `[["A", "A1"]]`). */
export type ControlValue = unknown;

/** One marked part of an object. Its labels and per-region answers are `values`, by control name, in writing order. */
export interface Region {
  readonly id: RegionId;
  /** Name of the object tag it lies on (`to_name`). */
  readonly object: string;
  /** Page of a multi-item object, else null. */
  readonly itemIndex: number | null;
  /** Name of the control that gives the geometry: a *Labels control, or a plain shape control (`Rectangle`). */
  readonly control: string;
  readonly shape: Shape;
  readonly values: ReadonlyMap<string, ControlValue>;
  readonly origin: Origin;
  readonly score: number | null;
  /** Still to be accepted or rejected; null = a person's own, or accepted. */
  readonly suggestion: Suggestion | null;
  readonly readonly: boolean;
  readonly locked: boolean;
  readonly parentId: RegionId | null;
  /** `meta.text`: free notes. */
  readonly notes: readonly string[];
  /** Item-level fields of the shape's family that are written back as they are (`original_width`, `original_length`, other meta …). */
  readonly envelope: Readonly<Record<string, unknown>>;
  /** The same for fields that only one control's item has (`meta.lead_time` of a TextArea), by control name. */
  readonly extras: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

export interface Relation {
  readonly from: RegionId;
  readonly to: RegionId;
  readonly direction: Direction;
  readonly labels: readonly string[];
  /** Further fields of the stored item, written back as they are. */
  readonly envelope?: Readonly<Record<string, unknown>>;
}

/** A whole-task (or per-item) answer of a classification control. */
export interface Answer {
  readonly id: string;
  readonly control: string;
  readonly object: string;
  readonly itemIndex: number | null;
  readonly value: ControlValue;
  readonly origin: Origin;
  readonly score: number | null;
  readonly suggestion: Suggestion | null;
  readonly envelope: Readonly<Record<string, unknown>>;
}

/** The answer in progress. Maps keep insertion order, which is writing order. */
export interface AnnotationDoc {
  readonly regions: ReadonlyMap<RegionId, Region>;
  readonly relations: readonly Relation[];
  /** Keyed by `answerKey(control, itemIndex)`. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** Result items whose control or type the config does not know: shown as orphans, written back untouched. */
  readonly orphans: readonly ResultItem[];
}

// ---------------------------------------------------------------- change: the one door
export type ChangeOrigin = "user" | "undo" | "redo" | "load" | "suggestion" | "remote";

export interface Change {
  /** What the person did, in words ("Draw Car", "Choose Positive"): undo menu, live region. */
  readonly name: string;
  readonly before: AnnotationDoc;
  readonly after: AnnotationDoc;
  readonly created: readonly RegionId[];
  readonly updated: readonly RegionId[];
  readonly deleted: readonly RegionId[];
  readonly origin: ChangeOrigin;
}

/** One recorded change: the document after it. */
export interface ReplayStep {
  readonly name: string;
  readonly doc: AnnotationDoc;
  readonly origin: ChangeOrigin;
}

/** A label that is picked up for the next region: the control and its values. */
export interface ActiveLabel {
  readonly control: string;
  readonly values: readonly string[];
}

/** What this tab remembers and never saves. */
export interface Session {
  readonly selection: ReadonlySet<RegionId>;
  readonly hovered: RegionId | null;
  readonly hidden: ReadonlySet<RegionId>;
  /** Labels picked for the next region, by control name. */
  readonly activeLabels: ReadonlyMap<string, readonly string[]>;
  /** Id of the active tool ("move", "pan", "rectangle" …); null = the object's default. */
  readonly tool: string | null;
  /** Page by object name. */
  readonly page: ReadonlyMap<string, number>;
  /** Region from which a relation is being drawn. */
  readonly linkingFrom: RegionId | null;
  /** What hindered the last submit and still does: shown at the controls. */
  readonly problems: readonly Problem[];
}

export interface Problem {
  /** Control (or region) the message is about. */
  readonly control: string;
  readonly regionId?: RegionId;
  readonly itemIndex?: number;
  readonly message: string;
}

/** What a user can set; kept per user on the server. */
export interface EditorOptions {
  readonly readOnly: boolean;
  readonly hotkeys: boolean;
  /** "labelwright" or "label-studio"; single remaps on top. */
  readonly hotkeyPreset: "labelwright" | "label-studio";
  readonly customHotkeys: Readonly<Record<string, string>>;
  readonly keepLabel: boolean;
  readonly selectNewRegions: boolean;
  readonly showLabels: boolean;
  readonly textSize: number;
}

/**
 * One open annotation: document + session + history. Views subscribe; tools and controls call the verbs.
 * Every verb that changes the document makes exactly one undo entry (inside `transact`: one for the whole).
 */
export interface Editor {
  readonly config: LabelConfig;
  readonly taskData: Readonly<Record<string, unknown>>;
  readonly options: EditorOptions;
  readonly doc: AnnotationDoc;
  readonly session: Session;

  /** Replace the document by f(doc); the diff is computed. No-op when nothing changed. */
  change(name: string, f: (doc: AnnotationDoc) => AnnotationDoc, origin?: ChangeOrigin): void;
  /** Several changes, one undo entry. */
  transact(name: string, f: () => void): void;
  undo(): void;
  redo(): void;
  readonly canUndo: boolean;
  readonly canRedo: boolean;

  // regions
  /**
   * Make a region on `object` with `shape`, labelled with the active labels of the controls that fit it.
   * Returns null when the config wants a label and none is active (allowEmpty not set): the caller drops the gesture
   * and `notice` says why.
   */
  addRegion(object: string, shape: Shape, more?: { itemIndex?: number | null; envelope?: Record<string, unknown>; control?: string }): Region | null;
  /** New geometry. While dragging call `previewShape`; it is not history. */
  setShape(id: RegionId, shape: Shape, name?: string, envelope?: Record<string, unknown>): void;
  previewShape(id: RegionId, shape: Shape | null): void;
  /** Geometry to draw: the preview if there is one. */
  shapeOf(id: RegionId): Shape;
  /** A per-region answer; undefined, "" and [] take it away. `typing` joins keystrokes into one undo entry. */
  setRegionValue(id: RegionId, control: string, value: ControlValue | undefined, how?: { typing?: boolean }): void;
  setNotes(id: RegionId, notes: readonly string[]): void;
  setLocked(ids: Iterable<RegionId>, locked: boolean): void;
  setParent(id: RegionId, parentId: RegionId | null): void;
  /** Locked and read-only regions stay. */
  deleteRegions(ids: Iterable<RegionId>): void;
  /** Copies with new ids, selected; of regions here, or of items from the clipboard. */
  duplicateRegions(ids: Iterable<RegionId>): void;
  pasteRegions(items: readonly ResultItem[]): void;
  /** The labels shown on it, with colours resolved from the config. */
  labelsOf(id: RegionId): readonly RegionLabel[];
  colorOf(id: RegionId): string;

  // answers, relations
  setAnswer(control: string, value: ControlValue | undefined, itemIndex?: number | null, how?: { typing?: boolean }): void;
  answerOf(control: string, itemIndex?: number | null): ControlValue | undefined;
  addRelation(from: RegionId, to: RegionId): void;
  setRelation(index: number, patch: Partial<Relation>): void;
  deleteRelation(index: number): void;
  deleteOrphan(index: number): void;

  // session
  select(ids: Iterable<RegionId>): void;
  hover(id: RegionId | null): void;
  setTool(tool: string | null): void;
  /** Press a label: relabels the selection if there is one, else picks it up (or puts it down) for the next region. */
  pickLabel(control: string, value: string): void;
  /** Put down every label that is picked up. */
  dropLabels(): void;
  setHidden(ids: Iterable<RegionId>, hidden: boolean): void;
  setPage(object: string, page: number): void;
  startLink(from: RegionId | null): void;

  /** Say something to the person (toast + screen reader). */
  notice(message: string): void;

  // what the config says
  /** The options of a control, flat, parents first. */
  optionsOf(control: string): readonly Option[];
  /** Whether a tag is shown now (its own and its ancestors' `visibleWhen`). */
  isVisible(node: ConfigNode): boolean;
  /** The per-region controls that are asked about this region now. */
  controlsAskedOf(id: RegionId): readonly ConfigNode[];
  /** A label control's colour for a stored label. */
  labelColor(control: string, value: string): string;
  /** Geometry in words ("30 × 15 at 10, 20"), "" when the shape has none. */
  describeShape(id: RegionId): string;
  /** The numbers of its geometry that may be typed. */
  shapeFields(id: RegionId): readonly ShapeField[];
  /** Commands and keys: of the editor, its tags and whoever adds some. */
  readonly commands: CommandRegistry;

  // out
  serialize(): ResultItem[];
  /** The result items of these regions alone (clipboard, smart prompts). */
  serializeRegions(ids: Iterable<RegionId>): ResultItem[];
  /** Replace the whole document from a stored result (tab switch, restore); clears history unless `keepHistory`. */
  load(result: readonly ResultItem[], options?: { keepHistory?: boolean; origin?: Origin }): void;
  /**
   * Put a model's proposal in, in the place of the regions it was asked with: suggestions to accept or reject, one undo entry.
   * Gives back how many regions and answers came, and how many items do not fit the config (these are left out).
   */
  suggest(items: readonly ResultItem[], how?: { score?: number | null; prompts?: Iterable<RegionId> }): { added: number; unfit: number };
  /** Take up a journal: the document after the last step, and the history that led there. */
  replay(steps: readonly ReplayStep[]): void;
  /** What hinders a submit: required controls, per-region required, min/max. Empty = may be submitted. */
  problems(): Problem[];
  /** As `problems`, and shows them at their controls until they are mended; selects the first region concerned. */
  reportProblems(): readonly Problem[];

  // observers; each returns its own stop function
  onChange(f: (change: Change) => void): () => void;
  onSession(f: (session: Session) => void): () => void;
  onNotice(f: (message: string) => void): () => void;
  /** Called when this region's shape (preview included), values or selected/hovered/hidden state changes. */
  onRegion(id: RegionId, f: () => void): () => void;
  dispose(): void;
}

export interface RegionLabel {
  readonly control: string;
  readonly value: string;
  /** What is shown (value, alias if showAlias). */
  readonly text: string;
  readonly color: string;
}

// ---------------------------------------------------------------- shapes and commands
/** How one kind of geometry is read from and written to a result item's `value`. One per shape folder under tags/. */
export interface ShapeDef<K extends ShapeKind = ShapeKind> {
  readonly kind: K;
  /** Whether this `value` holds this geometry (by its keys). */
  matches(item: ResultItem): boolean;
  read(item: ResultItem): ShapeOf<K>;
  /** Keys of `value` that spell the geometry. */
  write(shape: ShapeOf<K>): Record<string, unknown>;
  /** Words for the region list and the screen reader: "30 × 15 at 10, 20". */
  describe?(shape: ShapeOf<K>): string;
  /** Numbers a person may type in the details panel; keys of the shape. */
  readonly fields?: readonly ShapeField[];
  /** Where a copy is put: a little off the original. */
  offset?(shape: ShapeOf<K>): ShapeOf<K>;
}

export interface ShapeField {
  readonly key: string;
  readonly label: string;
  /** "%", "°", "s". */
  readonly unit: string;
}

/** What the engine must know of a tag beyond its schema. `TagDef` of packages/tags is one. */
export interface TagRules {
  readonly names: readonly string[];
  readonly shapes?: readonly ShapeDef[];
  /** Which shape this control draws, by canonical object tag: `{ Image: "rectangle" }`. */
  readonly draws?: Readonly<Record<string, string>>;
  /** Options that are not Label or Choice children (stars, left/right). */
  options?(node: ConfigNode, data: TaskData): readonly Option[];
  /** What pressing an option's key does. Labels are picked without it; other options get no keys without it. */
  press?(editor: Editor, node: ConfigNode, option: Option): void;
  /** Answer of a new annotation (`selected`, `defaultValue`), if any. */
  startValue?(node: ConfigNode, data: TaskData): ControlValue | undefined;
  /** What is wrong with this given answer, in words, or null. */
  check?(value: ControlValue, node: ConfigNode): string | null;
  /** Commands that exist while the config has such a node. */
  commands?(node: ConfigNode, editor: Editor): readonly Command[];
}

/** A command is data: buttons, hotkeys, menus and the help page read the same record. */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  /** Default keys by preset, in `ctrl+shift+z` spelling; `mod` = ctrl, or cmd on a Mac. */
  readonly keys: { readonly labelwright: readonly string[]; readonly labelStudio: readonly string[] };
  /** Also while a text field has the focus. */
  readonly inFields?: boolean;
  enabled?(editor: Editor): boolean;
  run(editor: Editor): void;
}

/** A command with the keys that are in force for it, spelled `mod+z`. */
export interface BoundCommand {
  readonly command: Command;
  readonly keys: readonly string[];
}

export interface CommandRegistry {
  /** Add commands (a screen's, a view's); later ones win when keys clash. Returns the function that takes them away. */
  add(commands: readonly Command[]): () => void;
  list(): readonly BoundCommand[];
  /** First key of a command as it is spelled ("mod+z"), or null. */
  keyOf(id: string): string | null;
  /** Run by id; false when unknown or not enabled now. */
  run(id: string): boolean;
  /** Run what this key press means; true when something ran (the caller then prevents the default). */
  handle(event: KeyPress): boolean;
  /** Keys that more than one command claims, with their ids. */
  conflicts(): ReadonlyMap<string, readonly string[]>;
  onChange(f: () => void): () => void;
}

/** The part of a KeyboardEvent that matters. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
  /** What kind of element has the focus. */
  readonly focus?: "none" | "field" | "button" | "choice";
}
