import { expect, test } from "vitest";
import { readError } from "../api/client";
import { importProblems } from "./importErrors";

test("rows and keys are named, good rows are left out", () => {
  const body = {
    detail: "Validation error",
    validation_errors: {
      non_field_errors: [
        {},
        `Error at item 1: "text" key is expected in task data [assume: item as is = task root with values]  :: {'nope': 1}`,
        `Error at item 2: "text" key is expected in task data [assume: item["data"] = task root with values] :: {'data': {'x': 2}}`,
      ],
    },
  };
  expect(importProblems(readError(400, body))).toEqual([
    { row: 2, message: '"text" key is expected in task data' },
    { row: 3, message: '"text" key is expected in task data' },
  ]);
});

test.each([
  [readError(400, { detail: ".exe extension is not supported" }), ".exe extension is not supported"],
  [new Error("cut off"), "cut off"],
])("other failures are one line without a row", (error, message) => {
  expect(importProblems(error)).toEqual([{ row: null, message }]);
});
