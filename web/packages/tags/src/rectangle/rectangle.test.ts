import { parseConfig } from "@labelwright/config";
import { createEditor, type ResultItem } from "@labelwright/engine";
import { describe, expect, test } from "vitest";
import { between } from "../../../canvas/test/random";
import { rectangle, rectangleLabels } from ".";
import { fromBox, rectangleCanvas, toBox } from "./canvas";
import { rectangleShape } from "./shape";

const IMAGE = { width: 1280, height: 853 };
const FRAME = { image: IMAGE, scale: 0.7 };

const anyShape = () => ({ kind: "rectangle" as const, x: between(-10, 90), y: between(-10, 90), width: between(0.1, 60), height: between(0.1, 60), rotation: between(0, 360) });
const near = (a: object, b: object) => {
  for (const [key, value] of Object.entries(a)) {
    const other = (b as Record<string, unknown>)[key];
    if (typeof value === "number") expect(other).toBeCloseTo(value, 8);
    else expect(other).toEqual(value);
  }
};

describe("geometry and result", () => {
  test("percent → pixels → percent is the identity", () => {
    for (let i = 0; i < 300; i++) {
      const shape = anyShape();
      near(shape, fromBox(toBox(shape, IMAGE), IMAGE));
    }
  });

  test("what is written is read back", () => {
    for (let i = 0; i < 100; i++) {
      const shape = anyShape();
      const item: ResultItem = { type: "rectanglelabels", value: { ...rectangleShape.write(shape), rectanglelabels: ["Car"] } };
      expect(rectangleShape.matches(item)).toBe(true);
      expect(rectangleShape.read(item)).toEqual(shape);
    }
  });

  test("a result without rotation is upright", () => {
    expect(rectangleShape.read({ type: "rectangle", value: { x: 1, y: 2, width: 3, height: 4 } })).toEqual({ kind: "rectangle", x: 1, y: 2, width: 3, height: 4, rotation: 0 });
  });

  test.each([
    [{ x: 50, y: 50, radiusX: 10, radiusY: 5 }],
    [{ points: [[1, 1]] }],
    [{ x: 50, y: 50, width: 0.3 }],
  ])("%o is no rectangle", (value) => expect(rectangleShape.matches({ type: "x", value })).toBe(false));

  test("a stored rectangle with its picture's size comes back as it was", () => {
    const stored: ResultItem[] = [{
      id: "r1", from_name: "label", to_name: "image", type: "rectanglelabels", origin: "manual",
      value: { x: 10, y: 20, width: 30, height: 15, rotation: 12, rectanglelabels: ["Car"] },
      original_width: 1280, original_height: 853, image_rotation: 90,
    }];
    const config = parseConfig(`<View><Image name="image" value="$image"/><RectangleLabels name="label" toName="image"><Label value="Car"/></RectangleLabels></View>`);
    expect(createEditor(config, { image: "a.jpg" }, { tags: [rectangle, rectangleLabels], result: stored }).serialize()).toEqual(stored);
  });
});

describe("reshaping", () => {
  test("dragging a grip to where it is changes nothing", () => {
    for (let i = 0; i < 200; i++) {
      const shape = anyShape();
      for (const handle of rectangleCanvas.handles?.(shape, FRAME, { canRotate: true }) ?? []) {
        const back = rectangleCanvas.reshape?.(shape, FRAME, handle.id, handle.at, { keepRatio: false });
        if (!back) throw new Error("a rectangle can be reshaped");
        near({ ...shape, rotation: 0 }, { ...back, rotation: 0 });
        expect(Math.cos(((back.rotation - shape.rotation) * Math.PI) / 180)).toBeCloseTo(1, 8);
      }
    }
  });

  test("the opposite corner stays where it is, whatever the rotation", () => {
    const opposite: Record<string, string> = { nw: "se", ne: "sw", se: "nw", sw: "ne" };
    for (let i = 0; i < 200; i++) {
      const shape = anyShape();
      const at = (s: typeof shape, id: string) => rectangleCanvas.handles?.(s, FRAME, { canRotate: false }).find((handle) => handle.id === id)?.at;
      for (const [grip, fixed] of Object.entries(opposite)) {
        const from = at(shape, grip);
        const before = at(shape, fixed);
        const to = from && { x: from.x + between(-5, 5) * (shape.width / 60), y: from.y + between(-5, 5) * (shape.height / 60) };
        const moved = to && rectangleCanvas.reshape?.(shape, FRAME, grip, to, { keepRatio: false });
        if (!moved || !before || moved.width < 0.2 || moved.height < 0.2) continue;
        const corners = ["nw", "ne", "se", "sw"].map((id) => at(moved, id));
        const closest = Math.min(...corners.map((corner) => (corner ? Math.hypot(corner.x - before.x, corner.y - before.y) : Infinity)));
        expect(closest).toBeLessThan(1e-6);
      }
    }
  });

  test("turning keeps the centre and the size", () => {
    for (let i = 0; i < 200; i++) {
      const shape = anyShape();
      const turned = rectangleCanvas.reshape?.(shape, FRAME, "rotate", { x: between(0, 1280), y: between(0, 853) }, { keepRatio: false });
      if (!turned) throw new Error("a rectangle can be turned");
      const centre = (s: typeof shape) => {
        const [a, , c] = [toBox(s, IMAGE)].flatMap((box) => {
          const angle = (box.rotation * Math.PI) / 180;
          const corner = { x: box.x + box.width * Math.cos(angle) - box.height * Math.sin(angle), y: box.y + box.width * Math.sin(angle) + box.height * Math.cos(angle) };
          return [{ x: box.x, y: box.y }, null, corner];
        });
        return { x: ((a?.x ?? 0) + (c?.x ?? 0)) / 2, y: ((a?.y ?? 0) + (c?.y ?? 0)) / 2 };
      };
      near(centre(shape), centre(turned));
      near({ width: shape.width, height: shape.height }, turned);
    }
  });

  test("moving there and back changes nothing", () => {
    for (let i = 0; i < 100; i++) {
      const shape = anyShape();
      const by = { x: between(-100, 100), y: between(-100, 100) };
      near(shape, rectangleCanvas.translate(rectangleCanvas.translate(shape, IMAGE, by), IMAGE, { x: -by.x, y: -by.y }));
    }
  });
});

test.each([
  [{ x: 10.04, y: 20, width: 30, height: 15.55, rotation: 0 }, "30 × 15.6 at 10, 20"],
  [{ x: 1, y: 2, width: 3, height: 4, rotation: 12.3 }, "3 × 4 at 1, 2, turned 12.3°"],
])("%o in words", (shape, words) => expect(rectangleShape.describe?.({ kind: "rectangle", ...shape })).toBe(words));
