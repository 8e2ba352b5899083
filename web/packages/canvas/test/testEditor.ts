/** The part of `Editor` that a stage needs, kept in memory. Replaced by `createEditor` of the engine where that is at hand. */
import type { LabelConfig } from "@labelwright/config";
import type { AnnotationDoc, Change, ChangeOrigin, Editor, Region, RegionId, ResultItem, Session, Shape } from "@labelwright/engine";
import { rectangleShape } from "../../tags/src/rectangle/shape";

type Doc = AnnotationDoc;

export function createTestEditor(config: LabelConfig, taskData: Record<string, unknown>, result: readonly ResultItem[]): Editor {
  let doc: Doc = { regions: new Map(result.map((item) => [item.id ?? "", readRegion(item)])), relations: [], answers: new Map(), orphans: [] };
  let session: Session = { selection: new Set(), hovered: null, hidden: new Set(), activeLabels: new Map(), tool: null, page: new Map(), linkingFrom: null };
  const previews = new Map<RegionId, Shape>();
  const onChange = new Set<(change: Change) => void>();
  const onSession = new Set<(session: Session) => void>();
  const onRegion = new Map<RegionId, Set<() => void>>();
  const past: Doc[] = [];
  let next = 1;
  let depth = 0;

  const tell = (ids: Iterable<RegionId>): void => {
    for (const id of ids) for (const f of onRegion.get(id) ?? []) f();
  };
  const put = (name: string, after: Doc, origin: ChangeOrigin): void => {
    if (after === doc) return;
    const before = doc;
    doc = after;
    const created = [...after.regions.keys()].filter((id) => !before.regions.has(id));
    const deleted = [...before.regions.keys()].filter((id) => !after.regions.has(id));
    const updated = [...after.regions.keys()].filter((id) => before.regions.has(id) && before.regions.get(id) !== after.regions.get(id));
    for (const f of onChange) f({ name, before, after, created, updated, deleted, origin });
    tell([...created, ...updated, ...deleted]);
  };
  const setSession = (patch: Partial<Session>): void => {
    session = { ...session, ...patch };
    for (const f of onSession) f(session);
  };
  const withRegion = (region: Region): Doc => ({ ...doc, regions: new Map(doc.regions).set(region.id, region) });
  const listen = <T>(set: Set<T>, f: T): (() => void) => {
    set.add(f);
    return () => set.delete(f);
  };

  const editor = {
    config,
    taskData,
    options: { readOnly: false, hotkeys: true, hotkeyPreset: "labelwright", customHotkeys: {}, keepLabel: true, selectNewRegions: true, showLabels: true, textSize: 16 },
    get doc() { return doc; },
    get session() { return session; },
    change(name: string, f: (doc: Doc) => Doc, origin: ChangeOrigin = "user") {
      if (origin === "user" && depth === 0) past.push(doc);
      put(name, f(doc), origin);
    },
    transact(_name: string, f: () => void) {
      const before = doc;
      depth++;
      f();
      depth--;
      if (depth === 0 && doc !== before) past.push(before);
    },
    undo() {
      const before = past.pop();
      if (before) put("Undo", before, "undo");
    },
    addRegion(object: string, shape: Shape, more: { itemIndex?: number | null; envelope?: Record<string, unknown> } = {}) {
      const active = [...session.activeLabels].filter(([, values]) => values.length > 0);
      if (active.length === 0) return null;
      const region: Region = {
        id: `n${next++}`, object, itemIndex: more.itemIndex ?? null, control: active[0]?.[0] ?? "", shape, values: new Map(active),
        origin: "manual", score: null, readonly: false, locked: false, parentId: null, notes: [], envelope: more.envelope ?? {},
      };
      this.change("Draw", () => withRegion(region));
      this.select([region.id]);
      return region;
    },
    setShape(id: RegionId, shape: Shape, name = "Reshape") {
      const region = doc.regions.get(id);
      if (region) this.change(name, () => withRegion({ ...region, shape }));
    },
    previewShape(id: RegionId, shape: Shape | null) {
      if (shape) previews.set(id, shape);
      else previews.delete(id);
      tell([id]);
    },
    shapeOf: (id: RegionId) => previews.get(id) ?? doc.regions.get(id)?.shape,
    deleteRegions(ids: Iterable<RegionId>) {
      const gone = new Set(ids);
      this.change("Delete", (d) => ({ ...d, regions: new Map([...d.regions].filter(([id]) => !gone.has(id))) }));
    },
    labelsOf: (id: RegionId) => [...(doc.regions.get(id)?.values ?? [])].flatMap(([control, values]) => (values as string[]).map((value) => ({ control, value, text: value, color: "#2563eb" }))),
    colorOf: () => "#2563eb",
    addRelation(from: RegionId, to: RegionId) {
      this.change("Relate", (d) => ({ ...d, relations: [...d.relations, { from, to, direction: "right", labels: [] }] }));
    },
    select: (ids: Iterable<RegionId>) => setSession({ selection: new Set(ids) }),
    hover: (id: RegionId | null) => setSession({ hovered: id }),
    setTool: (tool: string | null) => setSession({ tool }),
    pickLabel: (control: string, value: string) => setSession({ activeLabels: new Map([[control, [value]]]) }),
    setHidden: (ids: Iterable<RegionId>, hidden: boolean) => setSession({ hidden: hidden ? new Set([...session.hidden, ...ids]) : new Set() }),
    setPage: (object: string, page: number) => setSession({ page: new Map(session.page).set(object, page) }),
    startLink: (from: RegionId | null) => setSession({ linkingFrom: from }),
    notice: () => undefined,
    onChange: (f: (change: Change) => void) => listen(onChange, f),
    onSession: (f: (session: Session) => void) => listen(onSession, f),
    onRegion(id: RegionId, f: () => void) {
      const set = onRegion.get(id) ?? new Set();
      onRegion.set(id, set);
      return listen(set, f);
    },
  };
  return editor as unknown as Editor;
}

function readRegion(item: ResultItem): Region {
  const { original_width, original_height, image_rotation } = item;
  return {
    id: item.id ?? "", object: item.to_name ?? "", itemIndex: item.item_index ?? null, control: item.from_name ?? "", shape: rectangleShape.read(item),
    values: new Map([[item.from_name ?? "", item.value?.[item.type]]]), origin: item.origin ?? "manual", score: item.score ?? null, readonly: item.readonly ?? false,
    locked: false, parentId: null, notes: [], envelope: { original_width, original_height, image_rotation },
  };
}
