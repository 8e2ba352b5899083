/** All schemas with their prose. Big: load it with `loadCatalogue()`, so that it stays out of the labeling screen. */
import type { TagSchema } from "./types";

const files = import.meta.glob<TagSchema>("@schemas/*.json", { eager: true, import: "default" });

export const catalogue: ReadonlyMap<string, TagSchema> = new Map(Object.values(files).map((schema) => [schema.name, schema]));
