import { useRef, useState, type FocusEvent, type KeyboardEvent, type RefObject } from "react";

interface Roving {
  /** Spread on the container of the items. */
  readonly group: { readonly ref: RefObject<HTMLDivElement | null>; onKeyDown(event: KeyboardEvent): void; onFocus(event: FocusEvent): void };
  /** `tabIndex` of the item with this id. */
  tabIndex(id: string): 0 | -1;
}

/**
 * One tab stop for a group of items marked `data-roving="<id>"`: arrows, Home and End move the focus among them. The tab stop
 * is where the focus was last, else `preferred`.
 */
export function useRoving(preferred: string | undefined): Roving {
  const ref = useRef<HTMLDivElement>(null);
  const [last, setLast] = useState<string | null>(null);
  const stop = last ?? preferred;
  return {
    group: {
      ref,
      onKeyDown(event) {
        const items = [...(ref.current?.querySelectorAll<HTMLElement>("[data-roving]:not(:disabled)") ?? [])];
        const now = items.indexOf(event.target as HTMLElement);
        const next = now < 0 || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey ? undefined : items[step(event.key, now, items.length)];
        if (next === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        next.focus();
      },
      onFocus(event) {
        const id = event.target.getAttribute("data-roving");
        if (id !== null) setLast(id);
      },
    },
    tabIndex: (id) => (id === stop ? 0 : -1),
  };
}

function step(key: string, now: number, count: number): number {
  if (key === "ArrowDown" || key === "ArrowRight") return (now + 1) % count;
  if (key === "ArrowUp" || key === "ArrowLeft") return (now - 1 + count) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : -1;
}
