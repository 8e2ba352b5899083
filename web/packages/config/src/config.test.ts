import { describe, expect, test } from "vitest";
import { catalogue } from "./catalogue";
import { completions } from "./complete";
import { commentedTask, expand, fieldOf, flatOptions, neededFields, optionsOf, parseConfig, resolve, schemaOf } from "./index";

const errors = (source: string) => parseConfig(source).problems.map(({ severity, message, place }) => `${severity[0]} ${place.line}:${place.column} ${message}`);

test("names are case-insensitive and attributes typed", () => {
  const { root } = parseConfig('<view><TEXT Name="t" VALUE="$text"/><choices name="c" TONAME="t" showinline="TRUE"><Choice value="true"/></choices></view>');
  const [text, choices] = root.children;
  expect([root.tag, text?.tag, choices?.tag]).toEqual(["View", "Text", "Choices"]);
  expect(choices?.attrs.showinline).toBe(true);
  expect(choices?.attrs.choice).toBe("single");
  expect(choices?.toName).toEqual(["t"]);
  expect(choices?.children[0]?.attrs.value).toBe("true");
});

test("every example of the schemas is without errors", () => {
  const broken = [...catalogue.values()].flatMap((schema) =>
    parseConfig(schema.example).problems.filter((problem) => problem.severity === "error").map((problem) => `${schema.name}: ${problem.message}`),
  );
  expect(broken).toEqual([]);
});

test.each([
  ["", ["e 1:1 The config is empty"]],
  ["<View>\n  <Text name='a' value='$t'/>", ["e 1:1 <View> is never closed"]],
  ["<View>\n <Header value='a & b'/></View>", ['e 2:19 A bare "&" is not allowed in XML'.replace("2:19", "2:19")]],
  ["<View><Text name='t' value='$t'></View>", ["e 1:7 <Text> is never closed"]],
  ["<View><Txt name='t' value='$t'/></View>", ["w 1:7 There is no tag <Txt>"]],
  ["<View><Text name='t' value='$t'/><Text name='t' value='$t'/></View>", ['e 1:40 name="t" is also the name of <Text> in line 1']],
  ["<View><Text name='t' value='$t'/><Rating name='r' toName='x'/></View>", ['e 1:51 toName="x" names no tag']],
  ["<View><Text name='t' value='$t'/><RectangleLabels name='r' toName='t'><Label value='a'/></RectangleLabels></View>", ["w 1:60 RectangleLabels does not work on Text"]],
  ["<View><Text name='t' value='$t'/><Rating name='r' toName='t' maxRating='x' foo='1'/></View>", ['w 1:62 maxRating="x" should be a whole number of at least 1', 'w 1:76 Rating has no attribute "foo"; it is ignored']],
  ["<View><Text name='t' value='$t'/><Choices name='c' toName='t'><Choice value='a' hotkey='1'/><Choice value='a'/></Choices></View>", ['w 1:93 "a" is there twice in c']],
  ["<View><Text value='$t'/><Choices name='c' toName='t'/></View>", ["e 1:7 <Text> needs name", "e 1:25 <Choices> needs <Choice> inside", 'e 1:43 toName="t" names no tag']],
  ["<View>hello<Image name='i'/><Rating name='r' toName='i' perRegion='true'/></View>", ['w 1:1 The text "hello" inside <View> is not shown', "e 1:12 <Image> needs value", "w 1:57 perRegion asks about regions, but nothing here makes any"]],
  ["<View><Text name='t' value='$t'/></View><View/>", ["e 1:41 Only one tag may stand at the top"]],
  ["<View><Text name='t' value='$t'/>\n<Header value='<b>'/></View>", ['e 2:16 "<" is not allowed in the value of value']],
])("%j is reported", (source, expected) => {
  expect(errors(source)).toEqual(expected);
});

test("a broken document never throws and keeps what can be read", () => {
  const source = catalogue.get("RectangleLabels")?.example ?? "";
  for (let end = 0; end <= source.length; end += 1) parseConfig(source.slice(0, end));
  expect(parseConfig(source.slice(0, -20)).byName.has("box")).toBe(true);
});

describe("$fields", () => {
  const data = { a: { b: [{ c: 5 }] }, name: "Ann", list: [1], "x.y": "dotted", n: 0 };
  test.each<[string, unknown]>([
    ["$a.b[0].c", 5],
    ["$name", "Ann"],
    ["Hello $name.", "Hello Ann."],
    ["$list", [1]],
    ["$nothing", ""],
    ["[$nothing]", "[]"],
    ["$x.y", "dotted"],
    ["$n", 0],
    ["plain", "plain"],
  ])("%s", (text, expected) => {
    expect(resolve(text, data)).toEqual(expected);
  });
  test("an unnamed field answers for every name", () => expect(fieldOf({ $undefined$: "x" }, "text")).toBe("x"));
});

test("a Repeater becomes one View per element", () => {
  const config = parseConfig('<View><Repeater on="$utts" indexFlag="{{idx}}"><Text name="t_{{idx}}" value="$utts[{{idx}}].text"/><Choices name="c_{{idx}}" toName="t_{{idx}}"><Choice value="yes"/></Choices></Repeater></View>');
  const expanded = expand(config, { utts: [{ text: "one" }, { text: "two" }] });
  expect([...expanded.byName.keys()]).toEqual(["t_0", "c_0", "t_1", "c_1"]);
  expect(expanded.byName.get("t_1")?.attrs.value).toBe("$utts[1].text");
  expect(config.problems).toEqual([]);
});

test("options carry aliases, paths and what the task brings", () => {
  const config = parseConfig('<View><Text name="t" value="$t"/><Choices name="c" toName="t" value="$more"><View><Choice value="A" alias="a"><Choice value="A1"/></Choice></View></Choices></View>');
  const node = config.byName.get("c");
  const options = node ? flatOptions(optionsOf(node, { more: ["B", { value: "C", hotkey: "x" }] })) : [];
  expect(options.map((option) => option.path.join("/"))).toEqual(["a", "a/A1", "B", "C"]);
  expect(options[3]?.hotkey).toBe("x");
});

test("indexes and needed fields", () => {
  const config = parseConfig('<View><!-- {"data": {"text": "hi"}} --><Labels name="l" toName="t"><Label value="A"/></Labels><Text name="t" value="$text"/></View>');
  expect(config.makesRegions).toBe(true);
  expect(config.controlsOf("t").map((node) => node.name)).toEqual(["l"]);
  expect(neededFields(config)).toEqual(["text"]);
  expect(commentedTask(config)).toEqual({ text: "hi" });
});

test("schemas have no prose at run time", () => {
  expect(schemaOf("CHOICES")?.attributes.showinline).toEqual({ name: "showInline", type: "boolean", default: false });
});

test.each([
  ["<View><Te|", "Text"],
  ["<View><Choices name='c' toName='t'><|", "Choice"],
  ["<View><Choices sho|", "showInline"],
  ["<View><Text name='words' value='$t'/><Choices toName='|", "words"],
  ["<View><Choices choice=\"|", "single-radio"],
  ["<View><Text value=\"|", "$body"],
  ["<View></|", "</View>"],
])("%s offers %s", (source, expected) => {
  const found = completions(source.replace("|", ""), source.indexOf("|"), [...catalogue.values()], ["body"]);
  expect(found?.options.map((option) => option.label)).toContain(expected);
});
