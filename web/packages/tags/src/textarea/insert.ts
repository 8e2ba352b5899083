/** Puts `text` in place of the selection of a control's field, as if typed: the browser's own undo knows it. */
export function insertAtCaret(control: string, text: string): void {
  const box = document.querySelector(`[data-control="${CSS.escape(control)}"]`);
  const active = document.activeElement;
  const field = active instanceof HTMLTextAreaElement && box?.contains(active) ? active : box?.querySelector<HTMLTextAreaElement>("textarea:last-of-type");
  if (!field) return;
  field.focus();
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
