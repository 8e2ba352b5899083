import { useCallback, useEffect, useId, useRef, useState, type ReactNode } from "react";
import styles from "./Popover.module.css";
import { cx } from "./cx";

/** What the button that opens a popover spreads onto itself. */
export interface TriggerProps {
  id: string;
  "aria-expanded": boolean;
  "aria-haspopup": "menu" | "dialog" | "listbox";
  "aria-controls": string | undefined;
  onClick: () => void;
}

interface PopoverProps {
  trigger: (props: TriggerProps) => ReactNode;
  /** Rendered while open; `close` gives the focus back to the trigger. */
  children: (close: () => void) => ReactNode;
  role?: "menu" | "dialog" | "listbox";
  label: string;
  align?: "start" | "end";
  className?: string;
}

const GAP_PX = 4;
const MARGIN_PX = 8;

/** Below the trigger (above when there is no room), inside the window. */
function place(panel: HTMLElement, trigger: Element, align: "start" | "end"): void {
  const anchor = trigger.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const left = align === "end" ? anchor.right - width : anchor.left;
  const below = anchor.bottom + GAP_PX;
  const fits = below + height <= innerHeight - MARGIN_PX;
  const top = fits || anchor.top < height ? below : anchor.top - GAP_PX - height;
  panel.style.left = `${Math.max(MARGIN_PX, Math.min(left, innerWidth - width - MARGIN_PX))}px`;
  panel.style.top = `${top}px`;
  panel.style.maxHeight = `${Math.max(120, innerHeight - top - MARGIN_PX)}px`;
}

/**
 * A panel at a button, on the browser's top layer: Escape and a press outside close it. Not `popover="auto"`: its light dismiss
 * closes on the press and the click on the trigger then opens again (Safari gives buttons no focus to tell by).
 */
export function Popover({ trigger, children, role = "dialog", label, align = "start", className }: PopoverProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  const close = useCallback(() => {
    setOpen(false);
    document.getElementById(`${id}-trigger`)?.focus();
  }, [id]);

  useEffect(() => {
    const element = panel.current;
    const anchor = document.getElementById(`${id}-trigger`);
    if (!open || !element || !anchor) return;
    element.showPopover();
    place(element, anchor, align);
    element.querySelector<HTMLElement>("[data-autofocus], [role^=menuitem], input, button, a")?.focus();
    const replace = () => place(element, anchor, align);
    const scope = new AbortController();
    addEventListener("resize", replace, { signal: scope.signal });
    const outside = (event: PointerEvent) => {
      const target = event.target as Node;
      if (!element.contains(target) && !anchor.contains(target)) setOpen(false);
    };
    addEventListener("pointerdown", outside, { signal: scope.signal, capture: true });
    return () => scope.abort();
  }, [open, align, id]);

  return (
    <>
      {trigger({
        id: `${id}-trigger`,
        "aria-expanded": open,
        "aria-haspopup": role,
        "aria-controls": open ? id : undefined,
        onClick: () => setOpen(!open),
      })}
      {open && (
        <div
          ref={panel}
          id={id}
          popover="manual"
          role={role}
          aria-label={label}
          className={cx(styles.popover, className)}
          onKeyDown={(event) => {
            if (event.key === "Escape" || (event.key === "Tab" && role === "menu")) {
              event.stopPropagation();
              close();
            }
          }}
        >
          {children(close)}
        </div>
      )}
    </>
  );
}
