/** Every tag the editor can show: one line per record. A new tag = its folder + one import + one line. */
import type { TagDef, TagView } from "./define";
import { choices } from "./choices";
import { collapse, panel } from "./collapse";
import { datetime } from "./datetime";
import { filter } from "./filter";
import { header } from "./header";
import { image } from "./image";
import { labels } from "./labels";
import { markdown } from "./markdown";
import { number } from "./number";
import { pairwise } from "./pairwise";
import { rating } from "./rating";
import { rectangle, rectangleLabels } from "./rectangle";
import { relations } from "./relations";
import { repeater } from "./repeater";
import { style } from "./style";
import { taxonomy } from "./taxonomy";
import { text } from "./text";
import { textarea } from "./textarea";
import { view } from "./view";

const tags: readonly TagDef[] = [
  choices,
  collapse,
  panel,
  datetime,
  filter,
  header,
  image,
  labels,
  markdown,
  number,
  pairwise,
  rating,
  rectangle,
  rectangleLabels,
  relations,
  repeater,
  style,
  taxonomy,
  text,
  textarea,
  view,
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

/** Every record; given to `createEditor` as `tags`. */
export function allTags(): readonly TagDef[] {
  return [...new Set(byName.values())];
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
