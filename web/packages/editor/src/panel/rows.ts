/** Which rows the region list shows, from the document and the list's own settings. */
import type { Editor, Region, RegionId } from "@labelwright/engine";

export type Row =
  | { readonly kind: "group"; readonly key: string; readonly text: string; readonly color: string; readonly ids: readonly RegionId[]; readonly isOpen: boolean }
  | { readonly kind: "region"; readonly key: RegionId; readonly id: RegionId; readonly number: number; readonly depth: number };

export interface ListView {
  readonly query: string;
  readonly isGrouped: boolean;
  /** Labels whose groups are folded. */
  readonly folded: ReadonlySet<string>;
}

const noLabel = "No label";

const labelText = (editor: Editor, id: RegionId): string => editor.labelsOf(id).map((label) => label.text).join(", ") || noLabel;

/** Rows in the order they are shown: as made, or by label; children under their parent when not grouped. */
export function rowsOf(editor: Editor, regions: ReadonlyMap<RegionId, Region>, view: ListView): readonly Row[] {
  const numbers = new Map([...regions.keys()].map((id, index) => [id, index + 1]));
  const query = view.query.trim().toLowerCase();
  const ids = query === "" ? [...regions.keys()] : [...regions.keys()].filter((id) => textOf(editor, regions.get(id)).toLowerCase().includes(query));
  const row = (id: RegionId, depth = 0): Row => ({ kind: "region", key: id, id, number: numbers.get(id) ?? 0, depth });
  if (view.isGrouped) return groupedRows(editor, ids, view.folded, row);
  return query === "" ? nestedRows(regions, ids, row) : ids.map((id) => row(id));
}

/** What a filter finds a region by: labels, notes, marked text. */
function textOf(editor: Editor, region: Region | undefined): string {
  if (!region) return "";
  const text = "text" in region.shape && typeof region.shape.text === "string" ? region.shape.text : "";
  return [labelText(editor, region.id), ...region.notes, text].join(" ");
}

function groupedRows(editor: Editor, ids: readonly RegionId[], folded: ReadonlySet<string>, row: (id: RegionId) => Row): Row[] {
  const groups = new Map<string, RegionId[]>();
  for (const id of ids) {
    const text = labelText(editor, id);
    const group = groups.get(text);
    if (group) group.push(id);
    else groups.set(text, [id]);
  }
  return [...groups].toSorted(([a], [b]) => a.localeCompare(b)).flatMap(([text, members]) => {
    const isOpen = !folded.has(text);
    const head: Row = { kind: "group", key: `group:${text}`, text, color: editor.colorOf(members[0] ?? ""), ids: members, isOpen };
    return isOpen ? [head, ...members.map(row)] : [head];
  });
}

function nestedRows(regions: ReadonlyMap<RegionId, Region>, ids: readonly RegionId[], row: (id: RegionId, depth: number) => Row): Row[] {
  const children = new Map<RegionId, RegionId[]>();
  const tops: RegionId[] = [];
  for (const id of ids) {
    const parent = regions.get(id)?.parentId ?? null;
    if (parent === null || !regions.has(parent)) tops.push(id);
    else children.set(parent, [...(children.get(parent) ?? []), id]);
  }
  const rows: Row[] = [];
  const seen = new Set<RegionId>();
  const visit = (id: RegionId, depth: number) => {
    if (seen.has(id)) return;
    seen.add(id);
    rows.push(row(id, depth));
    for (const child of children.get(id) ?? []) visit(child, depth + 1);
  };
  for (const id of tops) visit(id, 0);
  // old results may hold circles of parents: nobody is left out
  for (const id of ids) visit(id, 0);
  return rows;
}
