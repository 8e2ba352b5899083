import { describe, expect, test } from "vitest";
import fixtures from "../fixtures/results.json";
import { box, comparable, open } from "./testing";
import type { AnnotationDoc, Editor, ResultItem } from "./types";

const boxes = '<View><Image name="i" value="$i"/><RectangleLabels name="l" toName="i"><Label value="Car"/><Label value="Bus" alias="b" background="red" maxUsages="1"/></RectangleLabels></View>';
const plain =
  '<View><Image name="i" value="$i"/><Rectangle name="r" toName="i"/><Labels name="l" toName="i"><Label value="Car"/></Labels><TextArea name="t" toName="i" perRegion="true" required="true" whenLabelValue="Car"/></View>';
const question = '<View><Text name="t" value="$t"/><Choices name="c" toName="t" choice="multiple"><Choice value="a" hotkey="x"/><Choice value="b"/></Choices></View>';

describe("results", () => {
  test.each(Object.entries(fixtures))("%s comes back as it went in", (_, { config, data, result }) => {
    const editor = open(config, data, { result: result as ResultItem[] });
    expect(comparable(editor.serialize())).toEqual(comparable(result as ResultItem[]));
    expect(editor.doc.orphans).toEqual([]);
  });

  test("what the config does not know is kept untouched", () => {
    const strange: ResultItem[] = [
      { id: "1", from_name: "gone", to_name: "t", type: "choices", value: { choices: ["z"] }, odd: 1 },
      { id: "2", from_name: "c", to_name: "t", type: "rating", value: { rating: 3 } },
      { from_id: "nobody", to_id: "none", type: "relation", direction: "right" },
    ];
    const editor = open(question, {}, { result: strange });
    expect(editor.doc.orphans).toEqual(strange);
    expect(editor.serialize()).toEqual(strange);
  });

  test("fields that nobody knows come back with their item", () => {
    const result: ResultItem[] = [
      { id: "a", from_name: "r", to_name: "i", type: "rectangle", value: { x: 1, y: 2, width: 3, height: 4, rotation: 0 }, score: 0.5, custom: { a: 1 }, original_width: 9 },
      { id: "a", from_name: "t", to_name: "i", type: "textarea", value: { x: 1, y: 2, width: 3, height: 4, rotation: 0, text: ["w"], seen: true }, meta: { lead_time: 3 }, original_width: 9 },
      { id: "c1", from_name: "unheard", to_name: "i", type: "choices", value: {} },
    ];
    expect(comparable(open(plain.replace(' whenLabelValue="Car"', ""), {}, { result }).serialize())).toEqual(comparable(result));
  });

  test("answers hidden by a choice are dropped, those hidden by deselecting are kept", () => {
    const editor = open(
      '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="yes" alias="y"/><Choice value="no"/></Choices>' +
        '<View visibleWhen="choice-selected" whenTagName="c" whenChoiceValue="yes"><Rating name="r" toName="t"/></View>' +
        '<View visibleWhen="region-selected"><Rating name="s" toName="t"/></View></View>',
    );
    editor.setAnswer("r", 3);
    editor.setAnswer("s", 4);
    expect(editor.serialize().map((item) => item.from_name)).toEqual(["s"]);
    editor.setAnswer("c", ["y"]);
    expect(editor.serialize().map((item) => item.from_name)).toEqual(["r", "s", "c"]);
  });

  test("touching a prediction changes its origin", () => {
    const editor = open(question, {}, { origin: "prediction", result: [{ id: "1", from_name: "c", to_name: "t", type: "choices", value: { choices: ["a"] }, score: 0.9 }] });
    expect(editor.serialize()[0]?.origin).toBe("prediction");
    editor.setAnswer("c", ["b"]);
    expect(editor.serialize()).toMatchObject([{ origin: "prediction-changed", score: 0.9, value: { choices: ["b"] } }]);
  });
});

describe("regions", () => {
  test("need a label, take the picked one and keep it in hand", () => {
    const editor = open(boxes);
    const said: string[] = [];
    editor.onNotice((message) => said.push(message));
    expect(editor.addRegion("i", box(1))).toBeNull();
    editor.pickLabel("l", "Car");
    const first = editor.addRegion("i", box(1));
    editor.select([]);
    editor.addRegion("i", box(2));
    expect([...editor.doc.regions.values()].map((region) => region.values.get("l"))).toEqual([["Car"], ["Car"]]);
    expect(editor.labelsOf(first?.id ?? "")).toEqual([{ control: "l", value: "Car", text: "Car", color: "#2563EB" }]);
    expect(said).toEqual(["Pick a label first."]);
  });

  test("a press relabels the selection; a used-up label is refused", () => {
    const editor = open(boxes);
    editor.pickLabel("l", "Car");
    const [one, two] = [editor.addRegion("i", box(1)), editor.addRegion("i", box(2))];
    editor.select([one?.id ?? ""]);
    editor.pickLabel("l", "b");
    editor.select([two?.id ?? ""]);
    editor.pickLabel("l", "b");
    expect(editor.serialize().map((item) => item.value?.rectanglelabels)).toEqual([["b"], ["Car"]]);
    expect(editor.colorOf(one?.id ?? "")).toBe("red");
  });

  test("plain shapes carry companions' labels, per-region answers follow whenLabelValue", () => {
    const editor = open(plain);
    editor.pickLabel("l", "Car");
    const region = editor.addRegion("i", box(1), { envelope: { original_width: 5 } });
    const id = region?.id ?? "";
    expect(editor.problems()).toEqual([{ control: "t", regionId: id, message: 'Car: "t" needs an answer.' }]);
    editor.setRegionValue(id, "t", ["words"]);
    expect(editor.problems()).toEqual([]);
    expect(editor.serialize().map(({ from_name, type, original_width }) => [from_name, type, original_width])).toEqual([["r", "rectangle", 5], ["l", "labels", 5], ["t", "textarea", 5]]);
    editor.pickLabel("l", "Car");
    expect(editor.controlsAskedOf(id)).toEqual([]);
    expect(editor.serialize().map((item) => item.from_name)).toEqual(["r"]);
  });

  test("deleting takes relations and ties along; locked ones stay", () => {
    const editor = open(boxes);
    editor.pickLabel("l", "Car");
    const ids = [1, 2, 3].map((x) => editor.addRegion("i", box(x))?.id ?? "");
    const [a = "", b = "", c = ""] = ids;
    editor.addRelation(a, b);
    editor.setParent(c, a);
    editor.setParent(a, c);
    editor.setLocked([b], true);
    editor.deleteRegions([a, b]);
    expect([...editor.doc.regions.keys()]).toEqual([b, c]);
    expect(editor.doc.relations).toEqual([]);
    expect(editor.doc.regions.get(c)?.parentId).toBeNull();
    expect(editor.session.selection.has(a)).toBe(false);
  });

  test("only the touched region's listeners are called", () => {
    const editor = open(boxes);
    editor.pickLabel("l", "Car");
    const [a = "", b = ""] = [1, 2].map((x) => editor.addRegion("i", box(x))?.id);
    const calls: string[] = [];
    editor.onRegion(a, () => calls.push("a"));
    editor.onRegion(b, () => calls.push("b"));
    editor.previewShape(a, box(5));
    expect(editor.shapeOf(a)).toEqual(box(5));
    editor.setShape(a, box(6));
    editor.select([a]);
    editor.previewShape(a, box(7));
    const seen: unknown[] = [];
    editor.onRegion(a, () => seen.push(editor.shapeOf(a)));
    editor.undo();
    expect(seen).toEqual([box(1)]);
    editor.redo();
    expect(calls.slice(0, 4)).toEqual(["a", "a", "b", "a"]);
    expect(editor.shapeOf(a)).toEqual(box(6));
  });

  test("linking makes the next selected region the target", () => {
    const editor = open(boxes);
    editor.pickLabel("l", "Car");
    const [a = "", b = ""] = [1, 2].map((x) => editor.addRegion("i", box(x))?.id);
    editor.startLink(b);
    editor.select([a]);
    expect(editor.doc.relations).toEqual([{ from: b, to: a, direction: "right", labels: [] }]);
    expect(editor.session.linkingFrom).toBeNull();
  });

  test("copies get ids of their own", () => {
    const editor = open(boxes);
    editor.pickLabel("l", "Car");
    const region = editor.addRegion("i", box(1));
    editor.duplicateRegions([region?.id ?? ""]);
    editor.pasteRegions(editor.serializeRegions([region?.id ?? ""]));
    expect(editor.doc.regions.size).toBe(3);
    expect(new Set(editor.serialize().map((item) => item.id)).size).toBe(3);
  });
});

describe("answers", () => {
  test("start with the config's choices, are required, and may be taken back", () => {
    const editor = open('<View><Text name="t" value="$t"/><Choices name="c" toName="t" required="true"><Choice value="a" selected="true"/></Choices><Number name="n" toName="t" max="3"/></View>');
    expect(editor.answerOf("c")).toEqual(["a"]);
    editor.setAnswer("c", []);
    editor.setAnswer("n", 5);
    expect(editor.problems()).toEqual([{ control: "c", message: '"c" needs an answer.' }, { control: "n", message: "At most 3." }]);
  });

  test("per-item answers carry the page", () => {
    const editor = open('<View><Image name="i" valueList="$is"/><Choices name="c" toName="i" perItem="true" required="true"><Choice value="ok"/></Choices></View>', { is: ["a", "b"] });
    editor.setAnswer("c", ["ok"], 1);
    expect(editor.serialize()).toMatchObject([{ item_index: 1, value: { choices: ["ok"] } }]);
    expect(editor.problems()).toEqual([{ control: "c", itemIndex: 0, message: '"c" needs an answer.' }]);
  });

  test("hidden controls are not required", () => {
    const editor = open(
      '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="yes"/></Choices><Rating name="r" toName="t" required="true" visibleWhen="choice-selected" whenTagName="c" whenChoiceValue="yes"/></View>',
    );
    expect(editor.problems()).toEqual([]);
    editor.setAnswer("c", ["yes"]);
    expect(editor.problems().map((problem) => problem.control)).toEqual(["r"]);
  });
});

describe("history", () => {
  test("typing is one entry, a transaction is one entry", () => {
    const editor = open(question);
    for (const text of ["h", "hi"]) editor.setAnswer("c", [text], null, { typing: true });
    editor.transact("both", () => {
      editor.setAnswer("c", ["a"]);
      editor.setAnswer("c", ["b"]);
    });
    editor.undo();
    expect(editor.answerOf("c")).toEqual(["hi"]);
    editor.undo();
    expect(editor.answerOf("c")).toBeUndefined();
    expect(editor.canUndo).toBe(false);
  });

  test("undo after anything is as before, redo as after", () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const editor = open(plain);
      const random = generator(seed);
      const docs: AnnotationDoc[] = [editor.doc];
      for (let step = 0; step < 25; step += 1) {
        doSomething(editor, random);
        if (editor.doc !== docs.at(-1)) docs.push(editor.doc);
      }
      for (const doc of docs.slice(0, -1).toReversed()) {
        editor.undo();
        expect(editor.doc).toBe(doc);
      }
      expect(editor.canUndo).toBe(false);
      for (const doc of docs.slice(1)) {
        editor.redo();
        expect(editor.doc).toBe(doc);
      }
      expect(comparable(open(plain, {}, { result: editor.serialize() }).serialize())).toEqual(comparable(editor.serialize()));
    }
  });

  test("read-only editors do not change", () => {
    const editor = open(question, {}, { readOnly: true });
    editor.setAnswer("c", ["a"]);
    expect(editor.serialize()).toEqual([]);
  });
});

/** Numbers in [0, 1) that are the same for the same seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function doSomething(editor: Editor, random: () => number): void {
  const ids = [...editor.doc.regions.keys()];
  const any = () => ids[Math.floor(random() * ids.length)] ?? "";
  const actions: (() => void)[] = [
    () => editor.addRegion("i", box(Math.round(random() * 90))),
    () => editor.addRegion("i", box(1)),
    () => editor.setShape(any(), box(2)),
    () => editor.pickLabel("l", "Car"),
    () => editor.setRegionValue(any(), "t", random() < 0.3 ? [] : ["w"]),
    () => editor.addRelation(any(), any()),
    () => editor.setRelation(0, { direction: "bi" }),
    () => editor.deleteRegions([any()]),
    () => editor.setParent(any(), any()),
    () => editor.transact("note", () => editor.setNotes(any(), [String(random())])),
    () => editor.duplicateRegions([any()]),
    () => editor.select([any()]),
  ];
  actions[Math.floor(random() * actions.length)]?.();
}
