import type { Editor } from "@labelwright/engine";
import { useDoc } from "@labelwright/tags";
import { IconButton } from "@labelwright/ui";
import { Trash2 } from "lucide-react";
import styles from "./panel.module.css";

/** Answers to questions that the label config no longer asks: kept, unless someone deletes them here. */
export function Orphans({ editor }: { editor: Editor }) {
  const orphans = useDoc(editor, (doc) => doc.orphans);
  if (orphans.length === 0) return null;
  return (
    <details className={styles.orphans}>
      <summary>
        Unknown to this label config <span className={styles.count}>{orphans.length}</span>
      </summary>
      <p className={styles.empty}>They are saved again as they came.</p>
      <ul>
        {orphans.map((item, index) => (
          <li key={index} className={styles.orphan}>
            <code title={JSON.stringify(item.value ?? item, null, 1)}>
              {item.from_name ?? "relation"} · {item.type}
            </code>
            {!editor.options.readOnly && (
              <IconButton label={`Delete this answer of ${item.from_name ?? "a relation"}`} size="small" onClick={() => editor.deleteOrphan(index)}>
                <Trash2 size={14} />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
