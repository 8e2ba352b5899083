import { expect, test } from "vitest";
import { readCookie, safeNext } from "./session";

test.each([
  ["csrftoken=ab12; x=1", "ab12"],
  ["x=1; csrftoken=a%3Db", "a=b"],
  ["xcsrftoken=no", ""],
  ["", ""],
])("readCookie(%j)", (cookies, value) => {
  expect(readCookie(cookies, "csrftoken")).toBe(value);
});

test.each([
  ["/projects/5/data?task=3", "/projects/5/data?task=3"],
  [undefined, "/projects/"],
  ["//evil.example", "/projects/"],
  ["/\\evil.example", "/projects/"],
  ["https://evil.example", "/projects/"],
  ["javascript:alert(1)", "/projects/"],
])("safeNext(%j) = %s", (next, path) => {
  expect(safeNext(next)).toBe(path);
});
