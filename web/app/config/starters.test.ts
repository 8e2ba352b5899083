import { parseConfig } from "@labelwright/config";
import { expect, test } from "vitest";
import { detectColumns } from "../create/columns";
import { configFromResults } from "./fromResults";
import { fitToColumns, starters } from "./starters";

const mails = detectColumns([{ body: "A long letter about a parcel", id: 1 }]);
const photos = detectColumns([{ file: "a.jpg", caption: "A street" }]);

test.each([
  [mails, ["Text classification", "Named entities", "Summary or translation", "Rate quality"]],
  [photos, ["Object detection", "Image classification", "Image caption"]],
])("suggestions fit the data", (columns, titles) => {
  expect(starters(columns, []).map((starter) => starter.title)).toEqual(titles);
});

test("every suggestion is a config without problems that uses a column of the data", () => {
  for (const [columns, name] of [[mails, "body"], [photos, "file"]] as const) {
    for (const { config } of starters(columns, ['A "quoted" & <odd> label'])) {
      expect(parseConfig(config).problems).toEqual([]);
      expect(config).toContain(`value="$${name}"`);
    }
  }
});

test("fitToColumns points objects at columns of their kind and leaves right ones alone", () => {
  const config = '<View><Text name="t" value="$title"/><Image name="i" value="$image"/><Text name="c" value="$caption"/></View>';
  expect(fitToColumns(config, photos)).toBe('<View><Text name="t" value="$caption"/><Image name="i" value="$file"/><Text name="c" value="$caption"/></View>');
  expect(fitToColumns(config, [])).toBe(config);
});

test("configFromResults rebuilds controls, labels and objects", () => {
  const results = [
    { from_name: "kind", to_name: "text", type: "choices", value: { choices: ["Spam"] } },
    { from_name: "ner", to_name: "text", type: "labels", value: { start: 0, end: 1, labels: ["PER"] } },
    { from_name: "ner", to_name: "text", type: "labels", value: { labels: ["ORG"] } },
    { from_id: "a", to_id: "b", type: "relation" },
  ];
  const config = configFromResults(results, mails);
  expect(parseConfig(config ?? "").problems).toEqual([]);
  expect(config).toContain('<Text name="text" value="$body"/>');
  expect([...(config ?? "").matchAll(/<(?:Choice|Label) value="(\w+)"/g)].map((found) => found[1])).toEqual(["Spam", "PER", "ORG"]);
  expect(configFromResults([], mails)).toBeNull();
});
