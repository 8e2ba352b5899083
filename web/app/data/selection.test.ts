import { expect, test } from "vitest";
import { allSelected, countSelected, isSelected, nothingSelected, selectedItems, selectTasks } from "./selection";

test("ticking some", () => {
  const some = selectTasks(selectTasks(nothingSelected, [1, 2, 3], true), [2], false);
  expect(selectedItems(some)).toEqual({ all: false, included: [1, 3] });
  expect([countSelected(some, 10), isSelected(some, 1), isSelected(some, 2)]).toEqual([2, true, false]);
});

test("ticking all but some", () => {
  const most = selectTasks(selectTasks(allSelected, [4, 5], false), [5], true);
  expect(selectedItems(most)).toEqual({ all: true, excluded: [4] });
  expect([countSelected(most, 10), isSelected(most, 4), isSelected(most, 5)]).toEqual([9, false, true]);
});
