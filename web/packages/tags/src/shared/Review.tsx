import { acceptSuggestions, rejectSuggestions, type Editor, type RegionId } from "@labelwright/engine";
import { IconButton } from "@labelwright/ui";
import { Check, X } from "lucide-react";
import styles from "./Review.module.css";

/** Yes or no to what a model proposes as this region. */
export function Review({ editor, id, tabIndex }: { editor: Editor; id: RegionId; tabIndex?: number }) {
  // not followed: there may be thousands of these, and keys do not change while one looks at them
  const [accept, reject] = ["suggestion:accept", "suggestion:reject"].map((command) => editor.commands.keyOf(command) ?? undefined);
  const parts = { regions: [id], answers: [] };
  return (
    <span className={styles.review} onClick={(event) => event.stopPropagation()}>
      <IconButton label="Accept suggestion" keys={accept} size="small" tabIndex={tabIndex} onClick={() => acceptSuggestions(editor, parts)}>
        <Check size={14} />
      </IconButton>
      <IconButton label="Reject suggestion" keys={reject} size="small" tabIndex={tabIndex} onClick={() => rejectSuggestions(editor, parts)}>
        <X size={14} />
      </IconButton>
    </span>
  );
}
