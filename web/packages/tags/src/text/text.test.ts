import { describe, expect, test } from "vitest";
import { between, random } from "../../../canvas/test/random";
import { cutBlocks } from "./blocks";
import { graphemeStart, grow, nextGrapheme, nextWord, previousGrapheme, previousWord, sentenceAt, trimmed, wordAt } from "./granularity";
import { makeSpan, spanShape } from "./shape";
import { assignAllLanes, assignLanes, SpanIndex, type Placed } from "./spanIndex";

const TEXT = "Dr. Ada met  Bob. They\tleft Paris!\nA second line 👩‍👩‍👧 here.";
const at = (words: string): { start: number; end: number } => ({ start: TEXT.indexOf(words), end: TEXT.indexOf(words) + words.length });

describe("granularity", () => {
  test.each([
    ["symbol", "et  B", "et  B"],
    ["symbol", "  Bob ", null],
    ["word", "et  B", "met  Bob"],
    ["word", "ob. Th", "Bob. They"],
    ["word", "s!", "Paris!"],
    ["sentence", "left", "They\tleft Paris!"],
    ["paragraph", "second", "A second line 👩‍👩‍👧 here."],
    ["paragraph", "Paris!\nA", TEXT],
  ] as const)("%s around %j is %j", (granularity, selected, expected) => {
    if (expected === null) return expect(TEXT.includes(selected)).toBe(false);
    const grown = grow(TEXT, at(selected), granularity);
    expect(grown && TEXT.slice(grown.start, grown.end)).toBe(expected);
  });

  test("white space alone is nothing", () => {
    expect(grow(TEXT, at("  "), "symbol")).toBeNull();
    expect(trimmed(" \n\t", { start: 0, end: 3 })).toBeNull();
  });

  test.each(["👩‍👩‍👧", "👩"])("half an emoji becomes the whole one", (part) => {
    const start = TEXT.indexOf("👩");
    const grown = grow(TEXT, { start: start + (part === "👩" ? 0 : 1), end: start + 2 }, "symbol");
    expect(grown && TEXT.slice(grown.start, grown.end)).toBe("👩‍👩‍👧");
  });

  test.each([
    [0, "Dr"], [5, "Ada"], [7, "Ada"], [12, null], [13, "Bob"],
  ] as const)("the word at %i is %j", (offset, word) => {
    const found = wordAt(TEXT, offset);
    expect(found && TEXT.slice(found.start, found.end)).toBe(word);
  });

  test("a sentence does not reach over a line break", () => {
    const { start, end } = sentenceAt(TEXT, TEXT.indexOf("second"));
    expect(TEXT.slice(start, end)).toBe("A second line 👩‍👩‍👧 here.");
  });

  test("steps by characters and words meet both ways", () => {
    const forward: number[] = [];
    for (let i = 0; i < TEXT.length; i = nextGrapheme(TEXT, i)) forward.push(i);
    const back: number[] = [];
    for (let i = TEXT.length; i > 0; ) back.unshift((i = previousGrapheme(TEXT, i)));
    expect(back).toEqual(forward);
    expect(forward.every((i) => graphemeStart(TEXT, i) === i)).toBe(true);
    expect(TEXT.slice(0, nextWord(TEXT, 3))).toBe("Dr. Ada");
    expect(TEXT.slice(previousWord(TEXT, 16))).toMatch(/^Bob/);
    expect(nextWord(TEXT, TEXT.length - 1)).toBe(TEXT.length);
    expect(previousWord(TEXT, 0)).toBe(0);
  });

  test("a word in a text of a megabyte is found as in a line", () => {
    const long = "word ".repeat(200_000);
    expect(wordAt(long, 500_002)).toMatchObject({ start: 500_000, end: 500_004 });
  });

  test("words without spaces are parted by the dictionary", () => {
    const found = wordAt("我们在巴黎见面", 3);
    expect(found && "我们在巴黎见面".slice(found.start, found.end)).toBe("巴黎");
  });
});

const anySpans = (n: number, length: number): Placed[] =>
  Array.from({ length: n }, (_, i) => {
    const start = Math.floor(between(0, length));
    return { id: `s${i}`, start, end: start + 1 + Math.floor(between(0, 30)) };
  });

describe("span index", () => {
  test.each([1, 20, 2000])("%i spans: a search finds what a loop finds", (n) => {
    const spans = anySpans(n, n * 6);
    const index = new SpanIndex();
    for (const span of spans) index.set(span);
    for (let i = 0; i < 200; i++) {
      const start = Math.floor(random() * n * 6);
      const end = start + 1 + Math.floor(random() * 20);
      const expected = spans.filter((span) => span.start < end && span.end > start).map((span) => span.id);
      expect(index.touching(start, end).map((span) => span.id).sort()).toEqual(expected.sort());
    }
  });

  test("the shortest span at an offset comes first", () => {
    const index = new SpanIndex();
    for (const span of [{ id: "long", start: 0, end: 20 }, { id: "short", start: 4, end: 8 }, { id: "beside", start: 8, end: 9 }]) index.set(span);
    expect(index.at(5).map((span) => span.id)).toEqual(["short", "long"]);
    index.delete("short");
    expect(index.at(5).map((span) => span.id)).toEqual(["long"]);
  });
});

describe("lanes", () => {
  test.each([
    ["apart", [[0, 4], [4, 8]], [0, 0]],
    ["nested: the inner one lies nearer", [[0, 20], [4, 8]], [1, 0]],
    ["chained", [[0, 6], [4, 10], [8, 14]], [0, 1, 0]],
    ["four deep", [[0, 20], [1, 19], [2, 18], [3, 17]], [3, 2, 1, 0]],
    ["the same twice", [[0, 5], [0, 5]], [0, 1]],
  ] as const)("%s", (_, offsets, expected) => {
    const spans = offsets.map(([start, end], i) => ({ id: `s${i}`, start, end }));
    const lanes = assignLanes(spans);
    expect(spans.map((span) => lanes.get(span.id))).toEqual(expected);
  });

  test("overlapping spans never share a lane, however they are grouped", () => {
    for (let round = 0; round < 30; round++) {
      const spans = anySpans(60, 400).sort((a, b) => a.start - b.start || b.end - a.end);
      const lanes = assignAllLanes(spans);
      for (const a of spans) for (const b of spans) if (a !== b && a.start < b.end && b.start < a.end) expect(lanes.get(a.id)).not.toBe(lanes.get(b.id));
    }
  });
});

describe("blocks", () => {
  test.each([
    ["", [0]],
    ["short", [0, 5]],
    [`${"a".repeat(5000)}\n${"b".repeat(10)}`, [0, 5001, 5011]],
  ] as const)("cuts after line breaks", (text, cuts) => expect(cutBlocks(text)).toEqual(cuts));

  test("every text is covered, no pair is parted, no block is huge", () => {
    for (let i = 0; i < 40; i++) {
      const text = Array.from({ length: 3000 }, () => (random() < 0.02 ? "\n" : random() < 0.1 ? " ".repeat(3) : random() < 0.05 ? "👩" : "word".repeat(Math.ceil(random() * 5)))).join(i % 2 ? "" : " ");
      const cuts = cutBlocks(text);
      expect(cuts[0]).toBe(0);
      expect(cuts.at(-1)).toBe(text.length);
      cuts.slice(1).forEach((cut, k) => {
        expect(cut - (cuts[k] ?? 0)).toBeGreaterThan(0);
        expect(cut - (cuts[k] ?? 0)).toBeLessThanOrEqual(16384);
        expect(text.charCodeAt(cut) >= 0xdc00 && text.charCodeAt(cut) <= 0xdfff && text.charCodeAt(cut - 1) >= 0xd800 && text.charCodeAt(cut - 1) <= 0xdbff).toBe(false);
      });
    }
    expect(cutBlocks("x".repeat(100_000)).length).toBeGreaterThan(5);
  });
});

describe("shape", () => {
  test("a span's words are always the text between its offsets", () => {
    for (let i = 0; i < 300; i++) {
      const start = Math.floor(random() * TEXT.length);
      const grown = grow(TEXT, { start, end: start + 1 + Math.floor(random() * 20) }, (["symbol", "word", "sentence", "paragraph"] as const)[i % 4] ?? "symbol");
      if (!grown) continue;
      const span = makeSpan(TEXT, grown.start, grown.end);
      expect(span.text).toBe(TEXT.slice(span.start, span.end));
      expect(spanShape.read({ type: "labels", value: spanShape.write(span) })).toEqual(span);
    }
  });

  test.each([[-1, 3], [5, 5], [0, 1000]])("%i–%i is no span", (start, end) => expect(() => makeSpan(TEXT, start, end)).toThrow(RangeError));

  test.each([
    [{ start: 0, end: 13, text: "Angela Merkel" }, true],
    [{ start: 0, end: 13 }, true],
    [{ start: 1.5, end: 4.25, channel: 0 }, false],
    [{ start: "0", end: "0", startOffset: 0, endOffset: 11 }, false],
    [{ start: "/div[1]", end: "/div[1]", startOffset: 0 }, false],
  ])("%o is a span: %s", (value, expected) => expect(spanShape.matches({ type: "labels", value })).toBe(expected));
});
