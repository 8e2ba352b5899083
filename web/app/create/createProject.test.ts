import { expect, test } from "vitest";
import { batches } from "./createProject";
import { titleFrom } from "./useNewProject";

const file = (bytes: number) => ({ size: bytes }) as File;

test.each([
  [[], []],
  [[1, 2, 3], [3]],
  [[20e6, 5e6, 1e6], [1, 2]],
  [Array<number>(120).fill(1), [50, 50, 20]],
  [[90e6, 1], [1, 1]],
])("batches(%j) has groups of %j files", (sizes, groups) => {
  expect(batches(sizes.map(file)).map((group) => group.length)).toEqual(groups);
});

test.each([
  ["support_mails-2026.csv", "Support mails 2026"],
  ["a.json", "A project"],
  [`${"x".repeat(80)}.csv`, `X${"x".repeat(49)}`],
])("titleFrom(%s)", (name, title) => {
  expect(titleFrom(name)).toBe(title);
});
