import { X } from "lucide-react";
import { useId, useLayoutEffect, useRef, type ReactNode } from "react";
import { IconButton } from "./Button";
import styles from "./Dialog.module.css";
import { cx } from "./cx";

interface DialogProps {
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
  /** Buttons at the bottom right, the safe one first. */
  footer?: ReactNode;
  size?: "small" | "medium" | "large";
  /** When given, the dialog is a form and Enter submits it. */
  onSubmit?: () => void;
}

/** What may take the focus below the heading; a chosen radio button before the others of its group. */
const focusable = ["input[type=radio]:checked", "input:not([type=radio])", "textarea", "select", "button", "a[href]"]
  .map((part) => `[data-dialog-part] ${part}:not(:disabled)`)
  .join(", ");

/**
 * The browser's own modal dialog: it keeps the focus inside, makes the rest inert and gives the focus back.
 * Render it only while it is open. The element with `data-autofocus` gets the focus, else the first control of the body.
 */
export function Dialog({ title, onClose, children, footer, size = "medium", onSubmit }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();

  // While the dialog is still in the page: closed after that it would not give the focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element && !element.open) {
      element.showModal();
      // The browser would take the close button, which comes first.
      const first = element.querySelector<HTMLElement>("[data-autofocus]") ?? element.querySelector<HTMLElement>(focusable);
      first?.focus({ preventScroll: true });
    }
    return () => element?.close();
  }, []);

  const body = (
    <>
      <header className={styles.header}>
        <h2 id={heading}>{title}</h2>
        <IconButton label="Close" keys="escape" size="small" onClick={onClose}>
          <X />
        </IconButton>
      </header>
      <div className={styles.body} data-dialog-part>{children}</div>
      {footer && <footer className={styles.footer} data-dialog-part>{footer}</footer>}
    </>
  );
  return (
    <dialog
      ref={dialog}
      className={cx(styles.dialog, styles[size])}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      {onSubmit ? (
        <form
          className={styles.frame}
          onSubmit={(event) => {
            event.preventDefault();
            onSubmit();
          }}
        >
          {body}
        </form>
      ) : (
        <div className={styles.frame}>{body}</div>
      )}
    </dialog>
  );
}
