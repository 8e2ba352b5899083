import "fake-indexeddb/auto";
import { describe, expect, test } from "vitest";
import { createApi } from "./api";
import { exclusiveHere, type Exclusive } from "./exclusive";
import type { Errand, Parcel } from "./model";
import { firstDue, Outbox } from "./outbox";
import { openShelf, type Shelf } from "./shelf";
import { fakeServer, type FakeServer } from "./testing/fakeServer";

let names = 0;
const newShelf = () => openShelf(`outbox-${(names += 1)}`);
const submit = (uniqueId: string): Errand => ({
  kind: "submit", uniqueId, result: [], isSkipped: false, leadTimeS: 1, startedAt: "", draftId: null, parentPrediction: null, parentAnnotation: null,
});
const post = (taskId: number, errand: Errand) => ({ projectId: 1, taskId, answerKey: `k${taskId}`, errand });

function outboxOf(server: FakeServer, shelf: Shelf, now = () => 0, exclusive: Exclusive = exclusiveHere()): Outbox {
  return new Outbox({ api: createApi(server.fetch), shelf, userId: 7, exclusive, now });
}

const turns = async () => {
  for (let turn = 0; turn < 80; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe("Outbox", () => {
  test("keeps what was submitted offline and sends it when the connection is back", async () => {
    const server = fakeServer(3);
    const outbox = outboxOf(server, await newShelf());
    server.isOnline = false;
    await outbox.add(post(1, submit("u1")));
    await outbox.add(post(2, submit("u2")));
    await turns();
    expect([outbox.connection, outbox.parcels.length]).toEqual(["offline", 2]);
    server.isOnline = true;
    outbox.wake();
    await turns();
    expect(server.annotations.map((row) => row.task)).toEqual([1, 2]);
    expect([outbox.connection, outbox.parcels.length]).toEqual(["online", 0]);
    outbox.stop();
  });

  test("goes on after a reload", async () => {
    const server = fakeServer(1);
    const shelf = await newShelf();
    server.isOnline = false;
    const before = outboxOf(server, shelf);
    await before.add(post(1, submit("u1")));
    before.stop();
    server.isOnline = true;
    const after = outboxOf(server, shelf);
    await after.start();
    await turns();
    expect(server.annotations).toHaveLength(1);
    after.stop();
  });

  test("a 5xx holds back its own task only, and keeps that task's order", async () => {
    const server = fakeServer(3);
    let now = 0;
    const outbox = outboxOf(server, await newShelf(), () => now);
    server.fail.set("tasks/1/", 503);
    await outbox.add(post(1, submit("u1")));
    await outbox.add(post(1, { kind: "update", annotation: { uniqueId: "u1" }, isGroundTruth: true }));
    await outbox.add(post(2, submit("u2")));
    await turns();
    expect(server.annotations.map((row) => row.task)).toEqual([2]);
    server.fail.clear();
    now = 60_000;
    outbox.wake();
    await turns();
    expect(server.annotations.map((row) => [row.task, row.ground_truth])).toEqual([[2, false], [1, true]]);
    outbox.stop();
  });

  test("a refusal stays with its reason until somebody retries", async () => {
    const server = fakeServer(1);
    const outbox = outboxOf(server, await newShelf());
    server.fail.set("POST", 400);
    const parcel = await outbox.add(post(1, submit("u1")));
    await turns();
    expect(outbox.parcels[0]?.refusal).toEqual({ status: 400, message: "told to fail with 400" });
    server.fail.clear();
    await outbox.retry(parcel.id);
    await turns();
    expect([server.annotations.length, outbox.parcels.length]).toEqual([1, 0]);
    outbox.stop();
  });

  test("a repeat of a submit that did arrive counts as done, and later errands find the annotation", async () => {
    const server = fakeServer(1);
    const shelf = await newShelf();
    const outbox = outboxOf(server, shelf);
    await outbox.add(post(1, submit("u1")));
    await turns();
    await outbox.add(post(1, submit("u1")));
    await outbox.add(post(1, { kind: "delete", annotation: { uniqueId: "u1" } }));
    await turns();
    expect([server.annotations.length, outbox.parcels.length]).toEqual([0, 0]);
    outbox.stop();
  });

  test("a submit taken back before it was sent is never sent", async () => {
    const server = fakeServer(1);
    const outbox = outboxOf(server, await newShelf());
    server.isOnline = false;
    await outbox.add(post(1, submit("u1")));
    await outbox.add(post(1, { kind: "delete", annotation: { uniqueId: "u1" } }));
    await turns();
    server.isOnline = true;
    server.log.length = 0;
    outbox.wake();
    await turns();
    expect([server.log, outbox.parcels.length]).toEqual([[], 0]);
    outbox.stop();
  });

  test("two tabs send each parcel once", async () => {
    const server = fakeServer(4);
    const shelf = await newShelf();
    const lock = exclusiveHere();
    const tabs = [outboxOf(server, shelf, () => 0, lock), outboxOf(server, shelf, () => 0, lock)];
    await Promise.all([1, 2, 3, 4].map((task) => tabs[task % 2]!.add(post(task, submit(`u${task}`)))));
    tabs.forEach((tab) => tab.wake());
    await turns();
    expect(server.log.filter((line) => line.startsWith("POST"))).toHaveLength(4);
    tabs.forEach((tab) => tab.stop());
  });

  test("another person's parcels are left alone", async () => {
    const server = fakeServer(1);
    const shelf = await newShelf();
    await shelf.addParcel({ ...post(1, submit("u1")), userId: 8, queuedAt: 0, notBefore: 0, attempts: 0, refusal: null });
    const outbox = outboxOf(server, shelf);
    await outbox.start();
    await turns();
    expect(server.log).toEqual([]);
    outbox.stop();
  });
});

describe("firstDue", () => {
  const parcel = (id: number, taskId: number, more: Partial<Parcel> = {}): Parcel => ({
    ...post(taskId, submit(`u${id}`)), id, userId: 7, queuedAt: 0, notBefore: 0, attempts: 0, refusal: null, ...more,
  });
  const refusal = { status: 400, message: "no" };
  test.each<[string, Parcel[], [number, number][], number | undefined]>([
    ["the oldest", [parcel(1, 1), parcel(2, 2)], [], 1],
    ["nothing overtakes within a task", [parcel(1, 1, { notBefore: 9 }), parcel(2, 1), parcel(3, 2)], [], 3],
    ["a refused one holds its task", [parcel(1, 1, { refusal }), parcel(2, 1)], [], undefined],
    ["a held task waits", [parcel(1, 1), parcel(2, 2)], [[1, 9]], 2],
  ])("%s", (_name, parcels, held, want) => {
    expect(firstDue(parcels, new Map(held), 5)?.id).toBe(want);
  });
});
