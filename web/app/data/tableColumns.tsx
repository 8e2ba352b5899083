/** The columns of the task table: the user's own data first, then what the server knows. One entry = header, width, sort, cell. */
import { Avatar, Chip, type ChipTone } from "@labelwright/ui";
import type { ReactNode } from "react";
import type { DataColumn, Task, User } from "../api/models";
import { detectColumn, type ColumnKind } from "../create/columns";
import { formatCount, fullTime, timeAgo } from "../format";
import { annotatorsOf, labelsOf, stateOf, writtenText, type TaskState } from "./answers";
import styles from "./TaskTable.module.css";

export interface CellContext {
  readonly users: ReadonlyMap<number, User>;
  readonly colors: ReadonlyMap<string, string>;
}

export interface TableColumn {
  readonly id: string;
  readonly title: string;
  /** Least width in px, and its share of what is left over. */
  readonly width_px: number;
  readonly share: number;
  /** Column to sort by; null = cannot. */
  readonly sort: string | null;
  readonly isShown: boolean;
  readonly isTall?: boolean;
  readonly cell: (task: Task, context: CellContext) => ReactNode;
}

const stateWords: Readonly<Record<TaskState, [string, ChipTone]>> = {
  done: ["Done", "ok"],
  started: ["Started", "accent"],
  draft: ["Draft", "accent"],
  skipped: ["Skipped", "warn"],
  todo: ["To do", "neutral"],
};

/** Text beyond this is cut before it reaches the page: a cell shows one line. */
const MOST_CHARS = 300;
const MOST_LABELS = 4;

const date = (id: string, title: string, of: (task: Task) => string | null | undefined): TableColumn => ({
  id, title, width_px: 110, share: 0, sort: id, isShown: false,
  cell: (task) => <time dateTime={of(task) ?? ""} title={fullTime(of(task))}>{timeAgo(of(task))}</time>,
});

const number = (id: string, title: string, of: (task: Task) => number | null | undefined, digits = 0): TableColumn => ({
  id, title, width_px: 100, share: 0, sort: id, isShown: false,
  cell: (task) => {
    const value = of(task);
    return value === null || value === undefined ? "" : digits ? value.toFixed(digits) : formatCount(value);
  },
});

const state: TableColumn = {
  id: "state", title: "State", width_px: 92, share: 0, sort: "completed_at", isShown: true,
  cell: (task) => {
    const [word, tone] = stateWords[stateOf(task)];
    return <Chip tone={tone}>{word}</Chip>;
  },
};

const labels: TableColumn = {
  id: "labels", title: "Answers", width_px: 170, share: 1, sort: null, isShown: true,
  cell: (task, { colors }) => {
    const found = labelsOf(task, colors);
    const written = found.length < MOST_LABELS ? writtenText(task) : "";
    return (
      <span className={styles.labels}>
        {found.slice(0, MOST_LABELS).map(({ text, count, color }) => (
          <Chip key={text} color={color ?? "var(--border-control)"} title={text}>
            {text}
            {count > 1 && ` ×${count}`}
          </Chip>
        ))}
        {found.length > MOST_LABELS && <span className={styles.muted}>+{found.length - MOST_LABELS}</span>}
        {written && <q className={styles.written}>{written.slice(0, MOST_CHARS)}</q>}
      </span>
    );
  },
};

const annotators: TableColumn = {
  id: "annotators", title: "By", width_px: 84, share: 0, sort: "annotators", isShown: true,
  cell: (task, { users }) => (
    <span className={styles.people}>
      {annotatorsOf(task)
        .slice(0, 3)
        .map((id) => (
          <Avatar key={id} person={users.get(id) ?? { id }} size={22} />
        ))}
      {annotatorsOf(task).length > 3 && <span className={styles.muted}>+{annotatorsOf(task).length - 3}</span>}
    </span>
  ),
};

const known: readonly TableColumn[] = [
  state,
  labels,
  annotators,
  number("total_annotations", "Annotations", (task) => task.total_annotations),
  number("cancelled_annotations", "Skips", (task) => task.cancelled_annotations),
  number("total_predictions", "Predictions", (task) => task.total_predictions),
  number("predictions_score", "Score", (task) => task.predictions_score, 2),
  {
    id: "predictions_model_versions", title: "Model", width_px: 140, share: 0.5, sort: "predictions_model_versions", isShown: false,
    cell: (task) => <span className={styles.text}>{task.predictions_model_versions ?? ""}</span>,
  },
  number("avg_lead_time", "Seconds", (task) => task.avg_lead_time, 1),
  number("inner_id", "Number", (task) => task.inner_id),
  { ...date("updated_at", "Changed", (task) => task.updated_at), isShown: true },
  date("completed_at", "Completed", (task) => task.completed_at),
  date("created_at", "Created", (task) => task.created_at),
  { id: "file_upload", title: "File", width_px: 160, share: 0.5, sort: "file_upload", isShown: false, cell: (task) => task.file_upload ?? "" },
];

const MOST_DATA_SHOWN = 5;

/** All columns of a project. `tasks` = a first page, by which the kinds of the data columns are told. */
export function tableColumns(columns: readonly DataColumn[], tasks: readonly Task[]): TableColumn[] {
  const own = columns.filter((column) => column.parent === "data");
  return [...own.map((column, index) => dataColumn(column, index, tasks)), ...known];
}

function dataColumn({ id, title }: DataColumn, index: number, tasks: readonly Task[]): TableColumn {
  const values = tasks.map((task) => valueAt(task.data, id)).filter((value) => value !== undefined && value !== null && value !== "");
  const { kind, length_chars } = detectColumn(id, values);
  const isWide = ["text", "html", "dialogue", "list", "other"].includes(kind) && length_chars > 24;
  return {
    id: `data.${id}`,
    title,
    width_px: kind === "image" ? 104 : isWide ? 240 : 110,
    share: kind === "image" ? 0 : isWide ? 2 : 0.4,
    sort: `data.${id}`,
    isShown: index < MOST_DATA_SHOWN,
    isTall: kind === "image",
    cell: (task) => dataCell(valueAt(task.data, id), kind),
  };
}

/** A column of its own name, or a path into nested data. Before the config names a field, plain text lies under "$undefined$". */
function valueAt(data: Task["data"], id: string): unknown {
  if (id in data) return data[id];
  return id.split(".").reduce<unknown>((value, step) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[step] : undefined), data);
}

function dataCell(value: unknown, kind: ColumnKind): ReactNode {
  if (value === undefined || value === null || value === "") return <span className={styles.muted}>–</span>;
  if (kind === "image") {
    const [first] = Array.isArray(value) ? (value as unknown[]) : [value];
    if (typeof first === "string") return <img className={styles.thumb} src={first} alt="" loading="lazy" decoding="async" onError={(event) => (event.currentTarget.hidden = true)} />;
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return <span className={styles.text}>{text.slice(0, MOST_CHARS)}</span>;
}
