import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { IconButton } from "./Button";
import styles from "./Toast.module.css";
import { cx } from "./cx";

export interface ToastMessage {
  message: string;
  tone?: "ok" | "danger";
  action?: { label: string; run: () => void };
  /** How long it stays; messages with an action or an error stay longer. */
  stay_ms?: number;
}

interface Shown extends ToastMessage {
  id: number;
}

let shown: readonly Shown[] = [];
let next = 1;
const listeners = new Set<() => void>();

function set(toasts: readonly Shown[]): void {
  shown = toasts;
  for (const listener of listeners) listener();
}

/** Say something that needs no answer; nothing is blocked. */
export function toast(message: ToastMessage | string): void {
  const given = typeof message === "string" ? { message } : message;
  const id = next++;
  set([...shown.slice(-3), { ...given, id }]);
  setTimeout(() => dismiss(id), given.stay_ms ?? (given.action || given.tone === "danger" ? 8000 : 4000));
}

function dismiss(id: number): void {
  set(shown.filter((toast) => toast.id !== id));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where toasts appear; once in the app. */
export function Toasts() {
  const toasts = useSyncExternalStore(subscribe, () => shown);
  const layer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Shown anew each time, so that it lies above a dialog opened in the meantime.
    layer.current?.hidePopover();
    if (toasts.length > 0) layer.current?.showPopover();
  }, [toasts]);
  return (
    <div ref={layer} popover="manual" className={styles.layer} role="status" aria-live="polite">
      {toasts.map((toast) => (
        <div key={toast.id} className={styles.toast}>
          {toast.tone && <span className={cx(styles.icon, styles[toast.tone])}>{toast.tone === "ok" ? <CircleCheck /> : <CircleAlert />}</span>}
          <span className={styles.message}>{toast.message}</span>
          {toast.action && (
            <button
              type="button"
              className={styles.action}
              onClick={() => {
                toast.action?.run();
                dismiss(toast.id);
              }}
            >
              {toast.action.label}
            </button>
          )}
          <IconButton label="Dismiss" size="small" onClick={() => dismiss(toast.id)}>
            <X />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
