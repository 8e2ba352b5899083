import { flatOptions, type ConfigNode } from "@labelwright/config";
import type { Editor, Region, RegionId, Session, Shape } from "@labelwright/engine";
import { Review, useRegion, useSession, useShape } from "@labelwright/tags";
import { Button, IconButton } from "@labelwright/ui";
import { Copy, Spline, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { TagTree } from "../TagTree";
import styles from "./panel.module.css";

const onlySelected = (session: Session): RegionId | null => (session.selection.size === 1 ? ([...session.selection][0] ?? null) : null);
const none: ReadonlySet<ConfigNode> = new Set();

interface DetailsProps {
  readonly editor: Editor;
  /** Per-region controls with what stands around them. */
  readonly questions: readonly ConfigNode[];
}

/** What is known of the selected region, and what is asked about it; for several, what can be done with all. */
export function Details({ editor, questions }: DetailsProps) {
  const id = useSession(editor, onlySelected);
  const count = useSession(editor, (session) => session.selection.size);
  const box = useRef<HTMLElement>(null);
  useRegionCommands(editor, box);
  useFocusOnNew(editor, box);
  if (count === 0) return null;
  return (
    <section ref={box} className={styles.details} aria-label="Selected region">
      {id === null ? <SeveralHead editor={editor} count={count} /> : <OneHead editor={editor} id={id} />}
      <div className={styles.questions}>
        {questions.map((node, index) => (
          <TagTree key={index} node={node} editor={editor} except={none} />
        ))}
      </div>
      {id !== null && (
        <>
          <Coordinates key={`${id}-place`} editor={editor} id={id} />
          <Notes key={`${id}-notes`} editor={editor} id={id} />
        </>
      )}
    </section>
  );
}

function SeveralHead({ editor, count }: { editor: Editor; count: number }) {
  return (
    <header className={styles.head}>
      <h3>{count} selected</h3>
      {!editor.options.readOnly && (
        <Button size="small" variant="ghost" icon={<Trash2 size={14} />} onClick={() => editor.deleteRegions(editor.session.selection)}>
          Delete
        </Button>
      )}
    </header>
  );
}

function OneHead({ editor, id }: { editor: Editor; id: RegionId }) {
  const region = useRegion(editor, id);
  if (!region) return null;
  const isFixed = editor.options.readOnly || region.readonly;
  return (
    <header className={styles.head}>
      <span className={styles.swatch} data-suggested={region.suggestion ? "" : undefined} style={{ "--tint": editor.colorOf(id), background: editor.colorOf(id) } as React.CSSProperties} aria-hidden />
      <LabelSelect editor={editor} region={region} disabled={isFixed || region.locked} />
      {region.suggestion && !editor.options.readOnly && <Review editor={editor} id={id} />}
      {!isFixed && (
        <>
          <IconButton label="Draw a relation from here" keys="alt+r" size="small" onClick={() => editor.startLink(id)}>
            <Spline size={14} />
          </IconButton>
          <IconButton label="Duplicate" keys="mod+d" size="small" onClick={() => editor.duplicateRegions([id])}>
            <Copy size={14} />
          </IconButton>
          <IconButton label="Delete" keys="delete" size="small" onClick={() => editor.deleteRegions([id])}>
            <Trash2 size={14} />
          </IconButton>
        </>
      )}
    </header>
  );
}

/** Another label for the region; chosen again, a label of several is taken away. */
function LabelSelect({ editor, region, disabled }: { editor: Editor; region: Region; disabled: boolean }) {
  const now = editor.labelsOf(region.id);
  const controls = editor.config.controlsOf(region.object).filter((node) => editor.optionsOf(node.name).length > 0 && node.children.some((child) => child.tag === "Label" || child.tag === "View"));
  const labelled = controls.filter((node) => region.values.has(node.name) || editor.optionsOf(node.name).some((option) => option.node.tag === "Label"));
  if (disabled || labelled.length === 0) return <strong className={styles.title}>{now.map((label) => label.text).join(", ") || "No label"}</strong>;
  return (
    <select
      className={styles.labelSelect}
      aria-label="Label of the region"
      value={now.length === 1 ? `${now[0]?.control}\n${now[0]?.value}` : ""}
      onChange={(event) => {
        const [control = "", value = ""] = event.target.value.split("\n");
        editor.pickLabel(control, value);
      }}
    >
      <option value="" disabled>
        {now.map((label) => label.text).join(", ") || "No label"}
      </option>
      {labelled.map((node) => (
        <optgroup key={node.name} label={node.name}>
          {flatOptions(editor.optionsOf(node.name)).map((option) => (
            <option key={option.stored} value={`${node.name}\n${option.stored}`}>
              {option.text}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}

function Coordinates({ editor, id }: { editor: Editor; id: RegionId }) {
  const shape = useShape(editor, id);
  const region = useRegion(editor, id);
  const fields = editor.shapeFields(id);
  if (!shape || fields.length === 0) return null;
  const isFixed = editor.options.readOnly || region?.locked === true;
  return (
    <div className={styles.coordinates} role="group" aria-label="Coordinates">
      {fields.map(({ key, label, unit }) => (
        <Coordinate key={key} label={label} unit={unit} disabled={isFixed} value={Number((shape as unknown as Record<string, unknown>)[key])} set={(value) => editor.setShape(id, { ...shape, [key]: value } as Shape, `Set ${label}`)} />
      ))}
    </div>
  );
}

interface CoordinateProps {
  readonly label: string;
  readonly unit: string;
  readonly value: number;
  readonly disabled: boolean;
  set(value: number): void;
}

/** A number that is taken over on Enter or on leaving; while it is typed the region stays. */
function Coordinate({ label, unit, value, disabled, set }: CoordinateProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const take = () => {
    const number = Number(typed);
    if (typed !== null && typed.trim() !== "" && Number.isFinite(number) && number !== value) set(number);
    setTyped(null);
  };
  return (
    <label className={styles.coordinate}>
      <span>{label}</span>
      <input
        inputMode="decimal"
        disabled={disabled}
        value={typed ?? String(Math.round(value * 100) / 100)}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key !== "Enter" && event.key !== "Escape") return;
          event.preventDefault();
          event.stopPropagation();
          if (event.key === "Enter") take();
          else setTyped(null);
        }}
      />
      <span>{unit}</span>
    </label>
  );
}

function Notes({ editor, id }: { editor: Editor; id: RegionId }) {
  const region = useRegion(editor, id);
  if (!region || (editor.options.readOnly && region.notes.length === 0)) return null;
  return (
    <textarea
      className={styles.notes}
      data-notes
      rows={1}
      aria-label="Note"
      placeholder="Note"
      readOnly={editor.options.readOnly}
      value={region.notes.join("\n")}
      onChange={(event) => editor.setNotes(id, event.target.value === "" ? [] : [event.target.value])}
      onKeyDown={(event) => event.key === "Escape" && (event.stopPropagation(), event.currentTarget.blur())}
    />
  );
}

type Box = React.RefObject<HTMLElement | null>;

const fieldsIn = "textarea:not([data-notes]), input:not([type='hidden']), select, [tabindex='0']";

function focusFirstField(box: Box): void {
  box.current?.querySelector(`.${styles.questions}`)?.querySelector<HTMLElement>(fieldsIn)?.focus();
}

function useRegionCommands(editor: Editor, box: Box): void {
  useEffect(
    () =>
      editor.commands.add([
        { id: "region:focus", title: "Go to the region's first question", group: "Regions", keys: { labelwright: ["t"], labelStudio: ["enter"] }, enabled: () => editor.session.selection.size > 0, run: () => focusFirstField(box) },
        { id: "region:meta", title: "Write a note about the region", group: "Regions", keys: { labelwright: ["alt+m"], labelStudio: ["alt+m"] }, enabled: () => editor.session.selection.size === 1, run: () => box.current?.querySelector<HTMLElement>("[data-notes]")?.focus() },
      ]),
    [editor, box],
  );
}

/** A region just drawn that must be described gets the focus in its first required question. */
function useFocusOnNew(editor: Editor, box: Box): void {
  useEffect(
    () =>
      editor.onChange(({ created, origin }) => {
        const [id] = created;
        if (origin !== "user" || created.length !== 1 || id === undefined) return;
        if (!editor.controlsAskedOf(id).some((node) => node.attrs.required === true)) return;
        setTimeout(() => editor.session.selection.has(id) && focusFirstField(box));
      }),
    [editor, box],
  );
}
