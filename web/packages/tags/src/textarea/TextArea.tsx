import { resolveText } from "@labelwright/config";
import { Button, IconButton } from "@labelwright/ui";
import { Plus, X } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import type { TagViewProps } from "../define";
import { useCommandKey } from "../shared/commands";
import { useControl, type Control } from "../shared/control";
import { ProblemLine } from "../shared/Problem";
import { SuggestionMark } from "../shared/SuggestionMark";
import { insertAtCaret } from "./insert";
import styles from "./TextArea.module.css";

/** Texts as the fields show them: always at least one. */
function textsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === "string" && value !== "" ? [value] : [];
}

/** What is typed is the answer: no Add button to forget. Several texts only where the config allows them. */
export default function TextArea({ node, editor }: TagViewProps) {
  const control = useControl(node, editor);
  return <Fields key={control.subject} {...{ node, editor, control }} />;
}

function Fields({ node, editor, control }: TagViewProps & { control: Control }) {
  const texts = textsOf(control.value);
  const [extra, setExtra] = useState(false);
  const problemId = useId();
  const box = useRef<HTMLDivElement>(null);
  const limit = Number(node.attrs.maxsubmissions ?? Infinity);
  const shown = texts.length === 0 || (extra && texts.length < limit) ? [...texts, ""] : texts;
  useAutofocus(box, { node, editor }, texts.length === 0);

  const write = (next: readonly string[], typing: boolean) => control.set(next.some((text) => text.trim() !== "") ? next : undefined, { typing });
  const type = (index: number, text: string) => {
    if (index === texts.length) setExtra(false);
    write(shown.map((old, at) => (at === index ? text : old)).filter((each, at) => each !== "" || at === index || at < index), true);
  };
  const leave = () => {
    const kept = texts.filter((text, index) => text.trim() !== "" && !(node.attrs.skipduplicates === true && texts.indexOf(text) < index));
    if (kept.length < texts.length) write(kept, true);
  };
  return (
    <div ref={box} className={`${styles.area} htx-textarea lsf-text-area`} data-control={node.name} data-suggested={control.suggestion ? "" : undefined} onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || leave()}>
      {node.raw.label && <span className={styles.label}>{resolveText(node.raw.label, editor.taskData)}</span>}
      {shown.map((text, index) => (
        <div key={index} className={styles.entry}>
          <Field {...{ node, editor, control, text }} label={shown.length > 1 ? `${node.name} ${index + 1}` : node.name} problemId={problemId} type={(typed) => type(index, typed)} />
          {shown.length > 1 && !control.disabled && (
            <IconButton label="Delete this text" size="small" onClick={() => (index === texts.length ? setExtra(false) : write(texts.filter((_, at) => at !== index), false))}>
              <X size={14} />
            </IconButton>
          )}
        </div>
      ))}
      <div className={styles.below}>
        {limit > 1 && !extra && texts.length > 0 && texts.length < limit && !control.disabled && (
          <Button size="small" variant="ghost" icon={<Plus size={14} />} onClick={() => setExtra(true)}>
            Add another
          </Button>
        )}
        {node.children.filter((child) => child.tag === "Shortcut").map((child) => (
          <Shortcut key={child.raw.value} {...{ editor, name: node.name }} value={child.raw.value ?? ""} title={child.raw.alias ?? child.raw.value ?? ""} />
        ))}
      </div>
      <SuggestionMark suggestion={control.suggestion} />
      <ProblemLine message={control.problem} id={problemId} />
    </div>
  );
}

interface FieldProps extends TagViewProps {
  readonly control: Control;
  readonly text: string;
  readonly label: string;
  readonly problemId: string;
  type(text: string): void;
}

function Field({ node, editor, control, text, label, problemId, type }: FieldProps) {
  const rows = Number(node.attrs.rows ?? 1);
  return (
    <textarea
      className={styles.field}
      rows={rows}
      value={text}
      aria-label={label}
      aria-required={node.attrs.required === true}
      aria-invalid={control.problem !== null || undefined}
      aria-describedby={control.problem === null ? undefined : problemId}
      placeholder={resolveText(node.raw.placeholder, editor.taskData)}
      readOnly={control.disabled}
      onChange={(event) => type(event.target.value)}
      onKeyDown={(event) => {
        // One-line fields: Enter is "done"; the next Enter reaches the page. Shift+Enter is a new line.
        const isDone = event.key === "Enter" && rows === 1 && !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey && !event.nativeEvent.isComposing;
        if (!isDone && event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        event.currentTarget.blur();
      }}
    />
  );
}

function Shortcut({ editor, name, value, title }: { editor: TagViewProps["editor"]; name: string; value: string; title: string }) {
  const keys = useCommandKey(editor, `insert:${name}:${value}`);
  return (
    <Button size="small" {...(keys ? { keys } : {})} onMouseDown={(event) => event.preventDefault()} onClick={() => insertAtCaret(name, value)}>
      {title}
    </Button>
  );
}

/** The caret waits in the field when there is nothing else to do with the task, or when the config says so. */
function useAutofocus(box: React.RefObject<HTMLElement | null>, { node, editor }: TagViewProps, isEmpty: boolean): void {
  useEffect(() => {
    const isOnly = node.attrs.perregion !== true && editor.config.controls.find((each) => each.attrs.perregion !== true) === node && editor.config.controls.length === 1;
    if (isEmpty && !editor.options.readOnly && (isOnly || node.raw.autofocus === "true")) box.current?.querySelector("textarea")?.focus({ preventScroll: true });
    // only when a task opens
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [editor]);
}
