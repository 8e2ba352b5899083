import { parseConfig, type ConfigNode } from "@labelwright/config";
import { flatOptions, optionsOf } from "@labelwright/config";
import { countSuggestions, createEditor } from "@labelwright/engine";
import { describe, expect, test } from "vitest";
import { chosenPaths, pressChoice } from "./choices/value";
import { inputKind, readDate, writeDate } from "./datetime/format";
import { parseMarkdown } from "./markdown/parse";
import { allTags } from "./registry";
import { readableOn, readStyle } from "./shared/css";

function control(xml: string): ConfigNode {
  const node = parseConfig(`<View><Text name="t" value="$t"/>${xml}</View>`).root.children[1];
  if (!node) throw new Error("no control");
  return node;
}

describe("choices", () => {
  const inside = '<Choice value="A" alias="a"><Choice value="A1"/></Choice><Choice value="B"/>';
  test.each<[string, string, unknown, number, unknown]>([
    ["single takes one", 'choice="single"', ["B"], 0, ["a"]],
    ["single can be taken back", 'choice="single"', ["B"], 2, undefined],
    ["a radio button cannot", 'choice="single-radio"', ["B"], 2, ["B"]],
    ["several, in the order of the config", 'choice="multiple"', ["B"], 0, ["a", "B"]],
    ["nested ones are paths", 'choice="multiple" allowNested="true"', [["B"]], 1, [["a", "A1"], ["B"]]],
    ["unknown ones are kept", 'choice="multiple"', ["old", "B"], 2, ["old"]],
    ["a bare name is read", 'choice="multiple"', "B", 0, ["a", "B"]],
  ])("%s", (_, attributes, before, index, after) => {
    const node = control(`<Choices name="c" toName="t" ${attributes}>${inside}</Choices>`);
    const options = flatOptions(optionsOf(node, {}));
    const option = options[index];
    expect(option && pressChoice(node, options, before, option)).toEqual(after);
  });
  test("a flat name finds its nested option", () => {
    const node = control(`<Choices name="c" toName="t">${inside}</Choices>`);
    expect(chosenPaths(["A1"], flatOptions(optionsOf(node, {})))).toEqual(["a/A1"]);
  });
});

describe("pressing what a model suggests", () => {
  const suggested = (xml: string, type: string, value: Record<string, unknown>) => {
    const config = parseConfig(`<View><Text name="t" value="$t"/>${xml}</View>`);
    const result = [{ id: "s", from_name: "c", to_name: "t", type, value, origin: "prediction" as const }];
    const editor = createEditor(config, { t: "" }, { tags: allTags(), result, suggestions: { score: 0.9 } });
    return { editor, after: () => [editor.answerOf("c"), editor.serialize()[0]?.origin, countSuggestions(editor.doc)] };
  };
  const two = '<Choice value="A"/><Choice value="B"/>';
  test.each<[string, string, string, Record<string, unknown>, string, unknown]>([
    ["the same choice accepts", `<Choices name="c" toName="t">${two}</Choices>`, "choices", { choices: ["A"] }, "1", [["A"], "prediction", 0]],
    ["the same radio button too", `<Choices name="c" toName="t" choice="single-radio">${two}</Choices>`, "choices", { choices: ["A"] }, "1", [["A"], "prediction", 0]],
    ["another corrects", `<Choices name="c" toName="t">${two}</Choices>`, "choices", { choices: ["A"] }, "2", [["B"], "prediction-changed", 0]],
    ["of several boxes one is unticked", `<Choices name="c" toName="t" choice="multiple">${two}</Choices>`, "choices", { choices: ["A", "B"] }, "1", [["B"], "prediction-changed", 0]],
    ["the same stars accept", '<Rating name="c" toName="t"/>', "rating", { rating: 4 }, "4", [4, "prediction", 0]],
    ["fewer stars correct", '<Rating name="c" toName="t"/>', "rating", { rating: 4 }, "3", [3, "prediction-changed", 0]],
  ])("%s", (_, xml, type, value, key, wanted) => {
    const { editor, after } = suggested(xml, type, value);
    editor.commands.handle({ key, code: "", ctrlKey: false, altKey: false, shiftKey: false, metaKey: false });
    expect(after()).toEqual(wanted);
  });
});

test.each<[string, string, string | null, string]>([
  ['only="date"', "2024-02-29", "2024-02-29", "date"],
  ['only="date,time" format="%d/%m/%Y %H:%M"', "29/02/2024 13:45", "2024-02-29T13:45", "datetime-local"],
  ['only="time"', "13:45", "13:45", "time"],
  ['only="month,year"', "2024-02", "2024-02", "month"],
  ['only="year" format="%Y"', "2024", "2024", "year"],
  ['format="%d.%m.%Y"', "yesterday", null, "date"],
  ["", "2024-02-29T10:00:00.000Z", "2024-02-29", "date"],
])("DateTime %s reads %s as %s", (attributes, stored, field, kind) => {
  const node = control(`<DateTime name="d" toName="t" ${attributes}/>`);
  expect([inputKind(node), readDate(stored, node)]).toEqual([kind, field]);
  if (field !== null && node.raw.format) expect(writeDate(field, node)).toBe(stored);
});

describe("style", () => {
  test.each<[string, object]>([
    ["display: flex; gap: 4px", { display: "flex", gap: "4px" }],
    ["BACKGROUND-COLOR:#fff;", { backgroundColor: "#fff" }],
    ["background: url(https://example.org/x.png)", {}],
    ["background: url('data:image/png;base64,AA==')", { background: "url('data:image/png;base64,AA==')" }],
    ["width: expression(alert(1)); color: red", { color: "red" }],
    ["--gap: 2px; margin-top: var(--gap)", { "--gap": "2px", marginTop: "var(--gap)" }],
    ["color:red !important", { color: "red" }],
    ["nonsense", {}],
  ])("%s", (css, expected) => expect(readStyle(css)).toEqual(expected));
  test.each<[object, string | null]>([
    [{ background: "#f6f1e7" }, "light"],
    [{ backgroundColor: "#123" }, "dark"],
    [{ background: "linear-gradient(red, blue)" }, null],
    [{}, null],
  ])("%j is read on %s", (style, expected) => expect(readableOn(style)).toBe(expected));
});

test("Markdown becomes blocks, never HTML", () => {
  const blocks = parseMarkdown("# Guide\n  Read **all** of it,\n  then `mark`.\n\n  1. one\n  2. two\n     - deep\n\n  <b>raw</b> [x](javascript:alert(1)) [ok](https://example.org)");
  expect(blocks.map((block) => block.kind)).toEqual(["heading", "paragraph", "list", "paragraph"]);
  expect(blocks[1]).toMatchObject({ children: [{ text: "Read " }, { kind: "strong" }, { text: " of it,\nthen " }, { kind: "code", text: "mark" }, { text: "." }] });
  expect(blocks[2]).toMatchObject({ ordered: true, items: [[{ kind: "paragraph" }], [{ kind: "paragraph" }, { kind: "list", ordered: false }]] });
  expect(JSON.stringify(blocks[3])).toContain("https://example.org");
  expect(JSON.stringify(blocks[3])).not.toContain("javascript:");
});
