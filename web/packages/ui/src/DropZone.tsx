import { Upload } from "lucide-react";
import { useEffect, useId, useState, type ReactNode } from "react";
import styles from "./DropZone.module.css";
import { cx } from "./cx";

interface DropZoneProps {
  onFiles: (files: File[]) => void;
  /** `accept` of the file input: ".json,.csv,image/*". */
  accept?: string;
  title: ReactNode;
  children?: ReactNode;
  compact?: boolean;
}

/** A box to drop files on; it is the label of a file input, so click, Space and Enter browse. */
export function DropZone({ onFiles, accept, title, children, compact }: DropZoneProps) {
  const [over, setOver] = useState(false);
  const id = useId();
  return (
    <div
      className={cx(styles.zone, compact && styles.compact, over && styles.over)}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(false);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      <input
        id={id}
        className={styles.input}
        type="file"
        multiple
        accept={accept}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <label htmlFor={id} className={styles.label}>
        <Upload aria-hidden />
        <span className={styles.title}>{title}</span>
        {children && <span className={styles.hint}>{children}</span>}
      </label>
    </div>
  );
}

/** Files dropped anywhere on the page. Draws a frame with `message` while files hover. */
export function PageDrop({ onFiles, message }: { onFiles: (files: File[]) => void; message: string }) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const scope = new AbortController();
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const on = (type: "dragenter" | "dragleave" | "dragover" | "drop", f: (event: DragEvent) => void) =>
      addEventListener(type, (event) => hasFiles(event) && f(event), { signal: scope.signal });
    on("dragenter", () => setOver(++depth > 0));
    on("dragleave", () => setOver(--depth > 0));
    on("dragover", (event) => event.preventDefault());
    on("drop", (event) => {
      depth = 0;
      setOver(false);
      if (event.defaultPrevented) return;
      event.preventDefault();
      onFiles([...(event.dataTransfer?.files ?? [])]);
    });
    return () => scope.abort();
  }, [onFiles]);
  return over ? (
    <div className={styles.page}>
      <span>{message}</span>
    </div>
  ) : null;
}
