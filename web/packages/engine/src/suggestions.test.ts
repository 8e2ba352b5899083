import { describe, expect, test } from "vitest";
import { acceptSuggestions, countSuggestions, openSuggestions, rejectSuggestions, shownScore } from "./suggestions";
import { box, open } from "./testing";
import type { Editor, KeyPress, ResultItem } from "./types";

const CONFIG = `<View><Image name="i" value="$i"/>
  <RectangleLabels name="l" toName="i"><Label value="Car"/><Label value="Person"/></RectangleLabels>
  <Choices name="c" toName="i"><Choice value="day"/><Choice value="night"/></Choices></View>`;

const boxItem = (id: string, x: number, more: Partial<ResultItem> = {}): ResultItem => ({
  id, from_name: "l", to_name: "i", type: "rectanglelabels", value: { x, y: 0, width: 10, height: 10, rotation: 0, rectanglelabels: ["Car"] }, origin: "prediction", ...more,
});
const choiceItem: ResultItem = { id: "q", from_name: "c", to_name: "i", type: "choices", value: { choices: ["day"] }, origin: "prediction" };

const suggested = (result: ResultItem[] = [boxItem("a", 1, { score: 0.4 }), boxItem("b", 20), boxItem("d", 40), choiceItem]): Editor =>
  open(CONFIG, { i: "x.png" }, { result, suggestions: { score: 0.9 } });
const press = (key: string, shiftKey = false): KeyPress => ({ key, code: "", ctrlKey: false, altKey: false, shiftKey, metaKey: false });
const origins = (editor: Editor) => Object.fromEntries(editor.serialize().map((item) => [item.id, item.origin]));

test("what a model proposed is open until it is accepted; its own score counts before its prediction's", () => {
  const editor = suggested();
  expect(openSuggestions(editor.doc)).toEqual({ regions: ["a", "b", "d"], answers: ["c"] });
  expect([...editor.doc.regions.values()].map(shownScore)).toEqual([0.4, 0.9, 0.9]);
  expect(editor.serialize().map((item) => item.score)).toEqual([0.4, undefined, undefined, undefined]);
});

test("without the option nothing is open: a stored answer was accepted long ago", () => {
  expect(countSuggestions(open(CONFIG, {}, { result: [boxItem("a", 1)] }).doc)).toBe(0);
});

test("accepted: solid, still the model's, and undo brings the suggestion back", () => {
  const editor = suggested();
  acceptSuggestions(editor);
  expect(countSuggestions(editor.doc)).toBe(0);
  expect(origins(editor)).toEqual({ a: "prediction", b: "prediction", d: "prediction", q: "prediction" });
  editor.undo();
  expect(countSuggestions(editor.doc)).toBe(4);
});

test("rejected: gone, in one step", () => {
  const editor = suggested();
  rejectSuggestions(editor);
  expect(editor.serialize()).toEqual([]);
  editor.undo();
  expect(editor.serialize().length).toBe(4);
  expect(editor.canUndo).toBe(false);
});

test("a read-only region is not rejected", () => {
  const editor = suggested([boxItem("a", 1, { readonly: true }), boxItem("b", 20)]);
  rejectSuggestions(editor);
  expect([...editor.doc.regions.keys()]).toEqual(["a"]);
});

describe("an edit corrects", () => {
  test.each<[string, (editor: Editor) => void, string]>([
    ["moving", (editor) => editor.setShape("a", box(5)), "a"],
    ["relabelling", (editor) => (editor.select(["a"]), editor.pickLabel("l", "Person")), "a"],
    ["choosing another", (editor) => editor.setAnswer("c", ["night"]), "q"],
  ])("%s", (_, edit, id) => {
    const editor = suggested();
    edit(editor);
    expect(origins(editor)[id]).toBe("prediction-changed");
    expect(countSuggestions(editor.doc)).toBe(3);
    editor.undo();
    expect([origins(editor)[id], countSuggestions(editor.doc)]).toEqual(["prediction", 4]);
  });

  test("what is drawn beside is the person's own", () => {
    const editor = suggested();
    editor.pickLabel("l", "Car");
    const own = editor.addRegion("i", box(70));
    expect([own?.suggestion, own && origins(editor)[own.id]]).toEqual([null, "manual"]);
  });

  test("an answer set to what it is stays a suggestion", () => {
    const editor = suggested();
    editor.setAnswer("c", ["day"]);
    expect([origins(editor).q, countSuggestions(editor.doc)]).toEqual(["prediction", 4]);
  });
});

describe("by key", () => {
  const open_ = (editor: Editor) => openSuggestions(editor.doc).regions;
  const selected = (editor: Editor) => [...editor.session.selection];

  test("u walks, y accepts and x rejects, each going on to the next", () => {
    const editor = suggested();
    editor.commands.handle(press("u"));
    expect(selected(editor)).toEqual(["a"]);
    editor.commands.handle(press("y"));
    expect([open_(editor), selected(editor)]).toEqual([["b", "d"], ["b"]]);
    editor.commands.handle(press("x"));
    expect([open_(editor), selected(editor), [...editor.doc.regions.keys()]]).toEqual([["d"], ["d"], ["a", "d"]]);
    editor.commands.handle(press("y"));
    expect([open_(editor), selected(editor)]).toEqual([[], []]);
    expect(editor.commands.handle(press("u"))).toBe(false);
  });

  test("with nothing selected y means the answers to the whole task", () => {
    const editor = suggested();
    editor.commands.handle(press("y"));
    expect(openSuggestions(editor.doc)).toEqual({ regions: ["a", "b", "d"], answers: [] });
  });

  test("all at once", () => {
    const editor = suggested();
    editor.commands.handle(press("Y", true));
    expect(countSuggestions(editor.doc)).toBe(0);
    editor.undo();
    editor.commands.handle(press("X", true));
    expect(editor.serialize()).toEqual([]);
  });

  test("shift+u walks back and round", () => {
    const editor = suggested();
    editor.commands.handle(press("U", true));
    expect(selected(editor)).toEqual(["d"]);
  });

  test("nothing to do where nothing is open, nor in a read-only answer", () => {
    const stored = open(CONFIG, {}, { result: [boxItem("a", 1)] });
    const foreign = open(CONFIG, {}, { result: [boxItem("a", 1)], suggestions: { score: null }, readOnly: true });
    for (const editor of [stored, foreign]) expect(["y", "x"].map((key) => editor.commands.handle(press(key)))).toEqual([false, false]);
  });

  test("no key has two meanings", () => expect([...suggested().commands.conflicts()]).toEqual([]));
});

describe("a model that is asked with a prompt", () => {
  const prompted = () => {
    const editor = open(CONFIG, { i: "x.png" });
    editor.pickLabel("l", "Car");
    const prompt = editor.addRegion("i", box(30));
    if (!prompt) throw new Error("no region");
    return { editor, prompt: prompt.id };
  };

  test("its regions take the prompt's place, in one step that undo takes back", () => {
    const { editor, prompt } = prompted();
    const given = editor.suggest([boxItem(prompt, 31, { origin: "manual" }), boxItem("n", 50)], { score: 0.7, prompts: [prompt] });
    expect([given, openSuggestions(editor.doc).regions]).toEqual([{ added: 2, unfit: 0 }, [prompt, "n"]]);
    expect(editor.serialize().map((item) => item.origin)).toEqual(["prediction", "prediction"]);
    editor.undo();
    expect(editor.serialize()).toMatchObject([{ id: prompt, origin: "manual", value: { x: 30 } }]);
  });

  test("an id that is taken becomes another, with what hangs on it", () => {
    const { editor, prompt } = prompted();
    editor.suggest([boxItem("n", 50)]);
    editor.suggest([boxItem("n", 60), boxItem("m", 70, { parentID: "n" }), { type: "relation", from_id: "n", to_id: "m", direction: "right" }], { prompts: [prompt] });
    const regions = [...editor.doc.regions.values()];
    expect(regions.length).toBe(3);
    expect(regions.map((region) => region.parentId)).toEqual([null, null, regions[1]?.id]);
    expect(editor.doc.relations).toMatchObject([{ from: regions[1]?.id, to: "m" }]);
  });

  test("what does not fit is counted, answers that are given stay", () => {
    const { editor } = prompted();
    editor.setAnswer("c", ["night"]);
    expect(editor.suggest([choiceItem, { ...choiceItem, from_name: "nobody" }])).toEqual({ added: 0, unfit: 1 });
    expect(editor.answerOf("c")).toEqual(["night"]);
  });
});
