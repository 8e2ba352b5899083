import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

type Json = Record<string, unknown>;

/** Loads `tags/x.json?facts` as the schema without prose, attribute names lower-cased: what `TagFacts` says. */
export function tagFacts(): Plugin {
  return {
    name: "labelwright-tag-facts",
    enforce: "pre",
    load(id) {
      if (!id.endsWith(".json?facts")) return null;
      const path = id.slice(0, -"?facts".length);
      this.addWatchFile(path);
      const facts = factsOf(JSON.parse(readFileSync(path, "utf8")) as Json);
      return { code: `export default ${JSON.stringify(facts)}`, moduleType: "js", map: null };
    },
  };
}

function factsOf({ name, aliases, kind, children, accepts, regions, content, attributes, result }: Json): Json {
  const { type, valueKey } = (result ?? {}) as Json;
  return {
    name,
    aliases,
    kind,
    children,
    accepts,
    regions,
    content,
    result: result && { type, valueKey },
    attributes: Object.fromEntries(
      Object.entries(attributes as Record<string, Json>).map(([key, { doc: _, ...facts }]) => [key.toLowerCase(), { name: key, ...facts }]),
    ),
  };
}
