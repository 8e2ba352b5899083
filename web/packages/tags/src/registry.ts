/** Every tag the editor can show: one line per record. A new tag = its folder + one import + one line. */
import type { ShapeDef } from "@labelwright/engine";
import type { TagDef, TagView } from "./define";
import { labels } from "./labels";

const tags: readonly TagDef[] = [
  labels,
];

const byName = new Map<string, TagDef>();

/** Add a tag from outside (a plug-in). The last one given for a name wins. */
export function registerTag(tag: TagDef): void {
  for (const name of tag.names) byName.set(name.toLowerCase(), tag);
}

tags.forEach(registerTag);

/** The record of a tag (any spelling of its name), or undefined when it is not built: its results are kept all the same. */
export function tagFor(name: string): TagDef | undefined {
  return byName.get(name.toLowerCase());
}

/** All shapes that can be read and drawn; given to `createEditor`. */
export function allShapes(): readonly ShapeDef[] {
  return [...new Set([...byName.values()].flatMap((tag) => tag.shapes ?? []))];
}

const loaded = new Map<TagDef, TagView>();

/** Load the views of these tags, so that the first paint has no gaps. A view that fails to load is left out. */
export async function loadViews(names: Iterable<string>): Promise<void> {
  const wanted = new Set([...names].map(tagFor).filter((tag) => tag !== undefined));
  await Promise.allSettled(
    [...wanted].map(async (tag) => {
      if (tag.view !== null && !loaded.has(tag)) loaded.set(tag, (await tag.view()).default);
    }),
  );
}

/** The view of a tag once loaded, else undefined. */
export function viewFor(name: string): TagView | undefined {
  const tag = tagFor(name);
  return tag && loaded.get(tag);
}
