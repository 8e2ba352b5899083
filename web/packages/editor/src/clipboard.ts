import { focusKind, type Editor, type ResultItem } from "@labelwright/engine";

/** Copy and paste of regions as result JSON, also between tasks and tabs, until the returned function is called. */
export function attachClipboard(editor: Editor, target: Window = window): () => void {
  const onCopy = (event: ClipboardEvent) => {
    const ids = editor.session.selection;
    if (ids.size === 0 || focusKind(event.target) === "field" || target.getSelection()?.toString()) return;
    event.clipboardData?.setData("text/plain", JSON.stringify(editor.serializeRegions(ids), null, 1));
    event.preventDefault();
    editor.notice(ids.size === 1 ? "Region copied." : `${ids.size} regions copied.`);
  };
  const onPaste = (event: ClipboardEvent) => {
    if (editor.options.readOnly || focusKind(event.target) === "field") return;
    const items = readItems(event.clipboardData?.getData("text/plain") ?? "");
    if (items === null) return;
    event.preventDefault();
    editor.pasteRegions(items);
  };
  target.addEventListener("copy", onCopy);
  target.addEventListener("paste", onPaste);
  return () => {
    target.removeEventListener("copy", onCopy);
    target.removeEventListener("paste", onPaste);
  };
}

/** Result items, or null when the text is something else. */
function readItems(text: string): readonly ResultItem[] | null {
  if (!text.trimStart().startsWith("[")) return null;
  try {
    const items: unknown = JSON.parse(text);
    const areItems = Array.isArray(items) && items.length > 0 && items.every((item: unknown) => typeof item === "object" && item !== null && "type" in item && "value" in item);
    return areItems ? (items as ResultItem[]) : null;
  } catch {
    return null;
  }
}
