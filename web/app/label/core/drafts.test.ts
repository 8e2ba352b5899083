import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createApi } from "./api";
import { Drafts, type DraftSource } from "./drafts";
import { openShelf, type Shelf } from "./shelf";
import { choice } from "./testing/driver";
import { fakeServer, type FakeServer } from "./testing/fakeServer";

let server: FakeServer;
let shelf: Shelf;
let drafts: Drafts;
let value: string;
let names = 0;

const source: DraftSource = {
  key: "u1", userId: 7, projectId: 1, taskId: 1, annotationId: null, uniqueId: "u1", parentPrediction: null, parentAnnotation: null, startedAt: "", draftId: null,
  read: () => ({ result: [choice(value)], leadTimeS: 2 }),
};
const say = (next: string) => {
  value = next;
  drafts.edited(source);
};
const turns = async () => {
  for (let turn = 0; turn < 40; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
const wait = async (ms: number) => {
  await vi.advanceTimersByTimeAsync(ms);
  await turns();
};
const onServer = () => server.drafts.map((draft) => (draft.result[0]?.value as { choices: string[] }).choices[0]);
const onDevice = async () => ((await shelf.entry(7, "u1"))?.result[0]?.value as { choices: string[] } | undefined)?.choices[0];

beforeEach(async () => {
  server = fakeServer(2);
  shelf = await openShelf(`drafts-${(names += 1)}`);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  drafts = new Drafts({ api: createApi(server.fetch), shelf });
});
afterEach(() => {
  drafts.dispose();
  vi.useRealTimers();
});

test("a change is on this device at once and on the server a second later, as one draft", async () => {
  say("Good");
  await wait(30);
  expect([await onDevice(), onServer()]).toEqual(["Good", []]);
  say("Bad");
  await wait(1000);
  say("Good");
  await wait(1000);
  expect([await onDevice(), onServer(), drafts.stateOf("u1")]).toEqual(["Good", ["Good"], "clean"]);
});

test("hiding the page sends what the server lacks", async () => {
  say("Good");
  drafts.flushOnHide();
  await turns();
  expect([await onDevice(), onServer()]).toEqual(["Good", ["Good"]]);
});

test("offline it stays on this device and is sent later", async () => {
  server.isOnline = false;
  say("Good");
  await wait(1000);
  expect([await onDevice(), drafts.stateOf("u1")]).toEqual(["Good", "failed"]);
  server.isOnline = true;
  drafts.retryFailed();
  await turns();
  expect([onServer(), drafts.stateOf("u1")]).toEqual([["Good"], "clean"]);
});

test("what an earlier visit could not send is sent by the next", async () => {
  server.isOnline = false;
  say("Good");
  await wait(1000);
  drafts.dispose();
  server.isOnline = true;
  const next = new Drafts({ api: createApi(server.fetch), shelf });
  expect(await next.saveLeftovers(7, new Set())).toBe(0);
  expect(onServer()).toEqual(["Good"]);
});

test("a save whose answer was never heard is found again, not made twice", async () => {
  say("Good");
  await wait(1000);
  await shelf.putEntry({ ...(await shelf.entry(7, "u1"))!, draftId: null, savedAt: 0 });
  drafts.dispose();
  const next = new Drafts({ api: createApi(server.fetch), shelf });
  await next.saveLeftovers(7, new Set());
  expect([onServer(), (await shelf.entry(7, "u1"))?.draftId, await next.settledId("u1")]).toEqual([["Good"], server.drafts[0]?.id, server.drafts[0]?.id]);
});

test("after close nothing more is saved, and the draft's id is known once its save ended", async () => {
  say("Good");
  await vi.advanceTimersByTimeAsync(1000);
  drafts.close("u1");
  say("Good");
  drafts.close("u1");
  await wait(5000);
  expect(server.log.filter((line) => line.includes("draft"))).toHaveLength(1);
});

test("a draft the server lost is made again", async () => {
  say("Good");
  await wait(1000);
  server.drafts.length = 0;
  say("Bad");
  await wait(1000);
  await wait(5000);
  expect(onServer()).toEqual(["Bad"]);
});
