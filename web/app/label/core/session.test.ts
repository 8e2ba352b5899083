import "fake-indexeddb/auto";
import { describe, expect, test } from "vitest";
import { openClaims } from "./claims";
import { openShelf } from "./shelf";
import { openAnswer, progressOf, submitKind, titleOf } from "./sessionState";
import { choice, visit } from "./testing/driver";
import { fakeServer } from "./testing/fakeServer";
import { fakeStorage } from "./testing/fakeStorage";

let names = 0;
const newShelf = () => openShelf(`session-${(names += 1)}`);
const said = (result: readonly { value?: Record<string, unknown> }[] | undefined) => (result?.[0]?.value?.choices as string[] | undefined)?.[0] ?? "";

describe("the server's queue", () => {
  test("labels task after task, each next one fetched ahead", async () => {
    const server = fakeServer(4);
    const it = await visit(server);
    const seen = [];
    for (const value of ["Good", "Bad", "Good", "Bad"]) {
      seen.push(it.shown());
      it.pick(value);
      await it.submit();
    }
    expect(seen).toEqual(["text 1", "text 2", "text 3", "text 4"]);
    expect(it.shown()).toBe("empty: finished");
    expect(server.annotations.map((row) => [row.task, said(row.result)])).toEqual([[1, "Good"], [2, "Bad"], [3, "Good"], [4, "Bad"]]);
    it.leave();
  });

  test("the next task is on the screen in the same turn as the submit", async () => {
    const it = await visit(fakeServer(3));
    it.pick("Good");
    it.session.submit();
    expect(it.shown()).toBe("text 2");
    it.leave();
  });

  test("answering faster than tasks can be fetched ahead hands none out twice", async () => {
    const server = fakeServer(6);
    const it = await visit(server);
    server.lag = 12;
    const seen = [it.shown()];
    for (let turn = 0; turn < 5; turn += 1) {
      it.pick("Good");
      it.session.submit();
      while (it.session.state.phase.is !== "labeling" || it.shown() === seen.at(-1)) await new Promise((resolve) => setImmediate(resolve));
      seen.push(it.shown());
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6].map((n) => `text ${n}`));
    it.leave();
  });

  test("asks for tasks that are not in hand, and keeps two ahead", async () => {
    const server = fakeServer(9);
    const it = await visit(server);
    it.pick("Good");
    await it.submit();
    expect(server.log.filter((line) => line.includes("/next"))).toEqual([
      "GET /api/projects/1/next", "GET /api/projects/1/next?exclude=1", "GET /api/projects/1/next?exclude=1,2", "GET /api/projects/1/next?exclude=2,3,1",
    ]);
    it.leave();
  });

  test("an offline submit goes on to the next task and is sent later", async () => {
    const server = fakeServer(3);
    const it = await visit(server);
    server.isOnline = false;
    for (const value of ["Good", "Bad"]) {
      it.pick(value);
      await it.submit();
    }
    expect(it.shown()).toBe("text 3");
    expect([it.session.state.unsent.length, it.session.state.save]).toEqual([2, { is: "offline", queued: 2 }]);
    server.isOnline = true;
    it.session.wake();
    await it.settle();
    expect(server.annotations.map((row) => row.task)).toEqual([1, 2]);
    expect(it.session.state.unsent).toEqual([]);
    it.leave();
  });

  test("a task answered offline on an earlier visit is not handed out again", async () => {
    const server = fakeServer(3);
    const shelf = await newShelf();
    const it = await visit(server, { shelf });
    server.fail.set("POST", 503);
    it.pick("Good");
    await it.submit();
    it.leave();
    const again = await visit(server, { shelf });
    expect(again.shown()).toBe("text 2");
    again.leave();
  });

  test("passing over a task brings it back at the end", async () => {
    const it = await visit(fakeServer(2));
    await it.session.goNext();
    await it.settle();
    it.pick("Good");
    await it.submit();
    expect(it.shown()).toBe("text 1");
    it.leave();
  });

  test("counts what is done and left, also in the title", async () => {
    const it = await visit(fakeServer(3));
    it.pick("Good");
    await it.submit();
    expect([progressOf(it.session.state), titleOf(it.session.state)]).toEqual([{ done: 1, total: 3 }, "1/3 · Mails"]);
    it.leave();
  });

  test("two tabs do not label the same task, even when they open at the same moment", async () => {
    const server = fakeServer(8);
    const storage = fakeStorage();
    const tabs = await Promise.all(["one", "two"].map((tab) => visit(server, { claims: openClaims(storage, tab) })));
    const third = await visit(server, { claims: openClaims(storage, "three") });
    const shown = [...tabs, third].map((tab) => tab.shown());
    expect(new Set(shown).size).toBe(3);
    [...tabs, third].forEach((tab) => tab.leave());
  });
});

describe("going back", () => {
  test("[ opens my stored answer, an edit updates it, ] goes forward again", async () => {
    const server = fakeServer(3);
    const it = await visit(server);
    it.pick("Good");
    await it.submit();
    await it.session.goPrevious();
    await it.settle();
    expect([it.shown(), submitKind(it.session.state), said(openAnswer(it.session.state)?.result)]).toEqual(["text 1", "next", "Good"]);
    it.pick("Bad");
    await it.submit();
    expect(it.shown()).toBe("text 2");
    expect(server.annotations.map((row) => said(row.result))).toEqual(["Bad"]);
    it.leave();
  });

  test("works offline for an answer that is not sent yet", async () => {
    const server = fakeServer(3);
    const it = await visit(server);
    server.isOnline = false;
    it.pick("Good");
    await it.submit();
    await it.session.goPrevious();
    await it.settle();
    expect([it.shown(), said(openAnswer(it.session.state)?.result)]).toEqual(["text 1", "Good"]);
    it.pick("Bad");
    await it.submit();
    server.isOnline = true;
    it.session.wake();
    await it.settle();
    expect(server.annotations.map((row) => said(row.result))).toEqual(["Bad"]);
    it.leave();
  });

  test("the trail outlives the page", async () => {
    const server = fakeServer(3);
    const shelf = await newShelf();
    const it = await visit(server, { shelf });
    it.pick("Good");
    await it.submit();
    it.leave();
    const again = await visit(server, { shelf });
    await again.session.goPrevious();
    await again.settle();
    expect(again.shown()).toBe("text 1");
    again.leave();
  });
});

describe("drafts", () => {
  test("a reload brings back the unfinished answer, and its submit names the draft", async () => {
    const server = fakeServer(2);
    const shelf = await newShelf();
    const it = await visit(server, { shelf });
    it.pick("Bad");
    it.session.hidden();
    await it.settle();
    expect(server.drafts).toHaveLength(1);
    it.leave();
    const again = await visit(server, { shelf });
    expect([said(openAnswer(again.session.state)?.result), openAnswer(again.session.state)?.state]).toEqual(["Bad", "draft"]);
    await again.submit();
    expect([server.drafts.length, said(server.annotations[0]?.result)]).toEqual([0, "Bad"]);
    expect(await shelf.entriesOfTask(7, 1)).toEqual([]);
    again.leave();
  });

  test("a page closed while its draft is saved shows one draft on return, and the submit ends it", async () => {
    const server = fakeServer(2);
    const shelf = await newShelf();
    const it = await visit(server, { shelf });
    it.pick("Bad");
    it.session.hidden();
    await it.settle();
    const [entry] = await shelf.entriesOfTask(7, 1);
    await shelf.putEntry({ ...entry!, draftId: null, savedAt: 0 });
    const again = await visit(server, { shelf });
    expect(again.session.state.answers.map((answer) => answer.state)).toEqual(["draft"]);
    await again.submit();
    expect([server.drafts.length, server.annotations.length]).toEqual([0, 1]);
    again.leave();
  });

  test("leaving a task saves its draft at once, and it is there on return", async () => {
    const server = fakeServer(3);
    const it = await visit(server);
    it.pick("Bad");
    await it.session.goNext();
    await it.settle();
    expect(server.drafts.map((draft) => said(draft.result))).toEqual(["Bad"]);
    await it.session.goPrevious();
    await it.settle();
    expect([it.shown(), said(openAnswer(it.session.state)?.result)]).toEqual(["text 1", "Bad"]);
    it.leave();
  });

  test("an edit right before the submit makes no stray draft", async () => {
    const server = fakeServer(2);
    const it = await visit(server);
    it.pick("Good");
    it.session.hidden(); // first save under way
    it.pick("Bad");
    await it.submit();
    expect([server.drafts.length, said(server.annotations[0]?.result)]).toEqual([0, "Bad"]);
    it.leave();
  });
});

describe("instant mode", () => {
  test("the key of a choice submits and goes on; undo takes it back and returns", async () => {
    const server = fakeServer(3);
    const it = await visit(server, { instant: true });
    it.pick("Good", true);
    expect(it.shown()).toBe("text 2");
    expect(it.session.state.undo?.text).toBe("Submitted");
    await it.settle();
    expect(server.annotations).toHaveLength(1);
    expect(it.session.undoAnswer()).toBe(true);
    await it.settle();
    expect([it.shown(), server.annotations.length, it.session.state.done]).toEqual(["text 1", 0, 0]);
    it.pick("Bad", true);
    await it.settle();
    expect(server.annotations.map((row) => [row.task, said(row.result)])).toEqual([[1, "Bad"]]);
    it.leave();
  });

  test("undo before it was sent sends nothing", async () => {
    const server = fakeServer(3);
    const it = await visit(server, { instant: true });
    server.isOnline = false;
    it.pick("Good", true);
    it.session.undoAnswer();
    server.isOnline = true;
    it.session.wake();
    await it.settle();
    expect(server.log.filter((line) => line.startsWith("POST") || line.startsWith("DELETE"))).toEqual([]);
    it.leave();
  });

  test("undo of an update brings back what was stored", async () => {
    const server = fakeServer(3);
    const it = await visit(server, { instant: true });
    it.pick("Good", true);
    await it.settle();
    await it.session.goPrevious();
    await it.settle();
    it.pick("Bad", true);
    await it.settle();
    expect(said(server.annotations[0]?.result)).toBe("Bad");
    it.session.undoAnswer();
    await it.settle();
    expect([it.shown(), said(server.annotations[0]?.result)]).toEqual(["text 1", "Good"]);
    it.leave();
  });

  test("a click on a choice does not submit", async () => {
    const it = await visit(fakeServer(3), { instant: true });
    it.pick("Good");
    await it.settle();
    expect(it.shown()).toBe("text 1");
    it.leave();
  });
});

describe("what hinders", () => {
  test("an empty answer is not submitted where the project wants one", async () => {
    const it = await visit(fakeServer(2));
    await it.submit();
    expect([it.shown(), it.session.state.isEmpty]).toEqual(["text 1", true]);
    it.leave();
  });

  test("a required control says so", async () => {
    const it = await visit(fakeServer(2), { required: true });
    await it.submit();
    expect([it.shown(), it.session.state.problems.map((problem) => problem.message)]).toEqual(["text 1", ["Choose a mood"]]);
    it.leave();
  });

  test("a refused answer stays, says why, and opens again as a draft", async () => {
    const server = fakeServer(3);
    const it = await visit(server);
    server.fail.set("POST /api/tasks/1/annotations", 400);
    it.pick("Good");
    await it.submit();
    const [parcel] = it.session.state.unsent;
    expect([it.shown(), it.session.state.save.is, parcel?.refusal?.message]).toEqual(["text 2", "refused", "told to fail with 400"]);
    server.fail.clear();
    await it.session.reopenParcel(parcel!.id);
    await it.settle();
    expect([it.shown(), said(openAnswer(it.session.state)?.result), it.session.state.unsent.length]).toEqual(["text 1", "Good", 0]);
    await it.submit();
    expect(server.annotations.map((row) => row.task)).toEqual([1]);
    it.leave();
  });
});

describe("skip", () => {
  test("skips with what was done so far, and can be taken back", async () => {
    const server = fakeServer(3);
    const it = await visit(server);
    it.pick("Good");
    it.session.skip();
    await it.settle();
    expect([it.shown(), server.annotations.map((row) => row.was_cancelled)]).toEqual(["text 2", [true]]);
    it.session.undoAnswer();
    await it.settle();
    expect([it.shown(), said(openAnswer(it.session.state)?.result), server.annotations.length]).toEqual(["text 1", "Good", 0]);
    it.leave();
  });

  test("the same key takes a skip back later", async () => {
    const server = fakeServer(3);
    const it = await visit(server);
    it.session.skip();
    await it.settle();
    await it.session.goPrevious();
    await it.settle();
    expect(openAnswer(it.session.state)?.state).toBe("skipped");
    it.session.skip();
    await it.settle();
    expect([it.shown(), openAnswer(it.session.state)?.state, server.annotations.length]).toEqual(["text 1", "new", 0]);
    it.pick("Good");
    await it.submit();
    expect(server.annotations.map((row) => [row.task, row.was_cancelled])).toEqual([[1, false]]);
    it.leave();
  });
});

describe("tabs", () => {
  test("others' answers and predictions are tabs to read; a copy is mine", async () => {
    const server = fakeServer(2);
    server.annotations.push({ id: 90, task: 1, result: [choice("Bad")], was_cancelled: false, ground_truth: false, completed_by: 8 });
    const it = await visit(server, { taskId: 1, queue: "view" });
    expect(it.session.state.answers.map((answer) => [answer.author, answer.isReadOnly])).toEqual([["You", false], ["jo@example.com", true]]);
    it.session.open("a90");
    expect(submitKind(it.session.state)).toBe("none");
    it.session.duplicate();
    await it.settle();
    await it.submit();
    expect(server.annotations.map((row) => [row.completed_by, said(row.result)])).toEqual([[8, "Bad"], [7, "Bad"]]);
    it.leave();
  });

  test("a deleted answer can be had back, then is gone", async () => {
    const server = fakeServer(2);
    server.annotations.push({ id: 90, task: 1, result: [choice("Bad")], was_cancelled: false, ground_truth: false, completed_by: 7 });
    const it = await visit(server, { taskId: 1, queue: "view" });
    it.session.deleteAnswer();
    await it.settle();
    expect([it.session.state.answers.map((answer) => answer.state), server.annotations.length]).toEqual([["new"], 1]);
    it.session.undoAnswer();
    await it.settle();
    expect([said(openAnswer(it.session.state)?.result), it.session.state.unsent.length, server.annotations.length]).toEqual(["Bad", 0, 1]);
    it.leave();
  });
});

describe("a view's list", () => {
  test("goes along the list, both ways, to its end", async () => {
    const it = await visit(fakeServer(3), { queue: "view", taskId: 2 });
    expect(it.session.state.place).toEqual({ index: 1, total: 3 });
    it.pick("Good");
    await it.submit();
    expect(it.shown()).toBe("text 3");
    await it.session.goPrevious();
    await it.settle();
    expect(it.shown()).toBe("text 2");
    await it.session.goNext();
    await it.session.goNext();
    await it.settle();
    expect(it.shown()).toBe("empty: end-of-view");
    it.leave();
  });
});

test("a task far down a view's list is found in a few requests", async () => {
  const server = fakeServer(20_000);
  const it = await visit(server, { queue: "view", taskId: 15_000 });
  await it.settle();
  expect(it.session.state.place).toEqual({ index: 14_999, total: 20_000 });
  expect(server.log.filter((line) => line === "GET /api/tasks")).toHaveLength(6);
  it.leave();
});

describe("nothing to show", () => {
  test.each<[string, Parameters<typeof visit>[1], (server: ReturnType<typeof fakeServer>) => void]>([
    ["empty: no-tasks", {}, (server) => (server.project = { ...server.project, task_number: 0 })],
    ["failed: gone", { taskId: 99, queue: "view" }, () => undefined],
    ["failed: forbidden", {}, (server) => server.fail.set("projects/1", 403)],
    ["failed: no-project", {}, (server) => server.fail.set("projects/1", 404)],
    ["failed: offline", {}, (server) => (server.isOnline = false)],
    ["empty: no-controls", { parseConfig: () => ({ controls: [], objects: [] }) as never }, () => undefined],
  ])("%s", async (want, options, set) => {
    const server = fakeServer(want.includes("no-tasks") ? 0 : 2);
    set(server);
    const it = await visit(server, options);
    expect(it.shown()).toBe(want);
    it.leave();
  });
});
