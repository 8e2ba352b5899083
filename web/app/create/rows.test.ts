import { describe, expect, test } from "vitest";
import { guessFormat, leadingItems, readRows, splitCsv, tableFormat, type TableFormat } from "./rows";

test.each<[string, TableFormat | null]>([
  ["mails.CSV", "csv"],
  ["a.b.json", "json"],
  ["a.ndjson", "jsonl"],
  ["photo.png", null],
  ["none", null],
])("tableFormat(%s) = %s", (name, format) => {
  expect(tableFormat(name)).toBe(format);
});

test.each<[string, TableFormat]>([
  ['[{"text": "a"}]', "json"],
  ['{"text": "a"}\n{"text": "b"}', "jsonl"],
  ['{"text": "a"}', "json"],
  ["text,label\nhello,a", "csv"],
  ["text\tlabel\nhello\ta", "tsv"],
  ["A sentence, and more.\nAnother, too.", "txt"],
  ["Hello, you\nworld", "txt"],
])("guessFormat(%j) = %s", (text, format) => {
  expect(guessFormat(text)).toBe(format);
});

test.each<[string, TableFormat, object[]]>([
  ['[{"text":"a"},{"data":{"text":"b"}}]', "json", [{ text: "a" }, { text: "b" }]],
  ['{"text":"a"}', "json", [{ text: "a" }]],
  ['\uFEFF{"text":"a"}\r\n\r\n{"text":"b"}\n', "jsonl", [{ text: "a" }, { text: "b" }]],
  ["text;n\na,b;1\n", "csv", [{ text: "a,b", n: 1 }]],
  ["text\tn\na\t01\n", "tsv", [{ text: "a", n: "01" }]],
  ["one\n\ntwo\n", "txt", [{ text: "one" }, { text: "two" }]],
])("readRows(%j, %s)", (text, format, rows) => {
  expect(readRows(text, format)).toMatchObject({ rows, total: rows.length, problems: [] });
});

test.each<[string, TableFormat, string]>([
  ["[1]", "json", "is a number"],
  ["[[]]", "json", "is a list"],
  ["{", "json", "not valid JSON"],
  ["[]", "json", "The list is empty."],
  ['{"a":1}\nno', "jsonl", "is not valid JSON"],
  ["a,b\n1,2,3", "csv", "has 3 cells, the header 2"],
  ["a,b\n", "csv", "no row below the header"],
  ["\n", "txt", "empty"],
])("readRows(%j, %s) says what is wrong", (text, format, message) => {
  expect(readRows(text, format).problems[0]?.message).toContain(message);
});

describe("the beginning of a file", () => {
  test("drops the item that is cut off", () => {
    expect(leadingItems('[{"a":"]}"},{"b":[1]},{"c":', 9)).toEqual([{ a: "]}" }, { b: [1] }]);
    expect(readRows('a\n1\n2\n3', "csv", false)).toMatchObject({ rows: [{ a: 1 }, { a: 2 }], total: null });
  });
});

test("results of annotations and predictions come along", () => {
  const text = JSON.stringify([{ data: { text: "a" }, annotations: [{ result: [{ type: "choices" }] }], predictions: [{ result: [{ type: "rating" }] }] }]);
  expect(readRows(text, "json").results).toEqual([{ type: "choices" }, { type: "rating" }]);
});

test("splitCsv reads quotes", () => {
  expect(splitCsv('a,"b ""c"", d"\r\n"line\nend",', ",")).toEqual([
    ["a", 'b "c", d'],
    ["line\nend", ""],
  ]);
});
