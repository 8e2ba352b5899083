import type { Editor } from "@labelwright/engine";
import type { RefObject } from "react";

/** Brings the first reported problem into view and puts the focus into its control. */
export function scrollToProblem(editor: Editor, root: RefObject<HTMLElement | null>): () => void {
  let shown = editor.session.problems;
  return editor.onSession(({ problems }) => {
    const isNew = problems !== shown && problems.length > 0 && problems.length >= shown.length;
    shown = problems;
    const [first] = problems;
    if (!isNew || first === undefined) return;
    // after React has shown the control of the newly selected region
    setTimeout(() => {
      const control = root.current?.querySelector<HTMLElement>(`[data-control="${CSS.escape(first.control)}"]`);
      control?.scrollIntoView({ block: "nearest", behavior: "smooth" });
      control?.querySelector<HTMLElement>("[tabindex='0'], textarea, input, select")?.focus({ preventScroll: true });
    });
  });
}
