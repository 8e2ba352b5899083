import { Button } from "@labelwright/ui";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { Children, useEffect, useState } from "react";
import type { TagViewProps } from "../define";
import styles from "./Repeater.module.css";

/** The repeated part for each item: all below each other, or one at a time. */
export default function Repeater({ node, editor, children }: TagViewProps) {
  const items = Children.toArray(children);
  const [page, setPage] = useState(0);
  const isPaged = node.attrs.mode === "pagination" && items.length > 1;
  useEffect(() => {
    if (!isPaged) return;
    const turn = (by: number) => setPage((now) => Math.min(items.length - 1, Math.max(0, now + by)));
    return editor.commands.add([
      { id: "repeater:previous-page", title: "Previous item", group: "Items", keys: { labelwright: ["ctrl+left", "pageup"], labelStudio: ["alt+left"] }, run: () => turn(-1) },
      { id: "repeater:next-page", title: "Next item", group: "Items", keys: { labelwright: ["ctrl+right", "pagedown"], labelStudio: ["alt+right"] }, run: () => turn(1) },
    ]);
  }, [editor, isPaged, items.length]);
  if (!isPaged) return <>{items}</>;
  return (
    <section>
      {items[page]}
      <nav className={styles.pages} aria-label="Items">
        <Button size="small" icon={<ChevronLeft size={14} />} disabled={page === 0} onClick={() => setPage(page - 1)}>
          Previous
        </Button>
        <span aria-live="polite">
          {page + 1} of {items.length}
        </span>
        <Button size="small" icon={<ChevronRight size={14} />} disabled={page === items.length - 1} onClick={() => setPage(page + 1)}>
          Next
        </Button>
      </nav>
    </section>
  );
}
