import { expect, test } from "vitest";
import { excerpt, plainText, type Span } from "./excerpt";

const span = (start: number, end: number, label = "L"): Span => ({ start, end, label });
const shown = (text: string, spans: readonly Span[], most = 100) => excerpt(text, spans, most).map(({ text, label }) => (label ? `[${text}]` : text)).join("");
const long = "word ".repeat(100);

test.each([
  ["Al in Rome", [span(0, 2), span(6, 10)], "[Al] in [Rome]"],
  ["Al in Rome", [span(6, 10), span(0, 2)], "[Al] in [Rome]"],
  ["Al in Rome", [], "Al in Rome"],
  ["Al in Rome", [span(0, 5), span(3, 10)], "[Al in] Rome"],
  ["Al in Rome", [span(6, 99)], "Al in [Rome]"],
  ["Al in Rome", [span(50, 60), span(-3, 2), span(4, 4)], "Al in Rome"],
  ["", [span(0, 2)], ""],
])("excerpt(%j, %j)", (text, spans, wanted) => {
  expect(shown(text, spans)).toBe(wanted);
});

test("a long text is cut, and begins at a word before its first mark", () => {
  expect(shown(long, [], 20)).toBe("word word word word …");
  const far = shown(long, [span(300, 304)], 60);
  expect(far).toMatch(/^…(word )+\[word\]( word)*/);
  expect(far.length).toBeLessThan(70);
  expect(shown(long, [span(10, 400)], 20)).toBe("word word [word word ]…");
});

test("plainText", () => {
  expect(plainText("<style>p {}</style><p>Al&nbsp;in <b>Rome</b></p>")).toBe("Al in Rome");
});
