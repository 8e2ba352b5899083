/** Reading the editor from React: each hook re-renders only when what it picks changes (`Object.is`). */
import type { AnnotationDoc, ControlValue, Editor, Region, RegionId, Session, Shape } from "@labelwright/engine";
import { useCallback, useRef, useSyncExternalStore } from "react";

/** Part of the document. `pick` must give back a primitive or a value that lives in the document, not a new object. */
export function useDoc<T>(editor: Editor, pick: (doc: AnnotationDoc) => T): T {
  const subscribe = useCallback((notify: () => void) => editor.onChange(notify), [editor]);
  return useSyncExternalStore(subscribe, () => pick(editor.doc));
}

/** Part of the session (selection, tool, page …); `pick` as for `useDoc`. */
export function useSession<T>(editor: Editor, pick: (session: Session) => T): T {
  const subscribe = useCallback((notify: () => void) => editor.onSession(notify), [editor]);
  return useSyncExternalStore(subscribe, () => pick(editor.session));
}

/** Whole-task (or per-item) answer of a control. */
export function useAnswer(editor: Editor, control: string, itemIndex: number | null = null): ControlValue | undefined {
  return useDoc(editor, () => editor.answerOf(control, itemIndex));
}

/** One region; undefined once it is deleted. Re-renders for this region only, and not while its shape is merely previewed. */
export function useRegion(editor: Editor, id: RegionId): Region | undefined {
  const subscribe = useCallback((notify: () => void) => editor.onRegion(id, notify), [editor, id]);
  return useSyncExternalStore(subscribe, () => editor.doc.regions.get(id));
}

/** The shape to draw, preview included: changes with every pointer move of a drag. undefined once the region is deleted. */
export function useShape(editor: Editor, id: RegionId): Shape | undefined {
  const subscribe = useCallback((notify: () => void) => editor.onRegion(id, notify), [editor, id]);
  return useSyncExternalStore(subscribe, () => (editor.doc.regions.has(id) ? editor.shapeOf(id) : undefined));
}

/** Selected/hovered/hidden of one region as a small bit set: 1 selected, 2 hovered, 4 hidden. */
export function useRegionMarks(editor: Editor, id: RegionId): number {
  const subscribe = useCallback((notify: () => void) => editor.onRegion(id, notify), [editor, id]);
  return useSyncExternalStore(subscribe, () => {
    const { selection, hovered, hidden } = editor.session;
    return (selection.has(id) ? 1 : 0) | (hovered === id ? 2 : 0) | (hidden.has(id) ? 4 : 0);
  });
}

/** The same function object for ever, calling the newest `f`: for listeners registered once. */
export function useLatest<A extends unknown[], R>(f: (...args: A) => R): (...args: A) => R {
  const latest = useRef(f);
  latest.current = f;
  return useCallback((...args: A) => latest.current(...args), []);
}
