import type { ConfigNode } from "@labelwright/config";
import type { Editor } from "@labelwright/engine";
import { useDoc } from "@labelwright/tags";
import { IconButton } from "@labelwright/ui";
import { PanelRightClose, PanelRightOpen } from "lucide-react";
import { useEffect } from "react";
import { Details } from "./Details";
import { Orphans } from "./Orphans";
import styles from "./panel.module.css";
import { RegionList } from "./RegionList";
import { Relations } from "./Relations";
import { usePanelSize } from "./usePanelSize";

/** The regions of the annotation and what is known of the selected one. Exists only where a config makes regions. */
export function RegionPanel({ editor, questions }: { editor: Editor; questions: readonly ConfigNode[] }) {
  const { isOpen, width_px, toggle, grip } = usePanelSize();
  const count = useDoc(editor, (doc) => doc.regions.size);
  useEffect(
    () => editor.commands.add([{ id: "panel:toggle", title: "Show or hide the region panel", group: "Screen", keys: { labelwright: ["\\"], labelStudio: [] }, run: toggle }]),
    [editor, toggle],
  );
  if (!isOpen) {
    return (
      <aside className={styles.closed} aria-label="Regions">
        <IconButton label={`Show ${count} regions`} keys="\" onClick={toggle}>
          <PanelRightOpen size={16} />
        </IconButton>
      </aside>
    );
  }
  return (
    <aside className={styles.panel} style={{ width: width_px }} aria-label="Regions">
      <div className={styles.grip} {...grip} role="separator" aria-orientation="vertical" aria-label="Width of the panel" aria-valuenow={width_px} aria-valuemin={220} aria-valuemax={480} />
      <RegionList
        editor={editor}
        action={
          <IconButton label="Hide the panel" keys="\" size="small" onClick={toggle}>
            <PanelRightClose size={16} />
          </IconButton>
        }
      />
      <div className={styles.below}>
        <Details editor={editor} questions={questions} />
        <Relations editor={editor} />
        <Orphans editor={editor} />
      </div>
    </aside>
  );
}
