/** What a control's view works with, wherever its answer lives: the task, a page, or the selected regions. */
import type { ConfigNode } from "@labelwright/config";
import { acceptSuggestions, answerKey, isEmpty, isEqual, type ControlValue, type Editor, type Problem, type RegionId, type Session, type Suggestion } from "@labelwright/engine";
import { useDoc, useRegion, useSession } from "../hooks";

export interface Control {
  readonly value: ControlValue | undefined;
  /** Set the answer; undefined takes it away. `typing` joins keystrokes into one undo entry. */
  set(value: ControlValue | undefined, how?: { typing?: boolean }): void;
  /** Set the answer by pressing one of several: pressing a suggested one accepts it. */
  press(value: ControlValue | undefined): void;
  readonly disabled: boolean;
  /** The answer is a model's proposal that is still to be accepted; null = it is the person's. */
  readonly suggestion: Suggestion | null;
  /** Region that is asked about, for per-region controls. */
  readonly regionId: RegionId | null;
  readonly itemIndex: number | null;
  /** What is wrong with the answer, after a submit was refused. */
  readonly problem: string | null;
  /** Changes when another thing is asked about: a key for local state. */
  readonly subject: string;
}

const firstSelected = (session: Session): RegionId | null => session.selection.values().next().value ?? null;

/** A control's answer and how to change it. Per-region answers are written to all selected regions. */
export function useControl(node: ConfigNode, editor: Editor): Control {
  const isPerRegion = node.attrs.perregion === true;
  const isPerItem = !isPerRegion && node.attrs.peritem === true;
  const regionId = useSession(editor, (session) => (isPerRegion ? firstSelected(session) : null));
  const itemIndex = useSession(editor, (session) => (isPerItem ? (session.page.get(node.toName[0] ?? "") ?? 0) : null));
  const region = useRegion(editor, regionId ?? "");
  const answer = useDoc(editor, () => editor.answerOf(node.name, itemIndex));
  const suggestion = useDoc(editor, ({ answers }) => (isPerRegion ? null : (answers.get(answerKey(node.name, itemIndex))?.suggestion ?? null)));
  const problem = useSession(editor, (session) => findProblem(session.problems, node.name, regionId, itemIndex)?.message ?? null);
  return {
    value: isPerRegion ? region?.values.get(node.name) : answer,
    set: (value, how) => setControl(node, editor, value, how),
    press: (value) => pressControl(node, editor, value),
    disabled: editor.options.readOnly || (isPerRegion && (region === undefined || region.readonly)),
    regionId,
    suggestion,
    itemIndex,
    problem,
    subject: `${regionId ?? ""}/${itemIndex ?? ""}`,
  };
}

function findProblem(problems: readonly Problem[], control: string, regionId: RegionId | null, itemIndex: number | null): Problem | undefined {
  return problems.find((each) => each.control === control && (each.regionId ?? null) === regionId && (each.itemIndex ?? null) === itemIndex);
}

/** The answer that is asked for now, outside React (hotkeys). */
export function currentValue(node: ConfigNode, editor: Editor): ControlValue | undefined {
  if (node.attrs.perregion !== true) return editor.answerOf(node.name, currentItem(node, editor));
  return editor.doc.regions.get(firstSelected(editor.session) ?? "")?.values.get(node.name);
}

/** Set the answer that is asked for now. */
export function setControl(node: ConfigNode, editor: Editor, value: ControlValue | undefined, how?: { typing?: boolean }): void {
  if (node.attrs.perregion !== true) return editor.setAnswer(node.name, value, currentItem(node, editor), how);
  const ids = [...editor.session.selection].filter((id) => editor.controlsAskedOf(id).includes(node));
  const [only] = ids;
  if (ids.length === 1 && only !== undefined) return editor.setRegionValue(only, node.name, value, how);
  editor.transact(`Answer ${node.name}`, () => ids.forEach((id) => editor.setRegionValue(id, node.name, value)));
}

/**
 * The person pressed one of several answers, and `value` is what that makes. Pressing the answer that a model suggests means
 * "yes, that one": it is accepted, not taken away.
 */
export function pressControl(node: ConfigNode, editor: Editor, value: ControlValue | undefined): void {
  const key = answerKey(node.name, node.attrs.perregion === true ? null : currentItem(node, editor));
  const answer = node.attrs.perregion === true ? undefined : editor.doc.answers.get(key);
  const isSame = isEmpty(value) || isEqual(value, answer?.value);
  if (answer?.suggestion && isSame) acceptSuggestions(editor, { regions: [], answers: [key] });
  else setControl(node, editor, value);
}

function currentItem(node: ConfigNode, editor: Editor): number | null {
  return node.attrs.peritem === true ? (editor.session.page.get(node.toName[0] ?? "") ?? 0) : null;
}
