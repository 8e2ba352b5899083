import { expect, test } from "vitest";
import type { ControlInfo, ResultItem } from "../api/models";
import { labelsOfPrediction, scoreText, shownOf, wordsOf } from "./content";
import type { SkimTask } from "./skimQuery";

const control = (type: string, object: string, input: string, field: string): ControlInfo => ({ type, to_name: [object], inputs: [{ type: input, value: field }], labels: [] });
const task = (data: SkimTask["data"], result: readonly ResultItem[]): SkimTask => ({
  id: 1, inner_id: 1, data, is_cut: false, prediction: { id: 1, score: 0.5, model_version: "m", result },
});
const box = { to_name: "image", type: "rectanglelabels", value: { x: 10, y: 20, width: 30, height: 40, rectanglelabels: ["Cat"] } };

test("a picture with what is drawn on it, and the text beside it", () => {
  const controls = { box: control("RectangleLabels", "image", "Image", "image"), mood: control("Choices", "text", "Text", "meta.words") };
  const choice = { to_name: "text", type: "choices", value: { choices: ["Good"] } };
  expect(shownOf(controls, task({ image: "/a.png", meta: { words: "hello" } }, [choice, box]))).toEqual([
    { is: "image", url: "/a.png", figures: [{ is: "box", label: "Cat", x: 10, y: 20, width: 30, height: 40, rotation: 0 }] },
    { is: "text", text: "hello", spans: [] },
  ]);
});

test.each<[string, Record<string, unknown>, string[]]>([
  ["polygonlabels", { points: [[1, 2], [3, 4], [5, 6]] }, ["polygon"]],
  ["ellipselabels", { x: 1, y: 2, radiusX: 3, radiusY: 4 }, ["ellipse"]],
  ["keypointlabels", { x: 1, y: 2, width: 0.5 }, ["point"]],
  ["brushlabels", { format: "rle", rle: [1, 2] }, []],
  ["polygonlabels", { points: [[1, "x"], [2, 3]] }, []],
  ["rectanglelabels", { x: "left" }, []],
])("%s %j is drawn as %j", (type, value, kinds) => {
  const [shown] = shownOf({ c: control("X", "image", "Image", "image") }, task({ image: ["/p1.png"] }, [{ to_name: "image", type, value }]));
  expect(shown?.is === "image" && shown.figures.map((figure) => figure.is)).toEqual(kinds);
});

test("what has no thumbnail says what it is", () => {
  expect(shownOf({ c: control("Choices", "audio", "Audio", "url") }, task({ url: "/a.wav" }, []))).toEqual([{ is: "other", kind: "Audio", text: "/a.wav" }]);
  expect(shownOf({ c: control("Choices", "text", "Text", "text") }, task({}, []))).toEqual([{ is: "text", text: "", spans: [] }]);
});

test("labels are counted, words are found, scores are not rounded up", () => {
  expect(labelsOfPrediction([box, box, { type: "rating", value: { rating: 4 } }], new Map([["Cat", "red"]]))).toEqual([
    { text: "Cat", count: 2, color: "red" },
    { text: "4 ★", count: 1, color: null },
  ]);
  expect(wordsOf([{ type: "textarea", value: { text: ["hello"] } }])).toBe("hello");
  expect([null, 0.999, 1, 0, 12.3456].map(scoreText)).toEqual(["no score", "99 %", "100 %", "0 %", "12.3"]);
});
