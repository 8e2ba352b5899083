/**
 * Marks an element with `data-pressed` while its focus came from a press: browsers show the focus ring as soon as a key
 * follows, and label keys always follow. Returns the function that stops it.
 */
export function quietFocus(element: HTMLElement): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  element.addEventListener("pointerdown", () => (element.dataset.pressed = ""), { signal, capture: true });
  element.addEventListener("blur", () => delete element.dataset.pressed, { signal });
  element.addEventListener("keydown", (e) => e.key === "Tab" && delete element.dataset.pressed, { signal });
  return () => stop.abort();
}
