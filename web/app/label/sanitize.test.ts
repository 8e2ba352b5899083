// @vitest-environment jsdom
import { expect, test } from "vitest";
import { sanitize } from "./Instructions";

test.each([
  ["two\nlines & <3", "two<br>lines &amp; &lt;3"],
  ["<p onclick='x()'>Hi</p>", "<p>Hi</p>"],
  ["<script>x()</script><b>Hi</b>", "<b>Hi</b>"],
  ["<img src=x onerror=x()>", '<img src="x">'],
  ['<a href="javascript:x()">go</a>', "<a>go</a>"],
  ['<a href="https://example.com">go</a>', '<a href="https://example.com" target="_blank" rel="noopener noreferrer">go</a>'],
  ["<style>*{display:none}</style><form><input></form>ok<p></p>", "ok<p></p>"],
])("%s", (html, want) => {
  expect(sanitize(html)).toBe(want);
});
