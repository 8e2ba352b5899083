/**
 * The editor's core: one open annotation, its history, commands and keys. No DOM, no React. Reading order: types, document,
 * rules, read and write, suggestions, visibility, labels, problems, editor; commands, keys and registry; journal.
 */
export type * from "./types";
export { optionCommandId } from "./commands";
export { answerKey, emptyDoc } from "./document";
export { createEditor } from "./editor";
export { defaultOptions, type CreateOptions } from "./options";
export { isEmpty, isEqual } from "./equal";
export { newId } from "./id";
export { comboId, combosOf, parseCombo } from "./keys";
export { labelPalette, unknownColor } from "./palette";
export { openJournal, type Journal, type JournalEntry } from "./journal";
export { focusKind } from "./registry";
export { acceptSuggestions, countSuggestions, openSuggestions, rejectSuggestions, shownScore, type Parts } from "./suggestions";
export { leaves } from "./visibility";
