import { expect, test } from "vitest";
import { deliveryWords, eventWords, readHeaders, writeHeaders } from "./words";

test.each([
  ["", { headers: {} }],
  ["Authorization: Bearer a:b\n\n X-Team:labels ", { headers: { Authorization: "Bearer a:b", "X-Team": "labels" } }],
  ["Authorization", { problem: "Line 1: write “Name: value”." }],
  ["A: 1\nB C: 2", { problem: "Line 2: a name is letters, digits, “-” and “_”." }],
  [Array.from({ length: 11 }, (_, n) => `A${n}: 1`).join("\n"), { problem: "At most 10 headers." }],
])("readHeaders(%j)", (text, wanted) => {
  expect(readHeaders(text)).toEqual(wanted);
});

test("headers are written as they are read", () => {
  const headers = { Authorization: "Bearer a:b", "X-Team": "labels" };
  expect(readHeaders(writeHeaders(headers))).toEqual({ headers });
});

test("eventWords", () => {
  expect(eventWords("ANNOTATIONS_DELETED")).toBe("Annotations deleted");
});

test.each([
  [{ state: "failed", status_code: null, error: "Nobody listens there." }, "Nobody listens there."],
  [{ state: "failed", status_code: 500, error: null }, "The receiver answered with status 500."],
  [{ state: "delivered", status_code: 204, error: null }, "Received."],
  [{ state: "waiting", status_code: null, error: null }, "Not sent yet."],
] as const)("deliveryWords(%j) = %s", (delivery, words) => {
  expect(deliveryWords(delivery)).toBe(words);
});
