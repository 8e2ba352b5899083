import { describe, expect, test } from "vitest";
import { ApiError, readError, withQuery } from "./client";

test.each([
  [{ detail: "Not found." }, "Not found.", {}],
  [{ detail: "Validation error", validation_errors: { title: ["Too short."] } }, "Validation error", { title: ["Too short."] }],
  [{ label_config: ["no element found"] }, "no element found", { label_config: ["no element found"] }],
  [null, "The server answered with status 400.", {}],
  ["<html>", "The server answered with status 400.", {}],
])("readError(%j)", (body, detail, fields) => {
  const error = readError(400, body);
  expect(error.message).toBe(detail);
  expect(error.fields).toEqual(fields);
});

describe("ApiError", () => {
  test("gives a field's messages, and all of them as lines", () => {
    const error = new ApiError(400, "Validation error", { title: ["Too short.", "Really."], non_field_errors: [{}, "Error at item 1"] });
    expect(error.field("title")).toBe("Too short. Really.");
    expect(error.field("color")).toBeNull();
    expect(error.lines).toEqual(["Too short.", "Really.", "Error at item 1"]);
  });
});

test("withQuery drops what is undefined and repeats lists", () => {
  expect(withQuery("/api/x", { a: 1, b: undefined, "ids[]": [1, 2] })).toBe("/api/x?a=1&ids%5B%5D=1&ids%5B%5D=2");
  expect(withQuery("/api/x")).toBe("/api/x");
});
