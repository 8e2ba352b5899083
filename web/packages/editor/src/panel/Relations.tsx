import type { Direction, Editor, Relation, RegionId } from "@labelwright/engine";
import { relationLabels, useDoc, useSession } from "@labelwright/tags";
import { IconButton } from "@labelwright/ui";
import { ArrowLeft, ArrowLeftRight, ArrowRight, Trash2 } from "lucide-react";
import { useMemo } from "react";
import styles from "./panel.module.css";

const nextDirection: Readonly<Record<Direction, Direction>> = { right: "left", left: "bi", bi: "right" };
const arrows = { right: ArrowRight, left: ArrowLeft, bi: ArrowLeftRight };
const directionWords: Readonly<Record<Direction, string>> = { right: "points right", left: "points left", bi: "points both ways" };

/** The relations; with a region selected only its own. */
export function Relations({ editor }: { editor: Editor }) {
  const relations = useDoc(editor, (doc) => doc.relations);
  const selection = useSession(editor, (session) => session.selection);
  const labels = useMemo(() => relationLabels(editor), [editor]);
  const shown = relations.map((relation, index) => ({ relation, index })).filter(({ relation }) => selection.size === 0 || selection.has(relation.from) || selection.has(relation.to));
  if (shown.length === 0) return null;
  return (
    <section className={styles.relations} aria-label="Relations">
      <header className={styles.head}>
        <h3>
          Relations <span className={styles.count}>{selection.size > 0 && shown.length < relations.length ? `${shown.length} of ${relations.length}` : relations.length}</span>
        </h3>
      </header>
      <ul className={styles.relationList}>
        {shown.map(({ relation, index }) => (
          <RelationRow key={`${relation.from}-${relation.to}`} {...{ editor, relation, index }} known={labels.values} isMultiple={labels.isMultiple} />
        ))}
      </ul>
    </section>
  );
}

interface RelationProps {
  readonly editor: Editor;
  readonly relation: Relation;
  readonly index: number;
  readonly known: readonly string[];
  readonly isMultiple: boolean;
}

function RelationRow({ editor, relation, index, known, isMultiple }: RelationProps) {
  const Arrow = arrows[relation.direction];
  const isFixed = editor.options.readOnly;
  const offered = [...new Set([...known, ...relation.labels])];
  const toggle = (label: string) => {
    const isOn = relation.labels.includes(label);
    const labels = isOn ? relation.labels.filter((each) => each !== label) : isMultiple ? [...relation.labels, label] : [label];
    editor.setRelation(index, { labels });
  };
  return (
    <li className={styles.relation}>
      <div className={styles.relationEnds}>
        <End editor={editor} id={relation.from} />
        <IconButton label={`Direction: ${directionWords[relation.direction]}`} size="small" disabled={isFixed} onClick={() => editor.setRelation(index, { direction: nextDirection[relation.direction] })}>
          <Arrow size={14} />
        </IconButton>
        <End editor={editor} id={relation.to} />
        {!isFixed && (
          <IconButton label="Delete relation" size="small" onClick={() => editor.deleteRelation(index)}>
            <Trash2 size={14} />
          </IconButton>
        )}
      </div>
      {offered.length > 0 && (
        <div className={styles.relationLabels} role="group" aria-label="Labels of the relation">
          {offered.map((label) => (
            <button key={label} type="button" className={styles.relationLabel} aria-pressed={relation.labels.includes(label)} disabled={isFixed} onClick={() => toggle(label)}>
              {label}
            </button>
          ))}
        </div>
      )}
    </li>
  );
}

function End({ editor, id }: { editor: Editor; id: RegionId }) {
  const name = useDoc(editor, (doc) => {
    const region = doc.regions.get(id);
    const text = region && "text" in region.shape && typeof region.shape.text === "string" ? region.shape.text : "";
    return text || editor.labelsOf(id).map((label) => label.text).join(", ") || "region";
  });
  return (
    <button type="button" className={styles.end} title={name} onClick={() => editor.select([id])} onPointerEnter={() => editor.hover(id)} onPointerLeave={() => editor.hover(null)}>
      <span className={styles.swatch} style={{ background: editor.colorOf(id) }} aria-hidden />
      <span>{name}</span>
    </button>
  );
}
