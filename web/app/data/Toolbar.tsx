import { Button, buttonClass, Checkbox, KeyCap, Popover, Skeleton, TextField, cx } from "@labelwright/ui";
import { Link } from "@tanstack/react-router";
import { Columns3, Download, Search, Upload } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { Project } from "../api/models";
import { formatCount } from "../format";
import { useCommands } from "../shell/commands";
import { stateOfText, withState, type StateWord } from "./filter";
import type { TableColumn } from "./tableColumns";
import styles from "./Toolbar.module.css";

interface ToolbarProps {
  project: Project | undefined;
  text: string;
  problems: readonly string[];
  onText: (text: string) => void;
  columns: readonly TableColumn[];
  shown: ReadonlySet<string>;
  /** null = the default again. */
  onShown: (ids: readonly string[] | null) => void;
  onImport: () => void;
  onExport: () => void;
}

export function Toolbar({ project, text, problems, onText, columns, shown, onShown, onImport, onExport }: ToolbarProps) {
  return (
    <div className={styles.toolbar}>
      <States project={project} text={text} onText={onText} />
      <FilterBox text={text} problems={problems} onText={onText} />
      <div className={styles.tools}>
        <ColumnChooser columns={columns} shown={shown} onShown={onShown} />
        <Button icon={<Upload />} onClick={onImport} data-tip="Import" data-tip-keys="i" className={styles.button}>
          <span className={styles.word}>Import</span>
        </Button>
        <Button icon={<Download />} onClick={onExport} data-tip="Export" data-tip-keys="e" className={styles.button}>
          <span className={styles.word}>Export</span>
        </Button>
        {project && (
          <Link to="/projects/$projectId/label" params={{ projectId: project.id }} className={cx(buttonClass("primary"), styles.label)}>
            Label <KeyCap keys="l" quiet />
          </Link>
        )}
      </div>
    </div>
  );
}

/** The states as one press each, with their counts; the text below says the same. */
function States({ project, text, onText }: Pick<ToolbarProps, "project" | "text" | "onText">) {
  const total = project?.task_number ?? 0;
  const done = project?.finished_task_number ?? 0;
  const choices: readonly { state: StateWord | null; word: string; count: number | null }[] = [
    { state: null, word: "All", count: total },
    { state: "todo", word: "To do", count: total - done },
    { state: "done", word: "Done", count: done },
    { state: "skipped", word: "Skipped", count: null },
  ];
  const now = stateOfText(text);
  return (
    <div className={styles.states} role="group" aria-label="State of the tasks">
      {choices.map(({ state, word, count }) => (
        <button key={word} type="button" className={styles.state} aria-pressed={now === state} onClick={() => onText(withState(text, state))}>
          {word}
          {count !== null && (project ? <span className={styles.count}>{formatCount(count)}</span> : <Skeleton width={20} />)}
        </button>
      ))}
    </div>
  );
}

const TYPING_MS = 250;

function FilterBox({ text, problems, onText }: Pick<ToolbarProps, "text" | "problems" | "onText">) {
  const [draft, setDraft] = useState(text);
  const [from, setFrom] = useState(text);
  const input = useRef<HTMLInputElement>(null);
  const send = useRef(onText);
  useEffect(() => {
    send.current = onText;
  });
  // The address changed by other means (a state was pressed, back was pressed).
  if (from !== text) {
    setFrom(text);
    setDraft(text);
  }
  useEffect(() => {
    if (draft === text) return;
    const timer = setTimeout(() => send.current(draft), TYPING_MS);
    return () => clearTimeout(timer);
  }, [draft, text]);
  useCommands([{ title: "Search and filter", keys: "/", group: "Data", run: () => input.current?.focus() }]);
  return (
    <TextField
      ref={input}
      type="search"
      label="Search and filter"
      hideLabel
      icon={<Search />}
      placeholder="Search, or label:… by:me id:… column:…"
      className={styles.filter}
      value={draft}
      error={draft === text ? (problems[0] ?? null) : null}
      spellCheck={false}
      onChange={(event) => setDraft(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") onText(draft);
      }}
    />
  );
}

function ColumnChooser({ columns, shown, onShown }: Pick<ToolbarProps, "columns" | "shown" | "onShown">) {
  const toggle = (id: string, on: boolean) => onShown(columns.filter((column) => (column.id === id ? on : shown.has(column.id))).map((column) => column.id));
  return (
    <Popover
      label="Columns"
      align="end"
      className={styles.chooser}
      trigger={(props) => (
        <Button icon={<Columns3 />} {...props} data-tip="Columns" className={styles.button}>
          <span className={styles.word}>Columns</span>
        </Button>
      )}
    >
      {() => (
        <>
          <div className={styles.list}>
            {columns.map((column) => (
              <Checkbox key={column.id} label={column.title} checked={shown.has(column.id)} onChange={(on) => toggle(column.id, on)} />
            ))}
          </div>
          <div className={styles.reset}>
            <Button size="small" variant="ghost" onClick={() => onShown(null)}>
              Default columns
            </Button>
          </div>
        </>
      )}
    </Popover>
  );
}
