import { describe, expect, test } from "vitest";
import { drawCurve } from "./curve";

const frame = { width: 120, height: 120, left: 10, right: 10, top: 10, bottom: 10 };
const points = [
  { labels: 50, value: 0.5, low: 0.4, high: 0.6 },
  { labels: 100, value: 0.8, low: 0.7, high: 0.9 },
];

describe("drawCurve", () => {
  test("puts labels along the width and shares between 0 and 1 along the height", () => {
    const drawing = drawCurve(points, 0.5, frame);
    expect(drawing.line).toBe("M60 60L110 30");
    expect(drawing.baselineY).toBe(60);
    expect(drawing.xTicks).toEqual([{ x: 10, labels: 0 }, { x: 60, labels: 50 }, { x: 110, labels: 100 }]);
    expect(drawing.yTicks.map(({ value }) => value)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });

  test("draws the band forth along the upper ends and back along the lower ones", () => {
    expect(drawCurve(points, null, frame).band).toBe("M60 50L110 20L110 40L60 70Z");
  });

  test("an error in units of its own starts at 0 and ends at a round number", () => {
    const drawing = drawCurve([{ labels: 20, value: 31, low: 25, high: 37 }], null, frame);
    expect(drawing.yTicks.at(-1)).toEqual({ y: 10, value: 40 });
  });
});
