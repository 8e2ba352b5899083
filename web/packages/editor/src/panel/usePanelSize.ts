import { useCallback, useState, type PointerEvent } from "react";

interface PanelSize {
  readonly isOpen: boolean;
  readonly width_px: number;
  toggle(): void;
  /** Spread on the edge that is dragged. */
  readonly grip: { onPointerDown(event: PointerEvent<HTMLElement>): void; onKeyDown(event: React.KeyboardEvent): void; readonly tabIndex: 0 };
}

const key = "labelwright-panel";
const clamp = (width_px: number) => Math.min(480, Math.max(220, Math.round(width_px)));

interface Stored {
  isOpen: boolean;
  width_px: number;
}

function read(): Stored {
  try {
    const stored = JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Stored>;
    return { isOpen: stored.isOpen !== false, width_px: clamp(stored.width_px ?? 280) };
  } catch {
    return { isOpen: true, width_px: 280 };
  }
}

/** Width and fold of the panel, remembered in this browser. */
export function usePanelSize(): PanelSize {
  const [size, setSize] = useState(read);
  const change = useCallback((patch: (size: Stored) => Partial<Stored>) => {
    setSize((old) => {
      const next = { ...old, ...patch(old) };
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // storage is full or forbidden: it is only a convenience
      }
      return next;
    });
  }, []);
  const toggle = useCallback(() => change((old) => ({ isOpen: !old.isOpen })), [change]);
  const onPointerDown = useCallback(
    (event: PointerEvent<HTMLElement>) => {
      const edge = event.currentTarget;
      const { clientX } = event;
      const start_px = edge.parentElement?.getBoundingClientRect().width ?? 280;
      edge.setPointerCapture(event.pointerId);
      const move = (moved: globalThis.PointerEvent) => change(() => ({ width_px: clamp(start_px + clientX - moved.clientX) }));
      const stop = () => {
        edge.removeEventListener("pointermove", move);
        edge.removeEventListener("lostpointercapture", stop);
      };
      edge.addEventListener("pointermove", move);
      edge.addEventListener("lostpointercapture", stop);
    },
    [change],
  );
  const onKeyDown = (event: React.KeyboardEvent) => {
    const by_px = event.key === "ArrowLeft" ? 16 : event.key === "ArrowRight" ? -16 : 0;
    if (by_px === 0) return;
    event.preventDefault();
    event.stopPropagation();
    change((old) => ({ width_px: clamp(old.width_px + by_px) }));
  };
  return { ...size, toggle, grip: { onPointerDown, onKeyDown, tabIndex: 0 } };
}
