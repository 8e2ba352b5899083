import { describe, expect, test } from "vitest";
import {
  boundsToScreen, fitViewport, imageTransform, panBy, placeViewport, reveal, rotateBy, toImage, toScreen, visibleBounds, zoomAt, type Quarter, type Viewport,
} from "@labelwright/canvas";
import { random } from "./random";

const IMAGE = { width: 400, height: 200 };
const SCREEN = { width: 800, height: 600 };
const QUARTERS: Quarter[] = [0, 90, 180, 270];

const anyView = (): Viewport => {
  const rotation = QUARTERS[Math.floor(random() * 4)] ?? 0;
  return { image: IMAGE, screen: SCREEN, scale: 0.1 + random() * 8, x: random() * 400 - 200, y: random() * 400 - 200, rotation };
};

test.each([
  [0, { scale: 2, x: 0, y: 100 }],
  [90, { scale: 1.5, x: 250, y: 0 }],
  [180, { scale: 2, x: 0, y: 100 }],
  [270, { scale: 1.5, x: 250, y: 0 }],
] as const)("fit at %i° shows the whole picture in the middle", (rotation, place) => {
  expect(fitViewport(IMAGE, SCREEN, rotation)).toMatchObject(place);
});

test.each([
  [0, 0, 0, 0, 100],
  [0, 400, 200, 800, 500],
  [90, 0, 0, 550, 0],
  [90, 400, 200, 250, 600],
  [180, 0, 0, 800, 500],
  [270, 0, 0, 250, 600],
] as const)("at %i° image point %i, %i stands at %i, %i", (rotation, x, y, sx, sy) => {
  expect(toScreen(fitViewport(IMAGE, SCREEN, rotation), { x, y })).toEqual({ x: sx, y: sy });
});

test("from the image to the screen and back is the identity, and the transform says the same", () => {
  for (let i = 0; i < 500; i++) {
    const v = anyView();
    const p = { x: random() * 400, y: random() * 200 };
    const s = toScreen(v, p);
    const back = toImage(v, s);
    expect(back.x).toBeCloseTo(p.x, 8);
    expect(back.y).toBeCloseTo(p.y, 8);
    const [a, b, c, d, e, f] = imageTransform(v);
    expect(a * p.x + c * p.y + e).toBeCloseTo(s.x, 8);
    expect(b * p.x + d * p.y + f).toBeCloseTo(s.y, 8);
  }
});

test("zoom keeps the point under the cursor, within its limits", () => {
  for (let i = 0; i < 200; i++) {
    const v = fitViewport(IMAGE, SCREEN, QUARTERS[i % 4]);
    const at = { x: 300 + random() * 200, y: 200 + random() * 200 };
    const zoomed = zoomAt(v, at, 1 + random() * 5, { min: 0.1, max: 20 });
    const before = toImage(v, at);
    const after = toImage(zoomed, at);
    expect(after.x).toBeCloseTo(before.x, 6);
    expect(after.y).toBeCloseTo(before.y, 6);
  }
  expect(zoomAt(fitViewport(IMAGE, SCREEN), { x: 0, y: 0 }, 1e6, { min: 0.1, max: 20 }).scale).toBe(20);
});

test("turning four times, or there and back, changes nothing", () => {
  const v = zoomAt(fitViewport(IMAGE, SCREEN), { x: 500, y: 320 }, 3, { min: 0.1, max: 20 });
  for (const turned of [[1, 1, 1, 1], [1, -1], [2, 2]].map((turns) => turns.reduce(rotateBy, v))) {
    expect(turned.rotation).toBe(0);
    expect(turned.x).toBeCloseTo(v.x, 6);
    expect(turned.y).toBeCloseTo(v.y, 6);
  }
});

test("the picture cannot be panned out of sight", () => {
  for (const [dx, dy] of [[1e5, 0], [-1e5, 0], [0, 1e5], [0, -1e5]] as const) {
    const s = boundsToScreen(panBy(fitViewport(IMAGE, SCREEN), dx, dy), { minX: 0, minY: 0, maxX: 400, maxY: 200 });
    expect(s.maxX).toBeGreaterThanOrEqual(48);
    expect(s.minX).toBeLessThanOrEqual(752);
    expect(s.maxY).toBeGreaterThanOrEqual(48);
    expect(s.minY).toBeLessThanOrEqual(552);
  }
});

describe("reveal", () => {
  const v = placeViewport(IMAGE, { width: 100, height: 100 }, 0, 1);
  test("leaves what is in sight", () => expect(reveal(v, { minX: 180, minY: 90, maxX: 220, maxY: 110 })).toBe(v));
  test("scrolls to what is not", () => {
    const seen = visibleBounds(reveal(v, { minX: 0, minY: 0, maxX: 20, maxY: 20 }));
    expect(seen.minX).toBeLessThanOrEqual(0);
    expect(seen.minY).toBeLessThanOrEqual(0);
  });
});
