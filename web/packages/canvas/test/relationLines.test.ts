import { expect, test } from "vitest";
import { edgeToward } from "../src/relationLines";

const BOX = { minX: 0, minY: 0, maxX: 20, maxY: 10 };

test.each([
  ["right", { x: 100, y: 5 }, { x: 20, y: 5 }],
  ["up", { x: 10, y: -50 }, { x: 10, y: 0 }],
  ["through a corner", { x: 30, y: 15 }, { x: 20, y: 10 }],
  ["inside: stays in the middle", { x: 11, y: 5 }, { x: 10, y: 5 }],
])("the way %s leaves the box at its edge", (_, to, edge) => expect(edgeToward(BOX, to)).toEqual(edge));
