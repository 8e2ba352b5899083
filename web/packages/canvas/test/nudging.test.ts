import { expect, test } from "vitest";
import { Nudger, rotateBy } from "@labelwright/canvas";
import { Driver, stored } from "./driver";

const keys = (key: string, how: { shiftKey?: boolean; altKey?: boolean } = {}) => ({ key, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...how });

function one(rotation = 0) {
  const editor = new Driver([stored("a", 100, 100, 100, 60)]);
  editor.stage.setViewport(rotateBy(editor.stage.viewport, rotation / 90));
  editor.editor.select(["a"]);
  return { editor, nudger: new Nudger(editor.stage) };
}

test.each([
  ["ArrowRight", {}, [101, 100, 100, 60, 0]],
  ["ArrowUp", { shiftKey: true }, [100, 90, 100, 60, 0]],
  ["ArrowRight", { altKey: true }, [100, 100, 101, 60, 0]],
  ["ArrowUp", { altKey: true, shiftKey: true }, [100, 100, 100, 50, 0]],
] as const)("%s %o", (key, how, box) => {
  const { editor, nudger } = one();
  expect(nudger.keyDown(keys(key, how))).toBe(true);
  nudger.commit();
  expect(editor.boxes()).toEqual([box]);
});

test("many presses before the key is let go are one undo entry", () => {
  const { editor, nudger } = one();
  for (let i = 0; i < 30; i++) nudger.keyDown(keys("ArrowRight"));
  nudger.commit();
  expect(editor.boxes()).toEqual([[130, 100, 100, 60, 0]]);
  editor.editor.undo();
  expect(editor.boxes()).toEqual([[100, 100, 100, 60, 0]]);
});

test("on a turned view an arrow goes where it points on the screen", () => {
  const { editor, nudger } = one(90);
  nudger.keyDown(keys("ArrowRight"));
  nudger.commit();
  expect(editor.boxes()).toEqual([[100, 99, 100, 60, 0]]);
});

test("nothing selected: the arrows are left to the page", () => {
  const { editor, nudger } = one();
  editor.editor.select([]);
  expect(nudger.keyDown(keys("ArrowRight"))).toBe(false);
});
