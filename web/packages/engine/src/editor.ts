import { expand, type ConfigNode, type LabelConfig, type Option, type TaskData } from "@labelwright/config";
import { baseCommands, tagCommands } from "./commands";
import { answerKey, updateRegions, withAnswer, withoutRegions, withRegions, withValue } from "./document";
import { isEmpty } from "./equal";
import { newId } from "./id";
import { canRelabel, labelNewRegion, labelsOf, pickUp, relabel } from "./labels";
import { unknownColor } from "./palette";
import { findProblems } from "./problems";
import { copyRegions, newRegion } from "./newRegions";
import { readResult } from "./read";
import { createRegistry } from "./registry";
import { makeRules, type Rules } from "./rules";
import { defaultOptions, type CreateOptions } from "./options";
import { startDoc, startSession } from "./start";
import { Store } from "./store";
import { withProposal } from "./suggestions";
import type * as Types from "./types";
import type { AnnotationDoc, ChangeOrigin, ControlValue, Editor, EditorOptions, Origin, Region, RegionId, Relation, ResultItem, Session, Shape } from "./types";
import { isAskedOf, isShown } from "./visibility";
import { writeRegion, writeResult } from "./write";

/** An editor for one task. `config` need not be expanded. */
export function createEditor(config: LabelConfig, taskData: TaskData, { tags = [], result, origin, suggestions, ...options }: CreateOptions = {}): Editor {
  const rules = makeRules(expand(config, taskData), taskData, tags);
  const isNew = (result === undefined || result.length === 0) && options.readOnly !== true;
  const doc = isNew ? startDoc(rules) : readResult(rules, result ?? [], { origin, suggestions });
  return new EditorCore(rules, doc, { ...defaultOptions, ...options }, suggestions);
}

class EditorCore implements Editor {
  readonly config: LabelConfig;
  readonly taskData: TaskData;
  readonly commands: Types.CommandRegistry;
  private readonly store: Store;

  constructor(
    private readonly rules: Rules,
    doc: AnnotationDoc,
    readonly options: EditorOptions,
    private readonly suggestions: Types.Suggestion | undefined,
  ) {
    this.config = rules.config;
    this.taskData = rules.data;
    this.store = new Store(doc, startSession(rules), options.readOnly);
    this.store.observers.onChange(() => this.dropMended());
    this.commands = createRegistry(this, options);
    this.commands.add(baseCommands(rules.config.makesRegions));
    this.commands.add(tagCommands(rules, this));
  }

  get doc(): AnnotationDoc {
    return this.store.doc;
  }

  get session(): Session {
    return this.store.session;
  }

  // ---------------------------------------------------------------- change
  change(name: string, f: (doc: AnnotationDoc) => AnnotationDoc, origin: ChangeOrigin = "user"): void {
    this.store.apply(name, f, { origin });
  }

  transact(name: string, f: () => void): void {
    this.store.transact(name, f);
  }

  undo(): void {
    this.store.undo();
  }

  redo(): void {
    this.store.redo();
  }

  get canUndo(): boolean {
    return this.store.history.canUndo;
  }

  get canRedo(): boolean {
    return this.store.history.canRedo;
  }

  private dropMended(): void {
    if (this.session.problems.length === 0) return;
    const left = this.problems();
    const isLeft = (shown: Types.Problem) => left.some((problem) => problem.control === shown.control && problem.regionId === shown.regionId && problem.itemIndex === shown.itemIndex);
    const problems = this.session.problems.filter(isLeft);
    if (problems.length < this.session.problems.length) this.store.setSession({ problems });
  }

  // ---------------------------------------------------------------- regions
  addRegion(object: string, shape: Shape, more: { itemIndex?: number | null; envelope?: Record<string, unknown>; control?: string } = {}): Region | null {
    if (this.options.readOnly) return null;
    const labelling = labelNewRegion(this.rules, this.doc, this.session, object, shape.kind, more.control);
    if ("refusal" in labelling) {
      this.notice(labelling.refusal);
      return null;
    }
    const { itemIndex = null, envelope = {} } = more;
    const region = newRegion({ object, shape, itemIndex, envelope, ...labelling });
    this.store.apply(`Add ${this.nameOf(region)}`, (doc) => withRegions(doc, [region]));
    if (!this.options.keepLabel) this.dropLabels();
    if (this.options.selectNewRegions) this.select([region.id]);
    return region;
  }

  setShape(id: RegionId, shape: Shape, name?: string, envelope?: Record<string, unknown>): void {
    const region = this.doc.regions.get(id);
    if (!region) return;
    this.store.apply(name ?? `Move ${this.nameOf(region)}`, (doc) => updateRegions(doc, [id], (old) => (old.locked ? old : { ...old, shape, envelope: envelope ? { ...old.envelope, ...envelope } : old.envelope })));
    if (this.store.previews.delete(id)) this.store.observers.regionTouched(id);
  }

  previewShape(id: RegionId, shape: Shape | null): void {
    if (shape === null ? !this.store.previews.delete(id) : this.doc.regions.get(id)?.locked) return;
    if (shape !== null) this.store.previews.set(id, shape);
    this.store.observers.regionTouched(id);
  }

  shapeOf(id: RegionId): Shape {
    const shape = this.store.previews.get(id) ?? this.doc.regions.get(id)?.shape;
    if (!shape) throw new Error(`no region ${id}`);
    return shape;
  }

  setRegionValue(id: RegionId, control: string, value: ControlValue | undefined, how: { typing?: boolean } = {}): void {
    const region = this.doc.regions.get(id);
    if (!region) return;
    const remove = isEmpty(value) && control !== region.control;
    if (remove && !region.values.has(control)) return;
    const joinKey = how.typing ? `${id}/${control}` : undefined;
    this.store.apply(`Answer ${control} of ${this.nameOf(region)}`, (doc) => updateRegions(doc, [id], (old) => withValue(old, control, value, remove)), { joinKey });
  }

  setNotes(id: RegionId, notes: readonly string[]): void {
    this.store.apply("Note", (doc) => updateRegions(doc, [id], (old) => ({ ...old, notes: notes.filter((note) => note !== "") })), { joinKey: `${id}/notes` });
  }

  setLocked(ids: Iterable<RegionId>, locked: boolean): void {
    this.store.apply(locked ? "Lock" : "Unlock", (doc) => updateRegions(doc, ids, (old) => (old.locked === locked || old.readonly ? old : { ...old, locked })));
  }

  setParent(id: RegionId, parentId: RegionId | null): void {
    for (let above = parentId; above !== null; above = this.doc.regions.get(above)?.parentId ?? null) if (above === id) return;
    this.store.apply("Move in the list", (doc) => updateRegions(doc, [id], (old) => (old.parentId === parentId ? old : { ...old, parentId })));
  }

  deleteRegions(ids: Iterable<RegionId>): void {
    const regions = [...ids].flatMap((id) => this.doc.regions.get(id) ?? []);
    const free = regions.filter((region) => !region.locked && !region.readonly);
    const [first] = free;
    if (first === undefined) {
      if (regions.length > 0) this.notice("The region is locked.");
      return;
    }
    const name = free.length === 1 ? `Delete ${this.nameOf(first)}` : `Delete ${free.length} regions`;
    this.store.apply(name, (doc) => withoutRegions(doc, new Set(free.map((region) => region.id))));
  }

  duplicateRegions(ids: Iterable<RegionId>): void {
    this.addCopies([...ids].flatMap((id) => this.doc.regions.get(id) ?? []), "Duplicate");
  }

  pasteRegions(items: readonly ResultItem[]): void {
    const read = readResult(this.rules, items);
    if (read.regions.size === 0) this.notice("The clipboard holds no regions that fit this label config.");
    this.addCopies([...read.regions.values()], "Paste");
  }

  private addCopies(regions: readonly Region[], verb: string): void {
    const copies = copyRegions(this.rules, this.doc, regions);
    const [first] = copies;
    if (first === undefined || this.options.readOnly) return;
    this.store.apply(`${verb} ${copies.length === 1 ? this.nameOf(first) : `${copies.length} regions`}`, (doc) => withRegions(doc, copies));
    this.select(copies.map((copy) => copy.id));
  }

  labelsOf(id: RegionId): readonly Types.RegionLabel[] {
    const region = this.doc.regions.get(id);
    return region ? labelsOf(this.rules, region) : [];
  }

  colorOf(id: RegionId): string {
    const [label] = this.labelsOf(id);
    if (label) return label.color;
    const stroke = this.config.byName.get(this.doc.regions.get(id)?.control ?? "")?.attrs.strokecolor;
    return typeof stroke === "string" ? stroke : unknownColor;
  }

  labelColor(control: string, value: string): string {
    return this.rules.colorOf(control, value);
  }

  describeShape(id: RegionId): string {
    const shape = this.doc.regions.get(id)?.shape;
    return (shape && this.rules.shapeDef(shape.kind)?.describe?.(shape)) ?? "";
  }

  shapeFields(id: RegionId): readonly Types.ShapeField[] {
    const shape = this.doc.regions.get(id)?.shape;
    return (shape && this.rules.shapeDef(shape.kind)?.fields) ?? [];
  }

  private nameOf(region: Region): string {
    return labelsOf(this.rules, region).map((label) => label.text).join(", ") || "region";
  }

  // ---------------------------------------------------------------- answers, relations, orphans
  setAnswer(control: string, value: ControlValue | undefined, itemIndex: number | null = null, how: { typing?: boolean } = {}): void {
    const node = this.config.byName.get(control);
    const key = answerKey(control, itemIndex);
    const old = this.doc.answers.get(key);
    if (!node || (isEmpty(value) && !old)) return;
    const fresh = { id: newId(), control, object: node.toName[0] ?? "", itemIndex, origin: "manual" as const, score: null, suggestion: null, envelope: {} };
    const answer = isEmpty(value) ? undefined : { ...(old ?? fresh), value };
    this.store.apply(`Answer ${control}`, (doc) => withAnswer(doc, key, answer), { joinKey: how.typing ? `answer/${key}` : undefined });
  }

  answerOf(control: string, itemIndex: number | null = null): ControlValue | undefined {
    return this.doc.answers.get(answerKey(control, itemIndex))?.value;
  }

  addRelation(from: RegionId, to: RegionId): void {
    const { regions, relations } = this.doc;
    if (from === to || !regions.has(from) || !regions.has(to)) return;
    if (relations.some((relation) => relation.from === from && relation.to === to)) return this.notice("These regions are already related.");
    this.store.apply("Add relation", (doc) => ({ ...doc, relations: [...doc.relations, { from, to, direction: "right", labels: [] }] }));
  }

  setRelation(index: number, patch: Partial<Relation>): void {
    this.store.apply("Change relation", (doc) => ({ ...doc, relations: doc.relations.map((relation, at) => (at === index ? { ...relation, ...patch } : relation)) }));
  }

  deleteRelation(index: number): void {
    this.store.apply("Delete relation", (doc) => ({ ...doc, relations: doc.relations.filter((_, at) => at !== index) }));
  }

  deleteOrphan(index: number): void {
    this.store.apply("Delete unknown answer", (doc) => ({ ...doc, orphans: doc.orphans.filter((_, at) => at !== index) }));
  }

  // ---------------------------------------------------------------- session
  select(ids: Iterable<RegionId>): void {
    const selection = new Set([...ids].filter((id) => this.doc.regions.has(id)));
    const { selection: old, linkingFrom } = this.session;
    const [target] = selection;
    if (linkingFrom !== null && target !== undefined && target !== linkingFrom) {
      this.store.setSession({ linkingFrom: null });
      return this.addRelation(linkingFrom, target);
    }
    if (selection.size !== old.size || [...selection].some((id) => !old.has(id))) this.store.setSession({ selection });
  }

  hover(id: RegionId | null): void {
    if (id !== this.session.hovered) this.store.setSession({ hovered: id });
  }

  setTool(tool: string | null): void {
    if (tool !== this.session.tool) this.store.setSession({ tool });
  }

  pickLabel(control: string, value: string): void {
    const node = this.config.byName.get(control);
    if (!node || this.options.readOnly) return;
    const fitting = [...this.session.selection].flatMap((id) => this.doc.regions.get(id) ?? []).filter((region) => canRelabel(this.rules, node, region));
    if (fitting.length === 0) return this.store.setSession({ selection: new Set(), activeLabels: pickUp(this.rules, this.session, node, value), tool: null });
    const relabelled = fitting.map((region) => (region.locked ? "The region is locked." : relabel(this.rules, this.doc, node, region, value)));
    const refusal = relabelled.find((each) => typeof each === "string");
    if (refusal !== undefined) this.notice(refusal);
    const text = this.optionsOf(control).find((option) => option.stored === value)?.text ?? value;
    const regions = relabelled.filter((each) => typeof each !== "string").filter((region) => this.doc.regions.get(region.id) !== region);
    if (regions.length > 0) this.store.apply(`Label ${text}`, (doc) => withRegions(doc, regions));
    this.keepForNext(node, value);
  }

  /** The label just given stays in hand for the next region. */
  private keepForNext(node: ConfigNode, value: string): void {
    const now = this.session.activeLabels.get(node.name) ?? [];
    if (this.options.keepLabel && !now.includes(value)) this.store.setSession({ activeLabels: pickUp(this.rules, this.session, node, value) });
  }

  dropLabels(): void {
    if (this.session.activeLabels.size > 0) this.store.setSession({ activeLabels: new Map() });
  }

  setHidden(ids: Iterable<RegionId>, isHidden: boolean): void {
    const hidden = new Set(this.session.hidden);
    for (const id of ids) {
      if (isHidden) hidden.add(id);
      else hidden.delete(id);
    }
    this.store.setSession({ hidden });
  }

  setPage(object: string, page: number): void {
    if (this.session.page.get(object) !== page) this.store.setSession({ page: new Map(this.session.page).set(object, page) });
  }

  startLink(from: RegionId | null): void {
    this.store.setSession({ linkingFrom: from });
    if (from !== null) this.notice("Choose the region it is related to. Esc cancels.");
  }

  notice(message: string): void {
    this.store.observers.notified(message);
  }

  // ---------------------------------------------------------------- what the config says
  optionsOf(control: string): readonly Option[] {
    return this.rules.options(control);
  }

  private get selectedRegions(): Region[] {
    return [...this.session.selection].flatMap((id) => this.doc.regions.get(id) ?? []);
  }

  isVisible(node: ConfigNode): boolean {
    return isShown(this.rules, node, { doc: this.doc, selected: this.selectedRegions });
  }

  controlsAskedOf(id: RegionId): readonly ConfigNode[] {
    const region = this.doc.regions.get(id);
    if (!region) return [];
    return this.config.controlsOf(region.object).filter((node) => node.attrs.perregion === true && isAskedOf(this.rules, node, this.doc, region));
  }

  // ---------------------------------------------------------------- in and out
  serialize(): ResultItem[] {
    return writeResult(this.rules, this.doc);
  }

  serializeRegions(ids: Iterable<RegionId>): ResultItem[] {
    return [...ids].flatMap((id) => this.doc.regions.get(id) ?? []).flatMap((region) => writeRegion(this.rules, this.doc, region));
  }

  load(result: readonly ResultItem[], { keepHistory = false, origin }: { keepHistory?: boolean; origin?: Origin } = {}): void {
    const doc = readResult(this.rules, result, { origin, suggestions: this.suggestions });
    this.store.previews.clear();
    if (keepHistory) this.store.history.push({ name: "Load", before: this.doc, after: doc, at_ms: Date.now() });
    else this.store.history.clear();
    this.store.replace("Load", doc, "load");
  }

  suggest(items: readonly ResultItem[], { score = null, prompts = [] }: { score?: number | null; prompts?: Iterable<RegionId> } = {}): { added: number; unfit: number } {
    const proposal = readResult(this.rules, items.map((item) => ({ ...item, origin: "prediction" as const })), { suggestions: { score } });
    const { doc, added } = withProposal(this.doc, proposal, new Set(prompts));
    const count = added.regions.length + added.answers.length;
    if (count > 0) this.store.apply(`Suggest ${count === 1 ? "one part" : `${count} parts`}`, () => doc, { origin: "suggestion" });
    if (added.regions.length === 1) this.select(added.regions);
    return { added: count, unfit: proposal.orphans.length };
  }

  replay(steps: readonly Types.ReplayStep[]): void {
    this.store.previews.clear();
    this.store.replay(steps);
  }

  problems(): Types.Problem[] {
    return findProblems(this.rules, this.doc, this.selectedRegions);
  }

  reportProblems(): readonly Types.Problem[] {
    const problems = this.problems();
    const [first] = problems;
    if (first?.regionId !== undefined) this.select([first.regionId]);
    if (first?.itemIndex !== undefined) this.setPage(this.config.byName.get(first.control)?.toName[0] ?? "", first.itemIndex);
    this.store.setSession({ problems });
    return problems;
  }

  onChange(f: (change: Types.Change) => void): () => void {
    return this.store.observers.onChange(f);
  }

  onSession(f: (session: Session) => void): () => void {
    return this.store.observers.onSession(f);
  }

  onNotice(f: (message: string) => void): () => void {
    return this.store.observers.onNotice(f);
  }

  onRegion(id: RegionId, f: () => void): () => void {
    return this.store.observers.onRegion(id, f);
  }

  dispose(): void {
    this.store.observers.clear();
    this.store.previews.clear();
  }
}
