import type { Editor, RegionId, Session } from "@labelwright/engine";
import { useDoc, useSession } from "@labelwright/tags";
import { IconButton } from "@labelwright/ui";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronRight, Eye, EyeOff, Group, Search } from "lucide-react";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from "react";
import styles from "./panel.module.css";
import { RegionRow } from "./RegionRow";
import { rowsOf, type Row } from "./rows";

const lastSelected = (session: Session): RegionId | null => [...session.selection].at(-1) ?? null;
/** A finger needs more room than a mouse. */
const rowHeight_px = typeof matchMedia === "function" && matchMedia("(pointer: coarse)").matches ? 44 : 30;

/** The regions as a list that stays quick with thousands: only rows in view exist, and each follows its own region. */
export function RegionList({ editor, action }: { editor: Editor; action: ReactNode }) {
  const regions = useDoc(editor, (doc) => doc.regions);
  const [query, setQuery] = useState("");
  const [isGrouped, setGrouped] = useState(false);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => rowsOf(editor, regions, { query, isGrouped, folded }), [editor, regions, query, isGrouped, folded]);
  const fold = (label: string) => setFolded(folded.has(label) ? new Set([...folded].filter((each) => each !== label)) : new Set([...folded, label]));
  return (
    <section className={styles.list} aria-label="Regions">
      <header className={styles.head}>
        <h3>
          Regions <span className={styles.count}>{regions.size}</span>
        </h3>
        <HideAll editor={editor} ids={[...regions.keys()]} />
        <IconButton label="Group by label" size="small" pressed={isGrouped} onClick={() => setGrouped(!isGrouped)}>
          <Group size={16} />
        </IconButton>
        {action}
      </header>
      {regions.size > 5 && (
        <label className={styles.filter}>
          <Search size={14} aria-hidden />
          <input type="search" placeholder="Filter by label, text or note" aria-label="Filter regions" value={query} onChange={(event) => setQuery(event.target.value)} />
        </label>
      )}
      {regions.size === 0 ? <p className={styles.empty}>{editor.options.readOnly ? "No regions." : "None yet. Pick a label and mark something."}</p> : <Rows editor={editor} rows={rows} fold={fold} />}
    </section>
  );
}

function HideAll({ editor, ids }: { editor: Editor; ids: readonly RegionId[] }) {
  const areHidden = useSession(editor, (session) => ids.length > 0 && session.hidden.size >= ids.length);
  return (
    <IconButton label={areHidden ? "Show all regions" : "Hide all regions"} keys="ctrl+h" size="small" disabled={ids.length === 0} onClick={() => editor.setHidden(ids, !areHidden)}>
      {areHidden ? <EyeOff size={16} /> : <Eye size={16} />}
    </IconButton>
  );
}

function Rows({ editor, rows, fold }: { editor: Editor; rows: readonly Row[]; fold(label: string): void }) {
  const box = useRef<HTMLDivElement>(null);
  const current = useSession(editor, lastSelected);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => rowHeight_px, overscan: 8, getItemKey: (index) => rows[index]?.key ?? index });
  const at = current === null ? -1 : rows.findIndex((row) => row.key === current);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: "auto" });
    // only when another region is selected
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [current]);
  return (
    <div
      ref={box}
      role="treegrid"
      aria-label="Regions"
      aria-rowcount={rows.length}
      aria-multiselectable
      aria-activedescendant={at >= 0 ? rowId(current ?? "") : undefined}
      tabIndex={0}
      className={styles.rows}
      onKeyDown={(event) => moveSelection(event, editor, rows, at)}
      onPointerLeave={() => editor.hover(null)}
    >
      <div style={{ height: virtual.getTotalSize(), position: "relative" }} role="presentation">
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const row = rows[index];
          return row && (
            <div key={String(key)} className={styles.slot} style={{ transform: `translateY(${start}px)`, height: rowHeight_px }} role="presentation">
              {row.kind === "group" ? (
                <GroupRow editor={editor} row={row} index={index} fold={fold} />
              ) : (
                <RegionRow editor={editor} id={row.id} number={row.number} depth={row.depth} index={index} press={(event) => pressRow(event, editor, rows, row.id)} />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

export const rowId = (id: RegionId): string => `region-row-${id}`;

/** Click selects, ctrl adds or takes away, shift selects up to here. */
function pressRow(event: MouseEvent, editor: Editor, rows: readonly Row[], id: RegionId): void {
  const { selection } = editor.session;
  const anchor = lastSelected(editor.session);
  if (event.shiftKey && anchor !== null) {
    const ids = rows.flatMap((row) => (row.kind === "region" ? [row.id] : []));
    const [from, to] = [ids.indexOf(anchor), ids.indexOf(id)].toSorted((a, b) => a - b);
    editor.select([...ids.slice(from, (to ?? 0) + 1).filter((each) => each !== id), id]);
  } else if (event.ctrlKey || event.metaKey) {
    editor.select(selection.has(id) ? [...selection].filter((each) => each !== id) : [...selection, id]);
  } else editor.select([id]);
}

function moveSelection(event: KeyboardEvent, editor: Editor, rows: readonly Row[], at: number): void {
  if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
  const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, Home: -at, End: rows.length - 1 - at };
  const step = steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  const direction = step < 0 && event.key !== "Home" ? -1 : event.key === "End" ? -1 : 1;
  for (let to = Math.max(0, at + step); to >= 0 && to < rows.length; to += direction) {
    const row = rows[to];
    if (row?.kind === "region") return editor.select([row.id]);
  }
}

function GroupRow({ editor, row, index, fold }: { editor: Editor; row: Row & { kind: "group" }; index: number; fold(label: string): void }) {
  const areHidden = useSession(editor, (session) => row.ids.every((id) => session.hidden.has(id)));
  return (
    <div role="row" aria-rowindex={index + 1} aria-expanded={row.isOpen} className={styles.group}>
      <button type="button" role="gridcell" tabIndex={-1} className={styles.groupName} onClick={() => fold(row.text)}>
        <ChevronRight size={14} className={styles.chevron} aria-hidden />
        <span className={styles.swatch} style={{ background: row.color }} aria-hidden />
        {row.text} <span className={styles.count}>{row.ids.length}</span>
      </button>
      <span role="gridcell" className={styles.actions} data-lit={areHidden || undefined}>
        <IconButton label={areHidden ? `Show ${row.text}` : `Hide ${row.text}`} size="small" tabIndex={-1} onClick={() => editor.setHidden(row.ids, !areHidden)}>
          {areHidden ? <EyeOff size={14} /> : <Eye size={14} />}
        </IconButton>
      </span>
    </div>
  );
}
