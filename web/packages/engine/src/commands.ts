/** The editor's own commands; ids are Label Studio's where it has them, so that its hotkey files can be taken over. Screens add theirs (submit, skip, next task); image, text and other views add their tools. */
import type { ConfigNode, Option } from "@labelwright/config";
import { assignKeys, type KeySlot } from "./keys";
import type { Rules } from "./rules";
import { suggestionCommands } from "./suggestions";
import type { Command, Editor, Region, TagRules } from "./types";

const both = (...keys: string[]): Command["keys"] => ({ labelwright: keys, labelStudio: keys });

const hasSelection = (editor: Editor) => editor.session.selection.size > 0;
const mayChange = (editor: Editor) => !editor.options.readOnly;
const selected = (editor: Editor): Region[] => [...editor.session.selection].flatMap((id) => editor.doc.regions.get(id) ?? []);

/** Moves the selection to the next (1) or previous (-1) region that is not hidden. */
function cycle(editor: Editor, step: 1 | -1): void {
  const ids = [...editor.doc.regions.keys()].filter((id) => !editor.session.hidden.has(id));
  if (ids.length === 0) return;
  const now = ids.findIndex((id) => editor.session.selection.has(id));
  const next = ids[(now < 0 && step < 0 ? ids.length - 1 : now + step + ids.length) % ids.length];
  if (next !== undefined) editor.select([next]);
}

function toggleAllHidden(editor: Editor): void {
  const ids = [...editor.doc.regions.keys()];
  editor.setHidden(ids, ids.some((id) => !editor.session.hidden.has(id)));
}

function toggleLocked(editor: Editor): void {
  editor.setLocked(editor.session.selection, selected(editor).some((region) => !region.locked));
}

function startOrStopLink(editor: Editor): void {
  const [first] = editor.session.selection;
  editor.startLink(editor.session.linkingFrom === null && first !== undefined ? first : null);
}

/** Escape, one step at a time: end the link, the selection, the picked label, the tool. */
function escape(editor: Editor): void {
  const { linkingFrom, selection, activeLabels, tool } = editor.session;
  if (linkingFrom !== null) editor.startLink(null);
  else if (selection.size > 0) editor.select([]);
  else if (activeLabels.size > 0) editor.dropLabels();
  else if (tool !== null) editor.setTool(null);
}

const history: readonly Command[] = [
  { id: "annotation:undo", title: "Undo", group: "Edit", keys: both("mod+z"), inFields: false, enabled: (editor) => editor.canUndo, run: (editor) => editor.undo() },
  { id: "annotation:redo", title: "Redo", group: "Edit", keys: { labelwright: ["mod+shift+z", "mod+y"], labelStudio: ["mod+shift+z"] }, inFields: false, enabled: (editor) => editor.canRedo, run: (editor) => editor.redo() },
];

const selection: readonly Command[] = [
  { id: "region:cycle", title: "Next region", group: "Regions", keys: both("alt+."), enabled: (editor) => editor.doc.regions.size > 0, run: (editor) => cycle(editor, 1) },
  { id: "region:previous", title: "Previous region", group: "Regions", keys: both("alt+,"), enabled: (editor) => editor.doc.regions.size > 0, run: (editor) => cycle(editor, -1) },
  { id: "region:unselect", title: "Deselect, put the label down", group: "Regions", keys: { labelwright: ["escape"], labelStudio: ["escape", "u"] }, inFields: false, run: escape },
  { id: "region:select-all", title: "Select all regions", group: "Regions", keys: both("mod+a"), inFields: false, enabled: (editor) => editor.doc.regions.size > 0, run: (editor) => editor.select(editor.doc.regions.keys()) },
];

const regions: readonly Command[] = [
  { id: "region:delete", title: "Delete region", group: "Regions", keys: both("backspace", "delete"), inFields: false, enabled: (editor) => hasSelection(editor) && mayChange(editor), run: (editor) => editor.deleteRegions(editor.session.selection) },
  { id: "region:delete-all", title: "Delete all regions", group: "Regions", keys: both("mod+backspace"), inFields: false, enabled: (editor) => editor.doc.regions.size > 0 && mayChange(editor), run: (editor) => editor.deleteRegions([...editor.doc.regions.keys()]) },
  { id: "region:duplicate", title: "Duplicate region", group: "Regions", keys: both("mod+d"), enabled: (editor) => hasSelection(editor) && mayChange(editor), run: (editor) => editor.duplicateRegions(editor.session.selection) },
  { id: "region:relation", title: "Draw a relation from the region", group: "Regions", keys: both("alt+r"), enabled: (editor) => (hasSelection(editor) || editor.session.linkingFrom !== null) && mayChange(editor), run: startOrStopLink },
  { id: "region:visibility", title: "Hide or show region", group: "Regions", keys: both("alt+h"), enabled: hasSelection, run: (editor) => editor.setHidden(editor.session.selection, [...editor.session.selection].some((id) => !editor.session.hidden.has(id))) },
  { id: "region:visibility-all", title: "Hide or show all regions", group: "Regions", keys: both("ctrl+h"), enabled: (editor) => editor.doc.regions.size > 0, run: toggleAllHidden },
  { id: "region:lock", title: "Lock or unlock region", group: "Regions", keys: both("alt+l"), enabled: hasSelection, run: toggleLocked },
];

/** Ids of option commands, by which chips find their key. */
export function optionCommandId(control: string, stored: string): string {
  return `option:${control}:${stored}`;
}

/** Editing commands, those for suggestions, and the regions' if the config makes any. */
export function baseCommands(makesRegions: boolean): readonly Command[] {
  return [...history, ...(makesRegions ? [...selection, ...regions] : []), ...suggestionCommands(makesRegions)];
}

/** A command for each label and choice, with the key it gets, and the commands that tags bring. */
export function tagCommands(rules: Rules, editor: Editor): readonly Command[] {
  const controls = rules.config.controls.filter((node) => presserOf(rules, node) !== undefined);
  const slots: KeySlot[] = controls.flatMap((node) => rules.options(node.name).map((option) => ({ id: optionCommandId(node.name, option.path.join("/")), wanted: option.hotkey })));
  const ours = assignKeys(slots, "labelwright");
  const theirs = assignKeys(slots, "label-studio");
  const own = [...rules.config.byName.values()].flatMap((node) => rules.tagOf(node)?.commands?.(node, editor) ?? []);
  return [...controls.flatMap((node) => rules.options(node.name).map((option) => optionCommand(rules, node, option, ours, theirs))), ...own];
}

function optionCommand(rules: Rules, node: ConfigNode, option: Option, ours: Map<string, string>, theirs: Map<string, string>): Command {
  const id = optionCommandId(node.name, option.path.join("/"));
  const list = (key: string | undefined) => (key === undefined ? [] : [key]);
  return {
    id,
    title: option.text,
    group: node.name,
    keys: { labelwright: list(ours.get(id)), labelStudio: list(theirs.get(id)) },
    enabled: (editor) => mayChange(editor) && editor.isVisible(node) && (node.attrs.perregion !== true || hasSelection(editor)),
    run: (editor) => presserOf(rules, node)?.(editor, node, option),
  };
}

/** What pressing an option of this control does: labels are picked, other options as their tag says. */
function presserOf(rules: Rules, node: ConfigNode): TagRules["press"] {
  const tag = rules.tagOf(node);
  if (tag?.press) return tag.press;
  return tag && rules.isLabelControl(node.name) ? (editor, control, option) => editor.pickLabel(control.name, option.stored) : undefined;
}
