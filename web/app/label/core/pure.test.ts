import { parseConfig } from "@labelwright/config";
import type { Problem } from "@labelwright/engine";
import { describe, expect, test } from "vitest";
import { newUniqueId } from "./api";
import { openClaims } from "./claims";
import { instantControl } from "./instant";
import { mediaOf } from "./media";
import { reasonOf } from "./reasons";
import { saveStateOf, type Saving } from "./saving";
import { saveText } from "./sessionState";
import { Stopwatch } from "./stopwatch";
import { fakeStorage } from "./testing/fakeStorage";
import { readDetail, readProject, writeErrand } from "./wire";

const choices = (attrs: string, more = "") => `<View><Text name="t" value="$t"/><Choices name="c" toName="t" ${attrs}><Choice value="A"/></Choices>${more}</View>`;

describe("instantControl", () => {
  test.each([
    [choices(`choice="single"`), "c"],
    [choices(""), "c"],
    [choices(`required="true"`), "c"],
    [choices(`choice="multiple"`), null],
    [choices(`choice="single"`, `<TextArea name="x" toName="t"/>`), null],
    [choices(`choice="single" perRegion="true"`), null],
    [`<View><Text name="t" value="$t"/><Rating name="r" toName="t"/></View>`, "r"],
    [`<View><Text name="a" value="$a"/><Text name="b" value="$b"/><Pairwise name="p" toName="a,b"/></View>`, "p"],
    [`<View><Text name="t" value="$t"/><Labels name="l" toName="t"><Label value="A"/></Labels></View>`, null],
    [`<View><Text name="t" value="$t"/></View>`, null],
  ])("%s → %s", (xml, want) => {
    expect(instantControl(parseConfig(xml))).toBe(want);
  });
});

test.each<[string, Record<string, unknown>, string[]]>([
  [`<View><Image name="i" value="$i"/></View>`, { i: "/a.png" }, ["image /a.png"]],
  [`<View><Image name="i" valueList="$pages"/></View>`, { pages: ["/1.png", "/2.png", "/1.png"] }, ["image /1.png", "image /2.png"]],
  [`<View><Audio name="a" value="$x.url"/><Text name="t" value="$t"/></View>`, { x: { url: "/a.wav" }, t: "no" }, ["audio /a.wav"]],
  [`<View><Image name="i" value="$i"/></View>`, {}, []],
])("mediaOf %s", (xml, data, want) => {
  expect(mediaOf(parseConfig(xml), data).map(({ kind, url }) => `${kind} ${url}`)).toEqual(want);
});

describe("reasonOf", () => {
  const config = parseConfig(`<View><Image name="i" value="$i"/><Rectangle name="r" toName="i"/><TextArea name="x" toName="i" perRegion="true" required="true"/></View>`);
  const regions = new Map([["1", { shape: { kind: "rectangle" } }], ["2", { shape: { kind: "rectangle" } }], ["3", { shape: { kind: "polygon" } }]]) as never;
  const about = (...ids: string[]): Problem[] => ids.map((regionId) => ({ control: "x", regionId, message: "needs a text" }));
  test.each<[Problem[], string | undefined]>([
    [about("1", "2"), "2 boxes need a text"],
    [about("1"), "1 box needs a text"],
    [about("1", "3"), "2 regions need a text"],
    [[{ control: "c", message: "Choose a mood" }], "Choose a mood"],
    [[], undefined],
  ])("%j → %s", (problems, want) => {
    expect(reasonOf(problems, { regions }, config)?.text).toBe(want);
  });
});

describe("the save state", () => {
  const calm: Saving = { parcels: [], connection: "online", sending: 0, draft: "clean", leftovers: 0, savedAt: 0 };
  const parcel = { attempts: 0, refusal: null } as never;
  const refused = { attempts: 1, refusal: { status: 400, message: "no" } } as never;
  test.each<[Partial<Saving>, string]>([
    [{}, "Saved"],
    [{ savedAt: 8_000 }, "Saved 2 s ago"],
    [{ savedAt: 10_000 }, "Saved just now"],
    [{ draft: "waiting" }, "Saving…"],
    [{ sending: 1 }, "Saving…"],
    [{ parcels: [parcel] }, "Saving…"],
    [{ parcels: [parcel, parcel], leftovers: 1, connection: "offline" }, "Offline · 3 queued"],
    [{ draft: "failed" }, "Offline · 1 queued"],
    [{ parcels: [parcel], connection: "logged-out" }, "Logged out · 1 queued"],
    [{ parcels: [parcel, refused] }, "1 not accepted"],
  ])("%j → %s", (saving, want) => {
    expect(saveText(saveStateOf({ ...calm, ...saving }), 10_000)).toBe(want);
  });
});

describe("claims", () => {
  test("of other tabs are seen, and forgotten when the tab leaves or is silent for long", async () => {
    const storage = fakeStorage();
    let now = 0;
    const [one, two] = ["one", "two"].map((tab) => openClaims(storage, tab, undefined, () => now));
    one!.set([1, 2]);
    two!.set([3]);
    expect([await one!.others(), await two!.others()]).toEqual([[3], [1, 2]]);
    one!.release();
    expect(await two!.others()).toEqual([]);
    now = 1e9;
    expect(await one!.others()).toEqual([]);
  });

  test("of a tab that died without a word are dead at once where there are locks", async () => {
    const storage = fakeStorage();
    const alive = ["labelwright-claims/one"];
    const locks = { request: () => new Promise(() => undefined), query: async () => ({ held: alive.map((name) => ({ name })) }) } as unknown as LockManager;
    const [one, two] = ["one", "two"].map((tab) => openClaims(storage, tab, locks));
    alive.push("labelwright-claims/two");
    two!.set([3]);
    expect(await one!.others()).toEqual([3]);
    alive.pop();
    expect(await one!.others()).toEqual([]);
  });

  test("of the same task at the same moment: one tab gets it", async () => {
    const storage = fakeStorage();
    const [one, two] = ["one", "two"].map((tab) => openClaims(storage, tab, undefined, () => 5));
    expect(await Promise.all([one!.take(7), two!.take(7)])).toEqual([true, false]);
    expect(await one!.others()).toEqual([]);
  });
});

test("the stopwatch stands still while paused", () => {
  let now = 0;
  const watch = new Stopwatch(() => now);
  watch.restart();
  now = 2_000;
  watch.pause();
  now = 9_000;
  watch.resume();
  now = 10_500;
  expect(watch.seconds).toBe(3.5);
});

test("the body of a submit is Label Studio's", () => {
  const request = writeErrand(
    { kind: "submit", uniqueId: "u", result: [], isSkipped: true, leadTimeS: 0.63, startedAt: "2026-01-01T00:00:00Z", draftId: null, parentPrediction: 4, parentAnnotation: null },
    { projectId: 1, taskId: 2, annotationId: null },
  );
  expect(request).toEqual({
    method: "POST",
    path: "/api/tasks/2/annotations?project=1",
    body: {
      lead_time: 0.63, result: [], draft_id: 0, parent_prediction: 4, parent_annotation: null, started_at: "2026-01-01T00:00:00Z", unique_id: "u", project: "1", was_cancelled: true,
    },
  });
});

test.each([
  [{ detail: "No." }, "No."],
  [{ detail: "Validation error", validation_errors: { result: ["must be list"] } }, "must be list"],
  [null, "The server answered 500."],
])("readDetail %j", (body, want) => {
  expect(readDetail(body, 500)).toBe(want);
});

test("a project counts what waits for me", () => {
  expect(readProject({ id: 1, queue_total: 10, queue_done: 4 })).toMatchObject({ queueLeft: 6, queueDone: 4, allowSkip: true, title: "Project 1" });
});

test("unique ids are version 4 UUIDs", () => {
  expect(newUniqueId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
