import { expect, test } from "vitest";
import { addLabels, bindObject, colorLabel, labelGroups, moveLabel, objectBindings, removeLabel, renameLabel, setAttr } from "./edits";

const choices = `<View>
  <!-- what people say -->
  <Text name="text" value="$text"/>
  <Choices name="kind" toName="text" choice="multiple">
    <Choice value="A &amp; B"/>
    <Choice value="C" hotkey="c"/>
  </Choices>
</View>`;
const at = choices.indexOf("<Choices");

test("labelGroups reads options, colours and settings", () => {
  const [group] = labelGroups(choices);
  expect(group).toMatchObject({ tag: "Choices", name: "kind", childTag: "Choice", choice: "multiple", required: false, nested: false });
  expect(group?.labels.map(({ value, color, hotkey }) => [value, color, hotkey])).toEqual([
    ["A & B", "#2563EB", ""],
    ["C", "#D97706", "c"],
  ]);
});

test.each([
  ["renameLabel", renameLabel(choices, at, 0, 'say "hi" <b>'), '<Choice value="say &quot;hi&quot; &lt;b&gt;"/>'],
  ["colorLabel", colorLabel(choices, at, 1, "#FF0000"), '<Choice value="C" hotkey="c" background="#FF0000"/>'],
  ["addLabels", addLabels(choices, at, ["D", " C ", "", "D"]), '<Choice value="C" hotkey="c"/>\n    <Choice value="D"/>\n  </Choices>'],
  ["removeLabel", removeLabel(choices, at, 0), 'choice="multiple">\n    <Choice value="C" hotkey="c"/>\n'],
  ["moveLabel", moveLabel(choices, at, 1, -1), '<Choice value="C" hotkey="c"/>\n    <Choice value="A &amp; B"/>\n  </Choices>'],
  ["setAttr adds", setAttr(choices, at, "required", "true"), 'choice="multiple" required="true">'],
  ["setAttr removes", setAttr(choices, at, "choice", null), '<Choices name="kind" toName="text">'],
  ["bindObject", bindObject(choices, choices.indexOf("<Text"), "body"), '<Text name="text" value="$body"/>'],
])("%s changes one place and keeps the rest", (_, changed, expected) => {
  expect(changed).toContain(expected);
  expect(changed).toContain("<!-- what people say -->");
});

test("moving past the end changes nothing", () => {
  expect(moveLabel(choices, at, 1, 1)).toBe(choices);
  expect(moveLabel(choices, at, 0, -1)).toBe(choices);
});

test.each([
  ['<Labels name="l" toName="t"/>', '<Labels name="l" toName="t">\n  <Label value="X" background="#2563EB"/>\n</Labels>'],
  ['<Labels name="l" toName="t"></Labels>', '<Labels name="l" toName="t">\n  <Label value="X" background="#2563EB"/>\n</Labels>'],
  ['<Labels name="l" toName="t">\n  <Label value="P"/>\n</Labels>', '<Labels name="l" toName="t">\n  <Label value="P"/>\n  <Label value="X"/>\n</Labels>'],
])("addLabels fills %s", (xml, expected) => {
  expect(addLabels(xml, 0, ["X"])).toBe(expected);
});

test("objectBindings lists what shows data", () => {
  expect(objectBindings(choices)).toMatchObject([{ tag: "Text", name: "text", field: "text" }]);
  expect(objectBindings('<Image name="i" value="$a.b[0]"/>')[0]?.field).toBe("a.b[0]");
  expect(objectBindings('<Header value="$x"/>')).toEqual([]);
});
