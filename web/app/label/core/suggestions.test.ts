import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openAnswer, submitKind, suggestionText } from "./sessionState";
import { choice, visit } from "./testing/driver";
import { fakeServer } from "./testing/fakeServer";

const said = (result: readonly { value?: Record<string, unknown> }[] | undefined) => (result?.[0]?.value?.choices as string[] | undefined)?.[0] ?? "";

describe("suggestions", () => {
  const suggest = (server: ReturnType<typeof fakeServer>) => {
    server.predictions = [
      { id: 50, task: 1, result: [choice("Bad")], score: 0.9, model_version: "v3" },
      { id: 51, task: 1, result: [choice("Good")], score: 0.1, model_version: "v2" },
    ];
    server.project = { ...server.project, model_version: "v3" };
  };

  test("the chosen model's answer is there as a suggestion; submitting accepts it", async () => {
    const server = fakeServer(2);
    suggest(server);
    const it = await visit(server);
    expect([submitKind(it.session.state), openAnswer(it.session.state)?.result[0]?.origin]).toEqual(["accept", "prediction"]);
    await it.submit();
    expect(server.annotations.map((row) => [said(row.result), row.parent_prediction])).toEqual([["Bad", 50]]);
    it.leave();
  });

  test("opening one saves no draft", async () => {
    const server = fakeServer(2);
    suggest(server);
    const it = await visit(server);
    it.session.hidden();
    await it.settle();
    expect(server.drafts).toEqual([]);
    it.leave();
  });

  test("in instant mode the key of the suggested choice accepts it", async () => {
    const server = fakeServer(2);
    suggest(server);
    const it = await visit(server, { instant: true });
    it.pick("Bad", true); // the control accepts it
    await it.settle();
    expect(server.annotations.map((row) => [row.task, said(row.result)])).toEqual([[1, "Bad"]]);
    it.leave();
  });

  test("a tab per model version, its newest; one that a person takes over becomes the suggestion", async () => {
    const server = fakeServer(2);
    suggest(server);
    server.predictions.push({ id: 52, task: 1, result: [choice("Good")], score: 0.4, model_version: "undefined" }, { id: 53, task: 1, result: [choice("Bad")], score: 0.8, model_version: "v2" });
    const it = await visit(server, { taskId: 1, queue: "view" });
    expect(it.session.state.answers.map((answer) => answer.author)).toEqual(["You", "v3", "v2", "no version"]);
    it.session.open("p53");
    expect([submitKind(it.session.state), suggestionText(it.session.state)?.text]).toEqual(["none", "Answer of v2, score 0.80 · 2 of 3"]);
    it.session.duplicate();
    await it.settle();
    expect([submitKind(it.session.state), it.session.state.answers.map((answer) => answer.author), server.drafts]).toEqual(["accept", ["You", "v3", "v2", "no version"], []]);
    await it.submit();
    expect(server.annotations.map((row) => [said(row.result), row.result[0]?.origin, row.parent_prediction])).toEqual([["Bad", "prediction", 53]]);
    it.leave();
  });

  test("the queue brings the chosen model's only; the others' tabs come a moment later", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
    const server = fakeServer(2);
    suggest(server);
    const it = await visit(server);
    expect(it.session.state.answers.map((answer) => answer.author)).toEqual(["You", "v3"]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(it.session.state.answers.map((answer) => answer.author)).toEqual(["You", "v3", "v2"]);
    await it.session.goNext();
    await vi.advanceTimersByTimeAsync(1_000);
    expect([it.shown(), server.log.filter((line) => line.startsWith("GET /api/tasks/"))]).toEqual(["text 2", ["GET /api/tasks/1"]]);
    it.leave();
    vi.useRealTimers();
  });

  test("one that is withheld is not shown", async () => {
    const server = fakeServer(2);
    suggest(server);
    server.suggesting.set(1, { suggestion: "withheld" });
    const it = await visit(server);
    expect([openAnswer(it.session.state)?.result, it.session.state.answers.length, suggestionText(it.session.state)]).toEqual([[], 1, null]);
    it.leave();
  });

  test("a model that cannot be reached is told, with the reason", async () => {
    const server = fakeServer(2);
    server.suggesting.set(1, { suggestion: "unavailable", suggestion_reason: "connection refused" });
    const it = await visit(server);
    expect(suggestionText(it.session.state)).toEqual({ is: "unavailable", text: "Model not reachable; labeling goes on", detail: "connection refused" });
    it.leave();
  });
});

describe("a suggestion on its way", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true }));
  afterEach(() => void vi.useRealTimers());
  const arrive = (server: ReturnType<typeof fakeServer>) => {
    server.suggesting.delete(1);
    server.predictions.push({ id: 50, task: 1, result: [choice("Bad")], score: 0.9, model_version: "v3" });
  };
  const pending = async () => {
    const server = fakeServer(2);
    server.suggesting.set(1, { suggestion: "pending" });
    return { server, it: await visit(server) };
  };
  const asked = (server: ReturnType<typeof fakeServer>) => server.log.filter((line) => line === "GET /api/tasks/1").length;

  test("is laid into an answer that is not begun", async () => {
    const { server, it } = await pending();
    expect(suggestionText(it.session.state)?.is).toBe("pending");
    await vi.advanceTimersByTimeAsync(2_000);
    expect([asked(server), submitKind(it.session.state)]).toEqual([1, "submit"]);
    arrive(server);
    await vi.advanceTimersByTimeAsync(2_000);
    await it.settle();
    expect([submitKind(it.session.state), said(openAnswer(it.session.state)?.result), suggestionText(it.session.state)]).toEqual(["accept", "Bad", null]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked(server)).toBe(2);
    it.leave();
  });

  test("does not come any more once the person has begun", async () => {
    const { server, it } = await pending();
    it.pick("Good");
    arrive(server);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([asked(server), suggestionText(it.session.state)]).toEqual([0, null]);
    await it.submit();
    expect(server.annotations.map((row) => [said(row.result), row.parent_prediction])).toEqual([["Good", null]]);
    it.leave();
  });

  test("is given up after half a minute, and with the task", async () => {
    const { server, it } = await pending();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([asked(server), suggestionText(it.session.state)]).toEqual([15, null]);
    it.leave();
    const next = await pending();
    await next.it.session.goNext();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked(next.server)).toBe(0);
    next.it.leave();
  });

  test("that turns out not to come is told", async () => {
    const { server, it } = await pending();
    server.suggesting.set(1, { suggestion: "unavailable", suggestion_reason: "timeout" });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(suggestionText(it.session.state)?.is).toBe("unavailable");
    it.leave();
  });
});
