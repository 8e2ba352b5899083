/** Scroll the nearest scrolling ancestor so that a rectangle of the window is in sight; nothing when it is already. */
export function scrollToRect(element: HTMLElement, rect: DOMRect): void {
  const scroller = scrollerOf(element);
  const frame = scroller === document.scrollingElement ? { top: 0, bottom: innerHeight } : scroller.getBoundingClientRect();
  const margin = 48;
  if (rect.height === 0 && rect.width === 0) return;
  if (rect.top >= frame.top && rect.bottom <= frame.bottom) return;
  const room = frame.bottom - frame.top;
  const by = rect.height > room || rect.top < frame.top ? rect.top - frame.top - margin : rect.bottom - frame.bottom + margin;
  scroller.scrollBy({ top: by });
}

function scrollerOf(element: HTMLElement): Element {
  for (let at: HTMLElement | null = element; at; at = at.parentElement) {
    const { overflowY } = getComputedStyle(at);
    if ((overflowY === "auto" || overflowY === "scroll") && at.scrollHeight > at.clientHeight) return at;
  }
  return document.scrollingElement ?? document.documentElement;
}
