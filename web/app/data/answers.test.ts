import { expect, test } from "vitest";
import type { Task } from "../api/models";
import { annotatorsOf, labelColors, labelsOf, stateOf, writtenText, type TaskState } from "./answers";

const task = (more: Partial<Task>) => ({ id: 1, is_labeled: false, total_annotations: 0, cancelled_annotations: 0, ...more }) as Task;

test.each<[Partial<Task>, TaskState]>([
  [{ is_labeled: true, total_annotations: 1 }, "done"],
  [{ total_annotations: 1 }, "started"],
  [{ draft_exists: true }, "draft"],
  [{ cancelled_annotations: 1 }, "skipped"],
  [{}, "todo"],
])("stateOf(%j) = %s", (more, state) => {
  expect(stateOf(task(more))).toBe(state);
});

test("labelsOf counts equal answers and leaves skips out", () => {
  const annotations = [
    {
      id: 1, completed_by: 1, was_cancelled: false, ground_truth: false,
      result: [
        { type: "rectanglelabels", value: { x: 1, rectanglelabels: ["Car"] } },
        { type: "rectanglelabels", value: { x: 2, rectanglelabels: ["Car"] } },
        { type: "choices", value: { choices: [["A", "A1"]] } },
        { type: "rating", value: { rating: 4 } },
        { type: "textarea", value: { text: ["Well said"] } },
        { type: "relation" },
      ],
    },
    { id: 2, completed_by: 1, was_cancelled: true, ground_truth: false, result: [{ type: "choices", value: { choices: ["No"] } }] },
  ];
  const colors = labelColors({ l: { type: "RectangleLabels", to_name: [], inputs: [], labels: ["Car", "Bus"], labels_attrs: { Bus: { background: "red" } } } });
  expect(labelsOf(task({ annotations }), colors)).toEqual([
    { text: "Car", count: 2, color: "#2563EB" },
    { text: "A1", count: 1, color: null },
    { text: "4 ★", count: 1, color: null },
  ]);
  expect(writtenText(task({ annotations }))).toBe("Well said");
  expect(colors.get("Bus")).toBe("red");
});

test("annotatorsOf reads both spellings", () => {
  expect(annotatorsOf(task({ annotators: [1, { user_id: 2 }, 1] }))).toEqual([1, 2]);
});
