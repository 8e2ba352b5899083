import { describe, expect, test } from "vitest";
import { builtinProgress, connectHint, formatDuration_ms, jobProgress, jobState, readExtraParams, savingWords, versionOptions } from "./words";

test.each([
  [{ total: 1000, done: 340, failed: 0 }, "340 of 1,000"],
  [{ total: 1000, done: 340, failed: 2 }, "340 of 1,000, 2 failed"],
  [{ total: null, done: 0, failed: 0 }, ""],
  [{ total: null, done: 0, failed: 1 }, "1 failed"],
])("jobProgress(%j) = %s", (job, words) => {
  expect(jobProgress(job)).toBe(words);
});

test("a job that is done with failures says so", () => {
  expect(jobState({ state: "done", failed: 1 })).toEqual(["Done with problems", "warn"]);
  expect(jobState({ state: "done", failed: 0 })).toEqual(["Done", "ok"]);
});

test.each([
  [12.4, "12 ms"],
  [1400, "1.4 s"],
  [59_960, "1 min 0 s"],
  [185_000, "3 min 5 s"],
])("formatDuration_ms(%d) = %s", (ms, words) => {
  expect(formatDuration_ms(ms)).toBe(words);
});

describe("readExtraParams", () => {
  test.each([
    ["", { value: null }],
    ['{"threshold": 0.5}', { value: { threshold: 0.5 } }],
    ["[1]", { problem: 'Write an object: {"name": value}.' }],
  ])("%s", (text, wanted) => {
    expect(readExtraParams(text)).toEqual(wanted);
  });

  test("says what is wrong with the JSON", () => {
    expect(readExtraParams("{threshold: 1}")).toHaveProperty("problem", expect.stringMatching(/^This is not JSON: /));
  });
});

test.each([
  ["http://localhost:9191", "Nobody listens at localhost:9191. Start your model there: labelwright ml start ml_backend.py --port 9191", null],
  ["http://10.0.0.1:9090", "Its administrator can allow that with LABELWRIGHT_ALLOWED_HOSTS=10.0.0.1:9090.", null],
  ["http://localhost:9090", "The model answered /health with status 401", /Basic/],
  ["http://localhost:9090", "The model at localhost:9090 gave no answer to /setup within 3 seconds.", /timeout/],
  ["http://localhost:8080", "The model answered /health with something that is not JSON: <html>", /port/],
  ["localhost", "x", /whole address/],
])("connectHint(%s, %s)", (url, problem, wanted) => {
  const hint = connectHint(url, problem);
  if (wanted === null) expect(hint).toBeNull();
  else expect(hint).toMatch(wanted);
});

test("what can be shown: nothing, a model's live version, a version, and what was chosen before it existed", () => {
  const versions = [
    { version: "v1", count: 3, ml_backend: 1, is_shown: false },
    { version: "Mine", count: 1, ml_backend: null, is_shown: false },
  ];
  expect(versionOptions(versions, [{ title: "Mine" }], "v9").map(({ value }) => value)).toEqual(["", "Mine", "v1", "v9"]);
});

test("the built-in model counts up to its next training", () => {
  expect(builtinProgress({ label_count: 12, needs: 8 })).toEqual({ value: 12, max: 20, words: "12 of 20 labels" });
  expect(builtinProgress({ label_count: 30, needs: 0 })).toBeNull();
});

describe("savingWords", () => {
  const times = { with_median_s: 4, with_n: 80, without_median_s: 10, without_n: 25, is_randomized: true, saving: 0.6, saving_interval: { low: 0.5, high: 0.7 } };

  test("says what is saved, how sure that is, and whether it was drawn by lot", () => {
    expect(savingWords({ times, withheld_percent: 10 })).toEqual({
      words: "Suggestions save 60 % of the time per task (95 % interval 50 % to 70 %). The tasks without were drawn by lot.",
      isMeasured: true,
    });
    expect(savingWords({ times: { ...times, is_randomized: false }, withheld_percent: 0 }).words).toMatch(/may differ in other ways/);
  });

  test("claims no difference that the interval does not bear", () => {
    expect(savingWords({ times: { ...times, saving: 0.1, saving_interval: { low: -0.2, high: 0.3 } }, withheld_percent: 10 }).words).toMatch(/^No clear difference/);
    expect(savingWords({ times: { ...times, saving: -0.3, saving_interval: { low: -0.5, high: -0.1 } }, withheld_percent: 10 }).words).toMatch(/^With suggestions a task takes 30 % longer/);
  });

  test("says what is missing, and how to get it", () => {
    const few = { times: { ...times, without_n: 3 }, withheld_percent: 0 };
    expect(savingWords(few)).toEqual({ words: expect.stringMatching(/there are 80 and 3\. To measure it, leave a share/), isMeasured: false });
    expect(savingWords({ ...few, withheld_percent: 10 }).words).not.toMatch(/To measure it/);
  });
});
