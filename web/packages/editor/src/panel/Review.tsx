import { acceptSuggestions, rejectSuggestions, type Editor, type RegionId } from "@labelwright/engine";
import { useCommandKey } from "@labelwright/tags";
import { IconButton } from "@labelwright/ui";
import { Check, X } from "lucide-react";
import styles from "./Review.module.css";

/** Yes or no to what a model proposes as this region. */
export function Review({ editor, id, tabIndex }: { editor: Editor; id: RegionId; tabIndex?: number }) {
  const accept = useCommandKey(editor, "suggestion:accept") ?? undefined;
  const reject = useCommandKey(editor, "suggestion:reject") ?? undefined;
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
