import { expect, test } from "vitest";
import { readToken } from "./readToken";

test("a token is named by the end of its id", () => {
  const payload = btoa(JSON.stringify({ jti: "0123456789abcdef", iat: 1_767_225_600 })).replace(/=+$/, "");
  expect(readToken(`x.${payload}`).name).toBe("…89abcdef");
  expect(readToken(`x.${payload}`).made).toContain("202");
});

test("anything else by its beginning", () => {
  expect(readToken("nonsense-token-here")).toEqual({ name: "nonsense-tok…", made: "" });
});
