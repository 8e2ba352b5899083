import { parseConfig } from "@labelwright/config";
import { createEditor, type ResultItem } from "@labelwright/engine";
import { allTags } from "@labelwright/tags";
import { expect, test } from "vitest";
import fixtures from "../../engine/fixtures/results.json";
import { arrange, perRegionGroups } from "./arrange";

const rounded = (value: unknown): unknown => {
  if (typeof value === "number") return Math.round(value * 1e9) / 1e9;
  if (Array.isArray(value)) return value.map(rounded);
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, rounded(each)])) : value;
};
const comparable = (items: readonly ResultItem[]) => items.map(({ origin: _, ...item }) => rounded(item));

test.each(Object.entries(fixtures))("%s comes back as it went in, with the tags as they are built", (_, { config, data, result }) => {
  const editor = createEditor(parseConfig(config), data, { tags: allTags(), result: result as ResultItem[] });
  expect(comparable(editor.serialize())).toEqual(comparable(result as ResultItem[]));
  expect(editor.doc.orphans).toEqual([]);
});

const tagsOf = (nodes: readonly { tag: string; name: string; raw: Readonly<Record<string, string>> }[]) => nodes.map((node) => node.name || node.raw.value || node.tag);

test.each<[string, string, { kind: string; labels: string[]; main: string[]; forms: string[] }]>([
  [
    "labels first, forms beside, headings with what follows",
    '<View><Header value="Read"/><Text name="t" value="$t"/><Header value="Choose"/><Choices name="c" toName="t"><Choice value="a"/></Choices><Labels name="l" toName="t"><Label value="x"/></Labels></View>',
    { kind: "columns", labels: ["l"], main: ["Read", "t"], forms: ["Choose", "c"] },
  ],
  [
    "a layout of its own stays",
    '<View style="display:flex"><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="a"/></Choices></View>',
    { kind: "flow", labels: [], main: ["View"], forms: [] },
  ],
  [
    "a View with an object in it is one piece",
    '<View><View style="display:flex"><Text name="t" value="$t"/><Rating name="r" toName="t"/></View><Rating name="q" toName="t"/></View>',
    { kind: "columns", labels: [], main: ["View"], forms: ["q"] },
  ],
  [
    "what compares objects stays with them",
    '<View><Pairwise name="p" toName="a,b"/><Text name="a" value="$a"/><Text name="b" value="$b"/></View>',
    { kind: "columns", labels: [], main: ["p", "a", "b"], forms: [] },
  ],
])("%s", (_, config, expected) => {
  const { root } = parseConfig(config);
  const { kind, labels, main, forms } = arrange(root, new Set());
  expect({ kind, labels: tagsOf(labels), main: tagsOf(main), forms: tagsOf(forms) }).toEqual(expected);
});

test("per-region questions go to the panel with their headings and boxes", () => {
  const { root } = parseConfig(
    '<View><Image name="i" value="$i"/><Rectangle name="r" toName="i"/><Header value="Says"/><TextArea name="t" toName="i" perRegion="true"/><View><Header value="Kind"/><Choices name="c" toName="i" perRegion="true"><Choice value="a"/></Choices></View><Rating name="q" toName="i"/></View>',
  );
  expect(tagsOf(perRegionGroups(root))).toEqual(["Says", "t", "View"]);
});
