/**
 * The label config: XML → tree of tags → the tree for one task. Reading order: types, xml, parse (attributes, lint),
 * variables, repeater, options, visibility; complete and catalogue serve the XML editor only.
 */
export type * from "./types";
export type { Completion, Completions } from "./complete";
export type { Option } from "./options";
export type { TaskData } from "./variables";
export type { VisibilityRule } from "./visibility";
export { completionsAt } from "./complete";
export { flatOptions, optionsOf } from "./options";
export { parseConfig, walk } from "./parse";
export { expand } from "./repeater";
export { commentedTask, neededFields, tagNames } from "./sample";
export { allSchemas, registerSchema, schemaOf } from "./schemas";
export { fieldOf, resolve, resolveText, variablesIn } from "./variables";
export { parseXml, type XmlAttr, type XmlElement } from "./xml";
export { labelsAskedFor, visibilityRule } from "./visibility";

/** Every tag's schema with its prose (attribute forms, help), by canonical name. */
export async function loadCatalogue(): Promise<ReadonlyMap<string, import("./types").TagSchema>> {
  return (await import("./catalogue")).catalogue;
}
