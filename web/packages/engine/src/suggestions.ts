/** What a model proposed and nobody has accepted yet: which parts, and how they are accepted, rejected or put in. */
import { updateRegions, withAnswer, withoutRegions, withRegions } from "./document";
import { newId } from "./id";
import type { AnnotationDoc, Command, Editor, Region, RegionId } from "./types";

/** Parts of a document: regions by id, answers by their key in `AnnotationDoc.answers`. */
export interface Parts {
  readonly regions: readonly RegionId[];
  readonly answers: readonly string[];
}

/** The open suggestions, in writing order. */
export function openSuggestions(doc: AnnotationDoc): Parts {
  return {
    regions: [...doc.regions.values()].flatMap((region) => (region.suggestion ? [region.id] : [])),
    answers: [...doc.answers].flatMap(([key, answer]) => (answer.suggestion ? [key] : [])),
  };
}

/** How many suggestions are open. */
export function countSuggestions(doc: AnnotationDoc): number {
  let count = 0;
  for (const region of doc.regions.values()) if (region.suggestion) count += 1;
  for (const answer of doc.answers.values()) if (answer.suggestion) count += 1;
  return count;
}

/** The score that stands beside an open suggestion: the item's own, else its prediction's; null when there is none. */
export function shownScore(part: Pick<Region, "suggestion">): number | null {
  return part.suggestion?.score ?? null;
}

const sizeOf = ({ regions, answers }: Parts): number => regions.length + answers.length;
const inWords = (parts: Parts): string => (sizeOf(parts) === 1 ? "suggestion" : `${sizeOf(parts)} suggestions`);

/** They stay as they are, and are the person's answer now. */
export function acceptSuggestions(editor: Editor, parts: Parts = openSuggestions(editor.doc)): void {
  editor.change(`Accept ${inWords(parts)}`, (doc) => accepted(doc, parts));
}

/** They are taken away. Read-only regions stay: they are not the person's to delete. */
export function rejectSuggestions(editor: Editor, parts: Parts = openSuggestions(editor.doc)): void {
  editor.change(`Reject ${inWords(parts)}`, (doc) => rejected(doc, parts));
}

function accepted(doc: AnnotationDoc, { regions, answers }: Parts): AnnotationDoc {
  const next = updateRegions(doc, regions, (region) => (region.suggestion ? { ...region, suggestion: null } : region));
  return answers.reduce((seen, key) => {
    const answer = seen.answers.get(key);
    return answer?.suggestion ? withAnswer(seen, key, { ...answer, suggestion: null }) : seen;
  }, next);
}

function rejected(doc: AnnotationDoc, { regions, answers }: Parts): AnnotationDoc {
  const gone = new Set(regions.filter((id) => doc.regions.get(id)?.readonly === false));
  return answers.reduce((seen, key) => withAnswer(seen, key, undefined), gone.size === 0 ? doc : withoutRegions(doc, gone));
}

/** The document with `proposal` put in where `prompts` were. Answers that are given already stay. */
export function withProposal(doc: AnnotationDoc, proposal: AnnotationDoc, prompts: ReadonlySet<RegionId>): { doc: AnnotationDoc; added: Parts } {
  const rest = withoutRegions(doc, prompts);
  const ids = new Map([...proposal.regions.keys()].map((id) => [id, rest.regions.has(id) ? newId() : id]));
  const named = (id: RegionId): RegionId => ids.get(id) ?? id;
  const regions = [...proposal.regions.values()].map((region) => ({ ...region, id: named(region.id), parentId: region.parentId === null ? null : named(region.parentId) }));
  const relations = proposal.relations.map((relation) => ({ ...relation, from: named(relation.from), to: named(relation.to) }));
  const answers = [...proposal.answers].filter(([key]) => !rest.answers.has(key));
  const next = answers.reduce((seen, [key, answer]) => withAnswer(seen, key, answer), withRegions(rest, regions));
  const added = { regions: regions.map((region) => region.id), answers: answers.map(([key]) => key) };
  return { doc: relations.length > 0 ? { ...next, relations: [...next.relations, ...relations] } : next, added };
}

// ---------------------------------------------------------------- commands

/** The next (1) or previous (-1) open suggestion after the selected region, in writing order and round; null when none is open. */
function besideSelection(editor: Editor, step: 1 | -1): RegionId | null {
  const ids = [...editor.doc.regions.keys()];
  const at = ids.findIndex((id) => editor.session.selection.has(id));
  const from = at < 0 && step < 0 ? ids.length : at;
  for (let far = 1; far <= ids.length; far += 1) {
    const id = ids[(from + step * far + ids.length * 2) % ids.length];
    if (id !== undefined && editor.doc.regions.get(id)?.suggestion) return id;
  }
  return null;
}

function selectBeside(editor: Editor, step: 1 | -1): void {
  const id = besideSelection(editor, step);
  if (id !== null) editor.select([id]);
}

/** What "this suggestion" means: the selected regions; with none selected, the answers to the whole task. */
function pointedAt(editor: Editor): Parts {
  const { selection } = editor.session;
  if (selection.size === 0) return { regions: [], answers: openSuggestions(editor.doc).answers };
  return { regions: [...selection].filter((id) => editor.doc.regions.get(id)?.suggestion), answers: [] };
}

/** Accepts or rejects what is pointed at and goes on to the next open suggestion. */
function review(editor: Editor, act: typeof acceptSuggestions): void {
  const parts = pointedAt(editor);
  const next = besideSelection(editor, 1);
  act(editor, parts);
  if (next === null || parts.regions.length === 0) return;
  editor.select(parts.regions.includes(next) ? [] : [next]);
}

const both = (key: string): Command["keys"] => ({ labelwright: [key], labelStudio: [`alt+${key}`] });
const mayChange = (editor: Editor): boolean => !editor.options.readOnly;
const group = "Suggestions";

/** Going through suggestions by key. Those about regions only where the config makes some. */
export function suggestionCommands(makesRegions: boolean): readonly Command[] {
  const isPointed = (editor: Editor) => mayChange(editor) && sizeOf(pointedAt(editor)) > 0;
  const isAny = (editor: Editor) => mayChange(editor) && countSuggestions(editor.doc) > 0;
  const isAnyRegion = (editor: Editor) => openSuggestions(editor.doc).regions.length > 0;
  const walking: readonly Command[] = [
    { id: "suggestion:next", title: "Next suggestion to check", group, keys: both("u"), enabled: isAnyRegion, run: (editor) => selectBeside(editor, 1) },
    { id: "suggestion:previous", title: "Previous suggestion to check", group, keys: both("shift+u"), enabled: isAnyRegion, run: (editor) => selectBeside(editor, -1) },
  ];
  return [
    { id: "suggestion:accept", title: "Accept suggestion", group, keys: both("y"), enabled: isPointed, run: (editor) => review(editor, acceptSuggestions) },
    { id: "suggestion:reject", title: "Reject suggestion", group, keys: both("x"), enabled: isPointed, run: (editor) => review(editor, rejectSuggestions) },
    { id: "suggestion:accept-all", title: "Accept all suggestions", group, keys: both("shift+y"), enabled: isAny, run: (editor) => acceptSuggestions(editor) },
    { id: "suggestion:reject-all", title: "Start from empty: reject all suggestions", group, keys: both("shift+x"), enabled: isAny, run: (editor) => rejectSuggestions(editor) },
    ...(makesRegions ? walking : []),
  ];
}
