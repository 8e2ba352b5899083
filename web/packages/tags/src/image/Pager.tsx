import { IconButton } from "@labelwright/ui";
import { ChevronLeft, ChevronRight } from "lucide-react";
import styles from "./image.module.css";

/** Pages of a multi-page picture. */
export function Pager({ page, count, onTurn }: { page: number; count: number; onTurn(by: number): void }) {
  return (
    <div className={styles.pager} role="group" aria-label="Pages">
      <IconButton label="Previous page" keys="ctrl+left" disabled={page === 0} onClick={() => onTurn(-1)}>
        <ChevronLeft aria-hidden />
      </IconButton>
      <span aria-live="polite">
        {page + 1} / {count}
      </span>
      <IconButton label="Next page" keys="ctrl+right" disabled={page === count - 1} onClick={() => onTurn(1)}>
        <ChevronRight aria-hidden />
      </IconButton>
    </div>
  );
}
