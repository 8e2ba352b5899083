import { shownScore, type Editor, type Region, type RegionId } from "@labelwright/engine";
import { Review, useRegion, useRegionMarks, useSession } from "@labelwright/tags";
import { IconButton } from "@labelwright/ui";
import { Eye, EyeOff, Lock, LockOpen, Trash2 } from "lucide-react";
import { memo, useDeferredValue, type MouseEvent } from "react";
import styles from "./panel.module.css";
import { rowId } from "./RegionList";

interface RowProps {
  readonly editor: Editor;
  readonly id: RegionId;
  readonly number: number;
  readonly depth: number;
  readonly index: number;
  press(event: MouseEvent): void;
}

/** One region: its labels, what it marks, and what can be done with it. Renders again for this region only. */
export const RegionRow = memo(function RegionRow({ editor, id, number, depth, index, press }: RowProps) {
  const region = useRegion(editor, id);
  const marks = useRegionMarks(editor, id);
  // the next task is on the screen a little earlier without sixty buttons
  const isPainted = useDeferredValue(true, false);
  const hasProblem = useSession(editor, (session) => session.problems.some((problem) => problem.regionId === id));
  if (!region) return null;
  const labels = editor.labelsOf(id);
  const [isSelected, isHovered, isHidden] = [(marks & 1) > 0, (marks & 2) > 0, (marks & 4) > 0];
  const score = region.suggestion ? shownScore(region) : region.score;
  // thirty rows have a hundred buttons: those that are not to be seen are not made
  const isLit = isSelected || isHovered || isHidden || region.locked;
  const name = labels.map((label) => label.text).join(", ") || "No label";
  const about = "text" in region.shape && typeof region.shape.text === "string" ? region.shape.text : region.notes[0];
  return (
    <div
      id={rowId(id)}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={isSelected}
      aria-level={depth + 1}
      className={styles.row}
      data-selected={isSelected || undefined}
      data-hovered={isHovered || undefined}
      data-hidden={isHidden || undefined}
      style={{ paddingInlineStart: 12 + depth * 14 }}
      onClick={press}
      onPointerEnter={() => editor.hover(id)}
    >
      <span className={styles.swatch} data-suggested={region.suggestion ? "" : undefined} style={{ "--tint": editor.colorOf(id), background: editor.colorOf(id) } as React.CSSProperties} aria-hidden />
      <span role="gridcell" className={styles.name}>
        {name} <span className={styles.number}>{number}</span>
        {about && <span className={styles.about}>{about}</span>}
      </span>
      {hasProblem && <span className={styles.problem}>!</span>}
      {score !== null && <span className={styles.score} title={`Score of the model: ${score}`}>{score.toFixed(2)}</span>}
      <span role="gridcell" className={styles.actions} data-lit={isHidden || region.locked || undefined} onClick={(event) => event.stopPropagation()}>
        {isLit && <RowActions editor={editor} region={region} isHidden={isHidden} />}
      </span>
      {region.suggestion && !editor.options.readOnly && (
        <span role="gridcell" className={styles.reviewCell}>
          {isPainted && <Review editor={editor} id={id} tabIndex={-1} />}
        </span>
      )}
    </div>
  );
}, (before, after) => before.editor === after.editor && before.id === after.id && before.number === after.number && before.depth === after.depth && before.index === after.index);

function RowActions({ editor, region, isHidden }: { editor: Editor; region: Region; isHidden: boolean }) {
  const { id } = region;
  return (
    <>
      <IconButton label={isHidden ? "Show" : "Hide"} keys="alt+h" size="small" tabIndex={-1} data-on={isHidden || undefined} onClick={() => editor.setHidden([id], !isHidden)}>
        {isHidden ? <EyeOff size={14} /> : <Eye size={14} />}
      </IconButton>
      {!editor.options.readOnly && !region.readonly && !region.suggestion && (
        <>
          <IconButton label={region.locked ? "Unlock" : "Lock"} keys="alt+l" size="small" tabIndex={-1} data-on={region.locked || undefined} onClick={() => editor.setLocked([id], !region.locked)}>
            {region.locked ? <Lock size={14} /> : <LockOpen size={14} />}
          </IconButton>
          <IconButton label="Delete" keys="delete" size="small" tabIndex={-1} onClick={() => editor.deleteRegions([id])}>
            <Trash2 size={14} />
          </IconButton>
        </>
      )}
    </>
  );
}
