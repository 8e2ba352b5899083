import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { openJournal } from "./journal";
import { box, open } from "./testing";

const config = '<View><Image name="i" value="$i"/><RectangleLabels name="l" toName="i"><Label value="Car"/></RectangleLabels><Choices name="c" toName="i"><Choice value="a"/></Choices></View>';

test("a journal brings back the document and its history", async () => {
  const journal = await openJournal("test");
  const editor = open(config);
  const stop = journal.follow(editor, "task-1");
  editor.pickLabel("l", "Car");
  const first = editor.addRegion("i", box(1));
  editor.addRegion("i", box(2));
  editor.setAnswer("c", ["a"]);
  editor.deleteRegions([first?.id ?? ""]);
  editor.undo();
  stop();
  const entry = await journal.read("task-1");
  const again = open(config);
  again.replay(entry?.steps ?? []);
  expect(again.serialize()).toEqual(editor.serialize());
  expect([...again.doc.regions.keys()]).toEqual([...editor.doc.regions.keys()]);
  again.redo();
  editor.redo();
  expect(again.serialize()).toEqual(editor.serialize());
  for (let step = 0; step < 4; step += 1) again.undo();
  expect(again.serialize()).toEqual([]);
  expect(again.canUndo).toBe(false);

  const resume = journal.follow(again, "task-1", { continues: true });
  again.redo();
  resume();
  expect((await journal.read("task-1"))?.steps).toHaveLength((entry?.steps.length ?? 0) + 1);
  expect(await journal.keys()).toEqual(["task-1"]);
  await journal.clear("task-1");
  expect(await journal.read("task-1")).toBeNull();
  await journal.close();
});
