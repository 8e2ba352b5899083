import { KeyCap } from "@labelwright/ui";
import { Undo2 } from "lucide-react";
import { UNDO_MS } from "./core/takeBack";
import type { UndoOffer } from "./core/sessionState";
import styles from "./UndoChip.module.css";

/** For a few seconds: take the last answer back. */
export function UndoChip({ offer, onUndo }: { offer: UndoOffer; onUndo: () => void }) {
  return (
    <div className={styles.chip} role="status" data-testid="undo-chip" style={{ "--stay": `${UNDO_MS}ms` } as React.CSSProperties}>
      <span>{offer.text}</span>
      <button type="button" className={styles.undo} onClick={onUndo} onMouseDown={(event) => event.preventDefault()}>
        <Undo2 aria-hidden />
        Undo <KeyCap keys="mod+z" quiet />
      </button>
      <span className={styles.time} aria-hidden />
    </div>
  );
}
