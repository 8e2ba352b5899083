import { Checkbox, cx, Skeleton } from "@labelwright/ui";
import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent } from "react";
import type { Task } from "../api/models";
import { useAppearance } from "../appearance";
import type { TaskQuery } from "./filter";
import { countSelected, isSelected, nothingSelected, allSelected, selectTasks, type Selection } from "./selection";
import type { CellContext, TableColumn } from "./tableColumns";
import { PAGE_SIZE, taskPageQuery } from "./tasksQuery";
import styles from "./TaskTable.module.css";

interface TaskTableProps {
  projectId: number;
  query: TaskQuery;
  total: number;
  columns: readonly TableColumn[];
  context: CellContext;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
  selection: Selection;
  onSelect: (selection: Selection) => void;
  onOpen: (task: number) => void;
  /** Shows the rows of the filter before, dimmed. */
  stale: boolean;
}

const rowHeights_px = { compact: 30, cosy: 38, touch: 46 } as const;
const TALL_ROW_PX = 60;
const HEAD_PX = 36;
const TICK_PX = 44;
const ID_PX = 76;

/** Tasks as rows; only those in sight are in the page, their pages are fetched as they come into sight. */
export function TaskTable(props: TaskTableProps) {
  const { projectId, query, total, columns, selection, onSelect } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { density } = useAppearance();
  const [chosen, setActive] = useState(0);
  const coarse = matchMedia("(pointer: coarse)").matches;
  const rowHeight = columns.some((column) => column.isTall) ? TALL_ROW_PX : rowHeights_px[coarse && density === "cosy" ? "touch" : density];
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollPaddingStart: HEAD_PX,
  });
  useEffect(() => rows.measure(), [rowHeight, rows]);
  const items = rows.getVirtualItems();
  // One row is always in reach of Tab: the one the keys are on, else (scrolled away, filtered away) the first there is.
  const active = items.some(({ index }) => index === chosen) ? chosen : (items[0]?.index ?? 0);
  // While the count is that of the filter before, only the first page is sure to exist.
  const known = props.stale ? PAGE_SIZE : total;
  const tasks = usePages(projectId, query, items[0]?.index ?? 0, Math.min(items.at(-1)?.index ?? 0, known - 1));
  const tracks = [`${TICK_PX}px ${ID_PX}px`, ...columns.map((column) => (column.share ? `minmax(${column.width_px}px, ${column.share}fr)` : `${column.width_px}px`))].join(" ");
  const least_px = TICK_PX + ID_PX + columns.reduce((sum, column) => sum + column.width_px, 0);
  const move = useRowKeys({ ...props, active: Math.min(chosen, total - 1), setActive, tasks, scroller, scrollTo: (index) => rows.scrollToIndex(index) });
  const lastTicked = useRef(0);

  const tick = (index: number, task: Task, on: boolean, range: boolean) => {
    const [from, to] = range ? [Math.min(lastTicked.current, index), Math.max(lastTicked.current, index)] : [index, index];
    const ids = Array.from({ length: to - from + 1 }, (_, step) => tasks(from + step)?.id).filter((id) => id !== undefined);
    onSelect(selectTasks(selection, range ? ids : [task.id], on));
    lastTicked.current = index;
  };

  return (
    <div
      ref={scroller}
      className={cx(styles.scroller, props.stale && styles.stale)}
      style={{ "--tracks": tracks, "--row-height": `${rowHeight}px` } as React.CSSProperties}
      role="grid"
      aria-label="Tasks"
      aria-rowcount={total + 1}
      aria-multiselectable
      aria-busy={props.stale}
      onKeyDown={move}
    >
      <div className={styles.inner} style={{ minWidth: least_px }}>
        <Head {...props} />
        <div role="rowgroup" className={styles.body} style={{ height: rows.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const task = tasks(index);
            return (
              <Row
                key={task?.id ?? `row-${index}`}
                index={index}
                top={start}
                task={task}
                active={index === active}
                ticked={task ? isSelected(selection, task.id) : false}
                onTick={(on, range) => task && tick(index, task, on, range)}
                onFocus={() => setActive(index)}
                {...props}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** The tasks around the visible rows, by their place in the list; undefined while a page is on its way. */
function usePages(projectId: number, query: TaskQuery, first: number, last: number): (index: number) => Task | undefined {
  const from = Math.floor(first / PAGE_SIZE) + 1;
  const pages = Array.from({ length: Math.max(0, Math.floor(last / PAGE_SIZE) + 2 - from) }, (_, step) => from + step);
  const loaded = useQueries({ queries: pages.map((page) => taskPageQuery(projectId, query, page)) });
  return (index) => loaded[Math.floor(index / PAGE_SIZE) + 1 - from]?.data?.tasks[index % PAGE_SIZE];
}

interface RowKeys extends TaskTableProps {
  active: number;
  setActive: (index: number) => void;
  tasks: (index: number) => Task | undefined;
  scroller: React.RefObject<HTMLDivElement | null>;
  scrollTo: (index: number) => void;
}

/** Arrows or j/k, Page, Home, End move; Enter opens; Space or x ticks. */
function useRowKeys({ active, setActive, total, tasks, scroller, scrollTo, selection, onSelect, onOpen }: RowKeys) {
  const wanted = useRef<number | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-row="${wanted.current}"]`);
    if (!row) return;
    wanted.current = null;
    row.focus({ preventScroll: true });
  });
  const go = (index: number) => {
    const to = Math.max(0, Math.min(total - 1, index));
    wanted.current = to;
    setActive(to);
    scrollTo(to);
  };
  return (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLElement) || !event.target.matches("[data-row]") || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / 44) - 1);
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    const task = tasks(active);
    if (step !== undefined) go(active + step);
    else if (event.key === "Enter" && task) onOpen(task.id);
    else if ((event.key === " " || event.key === "x") && task) onSelect(selectTasks(selection, [task.id], !isSelected(selection, task.id)));
    else return;
    event.preventDefault();
  };
}

function Head({ columns, sort, onSort, selection, onSelect, total }: TaskTableProps) {
  const count = countSelected(selection, total);
  return (
    <div role="row" className={cx(styles.row, styles.head)} aria-rowindex={1}>
      <div role="columnheader" className={styles.tick}>
        <Checkbox
          label="Select all tasks"
          hideLabel
          checked={count > 0 && count === total}
          indeterminate={count > 0 && count < total}
          onChange={(on) => onSelect(on ? allSelected : nothingSelected)}
        />
      </div>
      <HeadCell title="Id" column="id" sort={sort} onSort={onSort} />
      {columns.map((column) => (
        <HeadCell key={column.id} title={column.title} column={column.sort} sort={sort} onSort={onSort} />
      ))}
    </div>
  );
}

/** Press: up, down, as it was. */
function HeadCell({ title, column, sort, onSort }: { title: string; column: string | null; sort: string | undefined; onSort: TaskTableProps["onSort"] }) {
  if (column === null) {
    return (
      <div role="columnheader" className={styles.cell}>
        <span className={styles.text}>{title}</span>
      </div>
    );
  }
  const direction = sort === column ? "ascending" : sort === `-${column}` ? "descending" : "none";
  const next = { none: column, ascending: `-${column}`, descending: undefined }[direction];
  return (
    <div role="columnheader" className={styles.cell} aria-sort={direction}>
      <button type="button" className={styles.sort} onClick={() => onSort(next)}>
        <span className={styles.text}>{title}</span>
        {direction === "ascending" && <ArrowUp aria-hidden />}
        {direction === "descending" && <ArrowDown aria-hidden />}
      </button>
    </div>
  );
}

interface RowProps extends TaskTableProps {
  index: number;
  top: number;
  task: Task | undefined;
  active: boolean;
  ticked: boolean;
  onTick: (on: boolean, range: boolean) => void;
  onFocus: () => void;
}

function Row({ projectId, index, top, task, columns, context, active, ticked, onTick, onFocus, onOpen }: RowProps) {
  const onClick = (event: MouseEvent<HTMLElement>) => {
    if (!task || (event.target as HTMLElement).closest("a, input, label")) return;
    if (event.shiftKey || event.ctrlKey || event.metaKey) onTick(!ticked || event.shiftKey, event.shiftKey);
    else onOpen(task.id);
  };
  return (
    <div
      role="row"
      className={cx(styles.row, ticked && styles.ticked)}
      style={{ transform: `translateY(${top}px)` }}
      data-row={index}
      data-task={task?.id}
      aria-rowindex={index + 2}
      aria-selected={ticked}
      tabIndex={active ? 0 : -1}
      onClick={onClick}
      onFocus={onFocus}
    >
      {task ? (
        <>
          <div role="gridcell" className={styles.tick}>
            <Checkbox label={`Select task ${task.id}`} hideLabel checked={ticked} tabIndex={-1} onClick={(event) => onTick(!ticked, event.shiftKey)} onChange={() => undefined} />
          </div>
          <div role="gridcell" className={styles.cell}>
            <Link to="/projects/$projectId/data" params={{ projectId }} search={(search: object) => ({ ...search, task: task.id })} className={styles.id} tabIndex={-1}>
              {task.id}
            </Link>
          </div>
          {columns.map((column) => (
            <div key={column.id} role="gridcell" className={styles.cell} data-column={column.id}>
              {column.cell(task, context)}
            </div>
          ))}
        </>
      ) : (
        <div role="gridcell" className={styles.pending}>
          <Skeleton width="70%" height={10} />
        </div>
      )}
    </div>
  );
}
