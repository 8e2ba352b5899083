/**
 * What the editor must know about every tag at run time: `TagSchema` without its prose. The files are
 * src/labelwright/labelconfig/tags/*.json, one source for the server, the docs and us; `?facts` (vite-facts.ts) leaves the
 * prose out of the labeling screen. With the prose: `catalogue.ts`.
 */
import type { TagFacts } from "./types";

const files = import.meta.glob<TagFacts>("@schemas/*.json", { query: "?facts", eager: true, import: "default" });

const byName = new Map<string, TagFacts>();

/** Make a tag known (a plug-in's, or a test's). */
export function registerSchema(schema: TagFacts): void {
  for (const name of [schema.name, ...(schema.aliases ?? [])]) byName.set(name.toLowerCase(), schema);
}

Object.values(files).forEach(registerSchema);

/** Facts of a tag by any spelling or alias of its name. */
export function schemaOf(name: string): TagFacts | undefined {
  return byName.get(name.toLowerCase());
}

/** All known tags, by their canonical names. */
export function allSchemas(): readonly TagFacts[] {
  return [...new Set(byName.values())];
}
