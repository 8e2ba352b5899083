import { Button, IconButton } from "@labelwright/ui";
import DOMPurify from "dompurify";
import { X } from "lucide-react";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { Project } from "./core/model";
import styles from "./Instructions.module.css";

export interface InstructionsState {
  readonly isOpen: boolean;
  /** They are new, or changed since they were last read on this device. */
  readonly isUnread: boolean;
  toggle(): void;
  close(): void;
}

const key = (projectId: number) => `labelwright.instructions.${projectId}`;

/** Short fingerprint (FNV-1a) by which "changed since you read them" is told. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}

/** Open at the start where the project wants it and these are unread; closing them counts as having read. */
export function useInstructions(project: Project | null): InstructionsState {
  const [isOpen, setOpen] = useState(false);
  const [readPrint, setRead] = useState<string | null>(null);
  const id = project?.id;
  const print = project?.instructions ? fingerprint(project.instructions) : null;

  useEffect(() => {
    if (id === undefined || print === null) return;
    const read = localStorage.getItem(key(id));
    setRead(read);
    if (project?.showInstructions && read !== print) setOpen(true);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once per text
  }, [id, print]);

  const markRead = useCallback(() => {
    if (id === undefined || print === null) return;
    localStorage.setItem(key(id), print);
    setRead(print);
  }, [id, print]);
  const close = useCallback(() => {
    setOpen(false);
    markRead();
  }, [markRead]);
  const toggle = useCallback(() => {
    setOpen((open) => !open);
    markRead();
  }, [markRead]);
  return { isOpen: isOpen && print !== null, isUnread: print !== null && readPrint !== print, toggle, close };
}

/** Beside the task, not over it: nothing is blocked. */
export function Instructions({ html, onClose }: { html: string; onClose: () => void }) {
  const clean = useMemo(() => sanitize(html), [html]);
  return (
    <aside
      className={styles.drawer}
      aria-label="Instructions"
      data-testid="instructions"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header className={styles.header}>
        <h2>Instructions</h2>
        <IconButton label="Close" size="small" onClick={onClose}>
          <X />
        </IconButton>
      </header>
      <div className={styles.text} dangerouslySetInnerHTML={{ __html: clean }} />
      <footer className={styles.footer}>
        <Button variant="primary" onClick={onClose}>
          Got it
        </Button>
      </footer>
    </aside>
  );
}

/** Plain text keeps its lines; HTML loses everything that acts, and links open elsewhere. */
export function sanitize(html: string): string {
  const marked = /<[a-z][\s\S]*>/i.test(html) ? html : escapeText(html).replaceAll("\n", "<br>");
  const fragment = DOMPurify.sanitize(marked, {
    RETURN_DOM_FRAGMENT: true,
    FORBID_TAGS: ["style", "form", "input", "button", "textarea", "select"],
    FORBID_ATTR: ["style", "class", "id"],
  });
  for (const link of fragment.querySelectorAll("a[href]")) {
    link.setAttribute("target", "_blank");
    link.setAttribute("rel", "noopener noreferrer");
  }
  const holder = document.createElement("div");
  holder.append(fragment);
  return holder.innerHTML;
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
