import { useEffect, useRef, useState } from "react";
import { KeyCap } from "./KeyCap";
import styles from "./Tooltip.module.css";

interface Tip {
  text: string;
  keys: string | undefined;
  anchor: DOMRect;
}

const DELAY_MS = 350;

/**
 * One tooltip for the whole page. Any element with `data-tip="Undo" data-tip-keys="mod+z"` gets it on hover and on keyboard focus;
 * Escape, a click or scrolling takes it away. It only repeats the element's name, so screen readers do not see it.
 */
export function TooltipLayer() {
  const [tip, setTip] = useState<Tip | null>(null);
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let timer = 0;
    const hide = () => {
      clearTimeout(timer);
      setTip(null);
    };
    const show = (event: Event, delay_ms: number) => {
      const element = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-tip]") : null;
      hide();
      if (!element?.dataset["tip"]) return;
      const { tip: text, tipKeys: keys } = element.dataset;
      timer = window.setTimeout(() => setTip({ text, keys, anchor: element.getBoundingClientRect() }), delay_ms);
    };
    const scope = new AbortController();
    const listen = (type: string, f: (event: Event) => void) => document.addEventListener(type, f, { signal: scope.signal, capture: true, passive: true });
    listen("pointerover", (event) => (event as PointerEvent).pointerType === "mouse" && show(event, DELAY_MS));
    listen("focusin", (event) => (event.target as Element).matches(":focus-visible") && show(event, 0));
    for (const type of ["focusout", "pointerdown", "keydown", "scroll"]) listen(type, hide);
    return () => {
      scope.abort();
      clearTimeout(timer);
    };
  }, []);

  useEffect(() => {
    const element = box.current;
    if (!tip || !element) return;
    element.showPopover();
    const { offsetWidth: width, offsetHeight: height } = element;
    const centre = tip.anchor.left + tip.anchor.width / 2 - width / 2;
    const below = tip.anchor.bottom + 6;
    element.style.left = `${Math.max(6, Math.min(centre, innerWidth - width - 6))}px`;
    element.style.top = `${below + height > innerHeight ? tip.anchor.top - height - 6 : below}px`;
  }, [tip]);

  if (!tip) return null;
  return (
    <div ref={box} popover="manual" className={styles.tip} aria-hidden>
      {tip.text}
      {tip.keys && <KeyCap keys={tip.keys} quiet />}
    </div>
  );
}
