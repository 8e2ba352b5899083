import { cx, IconButton } from "@labelwright/ui";
import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { useRef, useState, type ClipboardEvent, type KeyboardEvent } from "react";
import { addLabels, colorLabel, moveLabel, removeLabel, renameLabel, type LabelEntry, type LabelGroup } from "./edits";
import styles from "./LabelList.module.css";

interface LabelListProps {
  xml: string;
  group: LabelGroup;
  onChange: (xml: string) => void;
}

/** The labels of one control: rename in place, colour, order, remove; Enter in the last field adds, a pasted list adds each line. */
export function LabelList({ xml, group, onChange }: LabelListProps) {
  const list = useRef<HTMLOListElement>(null);
  const focusRow = (index: number) => requestAnimationFrame(() => list.current?.querySelectorAll<HTMLInputElement>("input[data-label]")[index]?.focus());
  const move = (index: number, by: -1 | 1) => {
    onChange(moveLabel(xml, group.at, index, by));
    focusRow(Math.max(0, Math.min(group.labels.length - 1, index + by)));
  };
  return (
    <ol ref={list} className={styles.list} aria-label={`Labels of ${group.name}`}>
      {group.labels.map((label, index) => (
        <LabelRow
          key={index}
          label={label}
          index={index}
          last={index === group.labels.length - 1}
          coloured={group.childTag === "Label"}
          onRename={(value) => onChange(renameLabel(xml, group.at, index, value))}
          onColor={(color) => onChange(colorLabel(xml, group.at, index, color))}
          onMove={(by) => move(index, by)}
          onRemove={() => {
            onChange(removeLabel(xml, group.at, index));
            focusRow(Math.max(0, index - 1));
          }}
        />
      ))}
      <AddLabel onAdd={(values) => onChange(addLabels(xml, group.at, values))} childTag={group.childTag} />
    </ol>
  );
}

interface LabelRowProps {
  label: LabelEntry;
  index: number;
  last: boolean;
  coloured: boolean;
  onRename: (value: string) => void;
  onColor: (color: string) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

function LabelRow({ label, index, last, coloured, onRename, onColor, onMove, onRemove }: LabelRowProps) {
  const name = label.value || `label ${index + 1}`;
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.altKey && event.key === "ArrowUp" ? -1 : event.altKey && event.key === "ArrowDown" ? 1 : null;
    if (by === null) return;
    event.preventDefault();
    onMove(by);
  };
  return (
    <li className={styles.row} onKeyDown={onKeyDown}>
      {coloured ? (
        <label className={styles.swatch} style={{ background: label.color }} data-tip="Colour">
          <span className="visually-hidden">Colour of {name}</span>
          <input type="color" value={asHex(label.color)} onChange={(event) => onColor(event.target.value)} />
        </label>
      ) : (
        <kbd className={styles.key} data-empty={!label.hotkey && index >= 10}>
          {label.hotkey || (index < 10 && (index + 1) % 10)}
        </kbd>
      )}
      <input data-label className={styles.name} aria-label={`Name of ${name}`} value={label.value} onChange={(event) => onRename(event.target.value)} />
      <span className={styles.tools}>
        <IconButton label={`Move ${name} up`} keys="alt+up" size="small" disabled={index === 0} onClick={() => onMove(-1)}>
          <ArrowUp />
        </IconButton>
        <IconButton label={`Move ${name} down`} keys="alt+down" size="small" disabled={last} onClick={() => onMove(1)}>
          <ArrowDown />
        </IconButton>
        <IconButton label={`Remove ${name}`} size="small" onClick={onRemove}>
          <X />
        </IconButton>
      </span>
    </li>
  );
}

function AddLabel({ onAdd, childTag }: { onAdd: (values: string[]) => void; childTag: "Choice" | "Label" }) {
  const [text, setText] = useState("");
  const add = (values: string[]) => {
    onAdd(values);
    setText("");
  };
  const onPaste = (event: ClipboardEvent) => {
    const lines = event.clipboardData.getData("text").split(/\r?\n/).filter((line) => line.trim() !== "");
    if (lines.length < 2) return;
    event.preventDefault();
    add(lines);
  };
  return (
    <li className={styles.row}>
      <Plus className={styles.plus} aria-hidden />
      <input
        className={cx(styles.name, styles.add)}
        aria-label={childTag === "Choice" ? "Add a choice" : "Add a label"}
        placeholder={childTag === "Choice" ? "Add a choice, or paste a list" : "Add a label, or paste a list"}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onPaste={onPaste}
        onBlur={() => text.trim() && add([text])}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
          event.preventDefault();
          if (text.trim()) add([text]);
        }}
      />
    </li>
  );
}

let pen: CanvasRenderingContext2D | null = null;

/** "#rrggbb" of any CSS colour, as the colour field needs it. */
function asHex(color: string): string {
  if (/^#[0-9a-f]{6}$/i.test(color)) return color;
  pen ??= document.createElement("canvas").getContext("2d");
  if (!pen) return "#000000";
  pen.fillStyle = "#000000";
  pen.fillStyle = color;
  return pen.fillStyle.startsWith("#") ? pen.fillStyle : "#000000";
}
