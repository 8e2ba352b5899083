import { focusKind, type Editor } from "@labelwright/engine";

/** Lets the editor's commands hear the keys that reach `target` until the returned function is called. */
export function attachHotkeys(editor: Editor, target: Window | HTMLElement): () => void {
  const onKeyDown = (given: Event) => {
    const event = given as KeyboardEvent;
    if (event.defaultPrevented || event.isComposing || isElsewhere(event.target)) return;
    if (event.repeat && !mayRepeat(event)) return;
    const { key, code, ctrlKey, altKey, shiftKey, metaKey } = event;
    if (editor.commands.handle({ key, code, ctrlKey, altKey, shiftKey, metaKey, focus: focusKind(event.target) })) event.preventDefault();
  };
  target.addEventListener("keydown", onKeyDown);
  return () => target.removeEventListener("keydown", onKeyDown);
}

/** Keys inside a dialog or an open menu are theirs. */
function isElsewhere(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("dialog, [role='dialog'], [role='alertdialog'], [role='menu'], [role='listbox']") !== null;
}

/** Held keys move and undo on; they do not submit twice. */
function mayRepeat(event: KeyboardEvent): boolean {
  return event.key.startsWith("Arrow") || ((event.ctrlKey || event.metaKey) && event.key !== "Enter" && event.key !== " ") || "-=+,.".includes(event.key);
}
