/** What keeps the open answer from being submitted, for the button and the key. */
import type { Editor } from "@labelwright/engine";
import { reasonOf, type Reason } from "./core/reasons";
import type { SessionState } from "./core/sessionState";

export function hindranceOf(state: SessionState, editor: Pick<Editor, "doc" | "config"> | null): Reason | null {
  if (!editor) return null;
  if (state.problems.length > 0) return reasonOf(state.problems, editor.doc, editor.config);
  if (state.isEmpty && state.project?.allowEmpty === false) return { text: "Answer something first", regionId: null, control: "" };
  return null;
}
