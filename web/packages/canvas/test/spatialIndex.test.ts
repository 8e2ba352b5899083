import { expect, test } from "vitest";
import { overlaps, SpatialIndex, type Bounds } from "@labelwright/canvas";
import { between, random } from "./random";

const box = (): Bounds => {
  const [x, y] = [between(0, 1000), between(0, 1000)];
  return { minX: x, minY: y, maxX: x + between(0, 30), maxY: y + between(0, 30) };
};

test.each([0, 1, 15, 16, 17, 300, 5000])("%i boxes: a search finds what a loop finds", (n) => {
  const index = new SpatialIndex<number>();
  const all = new Map<number, Bounds>();
  const set = (id: number): void => {
    const b = box();
    all.set(id, b);
    index.set(id, b);
  };
  for (let i = 0; i < n; i++) set(i);
  for (let round = 0; round < 30; round++) {
    for (let i = 0; i < n / 40; i++) {
      const id = Math.floor(random() * n * 1.1);
      if (random() < 0.5) set(id);
      else if (all.delete(id)) index.delete(id);
    }
    const x = between(-50, 1000);
    const q = { minX: x, minY: x / 2, maxX: x + between(0, 200), maxY: x / 2 + between(0, 200) };
    const expected = [...all].filter(([, b]) => overlaps(b, q)).map(([id]) => id);
    expect(index.search(q).sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
  }
  expect(index.size).toBe(all.size);
});

test("clear forgets everything", () => {
  const index = new SpatialIndex<string>();
  index.set("a", { minX: 0, minY: 0, maxX: 1, maxY: 1 });
  index.clear();
  expect(index.search({ minX: 0, minY: 0, maxX: 1, maxY: 1 })).toEqual([]);
});
