import { describe, expect, test } from "vitest";
import { rotateBy } from "@labelwright/canvas";
import { Driver, stored } from "./driver";

describe("drawing", () => {
  test("a drag makes a box with the picked label, and selects it", () => {
    const editor = new Driver().pick("Car").drag([100, 100], [160, 140]);
    expect(editor.boxes()).toEqual([[100, 100, 60, 40, 0]]);
    const [region] = editor.editor.doc.regions.values();
    expect(editor.selected()).toEqual([region?.id]);
    expect(region?.envelope).toEqual({ original_width: 1000, original_height: 500, image_rotation: 0 });
  });

  test.each([
    ["up and left", [160, 140], [100, 100]],
    ["down and left", [160, 100], [100, 140]],
  ] as const)("a drag %s gives a positive box", (_, from, to) => {
    expect(new Driver().pick("Car").drag(from, to).boxes()).toEqual([[100, 100, 60, 40, 0]]);
  });

  test("a drag past the picture stops at its edge", () => {
    expect(new Driver().pick("Car").drag([900, 400], [1200, 700]).boxes()).toEqual([[900, 400, 100, 100, 0]]);
  });

  test("shift draws a square", () => {
    expect(new Driver().pick("Car").drag([100, 100], [160, 140], { shift: true }).boxes()).toEqual([[100, 100, 60, 60, 0]]);
  });

  test("two clicks make the same box as a drag", () => {
    expect(new Driver().pick("Car").click([100, 100]).click([160, 140]).boxes()).toEqual([[100, 100, 60, 40, 0]]);
  });

  test("a double click makes a box of default size", () => {
    expect(new Driver().pick("Car").doubleClick([100, 100]).boxes()).toEqual([[68, 68, 64, 64, 0]]);
  });

  test.each([[0, 0], [2, 1], [40, 0]] as const)("a slip of %i, %i px makes nothing", (dx, dy) => {
    const editor = new Driver().pick("Car").drag([100, 100], [100 + dx, 100 + dy]);
    editor.stage.cancel();
    expect(editor.boxes()).toEqual([]);
  });

  test("a drag over another region, and inside the selected one, starts a new one", () => {
    const editor = new Driver([stored("a", 100, 100, 200, 200)]).pick("Car");
    editor.editor.select(["a"]);
    editor.drag([150, 150], [220, 220]);
    expect(editor.boxes()).toEqual([[100, 100, 200, 200, 0], [150, 150, 70, 70, 0]]);
  });

  test("a click on a region selects it, also with the shape tool", () => {
    const editor = new Driver([stored("a", 100, 100, 200, 200)]).pick("Car").click([150, 150]);
    expect(editor.selected()).toEqual(["a"]);
    expect(editor.stage.busy).toBe(false);
  });

  test("escape drops what is half drawn", () => {
    const editor = new Driver().pick("Car").down([10, 10]).move([50, 50]);
    expect(editor.stage.draft).not.toBeNull();
    expect(editor.stage.cancel()).toBe(true);
    editor.up();
    expect(editor.boxes()).toEqual([]);
    expect(editor.stage.draft).toBeNull();
  });

  test("without a label nothing is made", () => {
    expect(new Driver().tool("rectangle").drag([10, 10], [60, 40]).boxes()).toEqual([]);
  });

  test("on a turned view the box lies where it was drawn", () => {
    const editor = new Driver().pick("Car");
    editor.stage.setViewport(rotateBy(editor.stage.viewport, 1));
    editor.drag([100, 100], [160, 140]);
    expect(editor.boxes()).toEqual([[100, 100, 60, 40, 0]]);
    const [region] = editor.editor.doc.regions.values();
    expect(region?.envelope.image_rotation).toBe(90);
  });

  test("three points make a turned box", () => {
    const editor = new Driver().pick("Car").tool("rectangle3").drag([100, 100], [140, 140]).click([120, 160]);
    expect(editor.boxes()).toEqual([[100, 100, 56.57, 28.28, 45]]);
  });
});

describe("selecting", () => {
  const nested = () => new Driver([stored("small", 140, 140, 20, 20), stored("large", 100, 100, 200, 200), stored("middle", 120, 120, 100, 100)]);

  test("a click takes the smallest; further clicks there the next larger ones", () => {
    const editor = nested();
    const seen = [1, 2, 3, 4].map(() => editor.click([150, 150]).selected()[0]);
    expect(seen).toEqual(["small", "middle", "large", "small"]);
  });

  test("alt+click takes the next larger one", () => {
    const editor = nested().click([150, 150]).click([155, 158], { alt: true });
    expect(editor.selected()).toEqual(["middle"]);
  });

  test("ctrl+click adds and removes", () => {
    const editor = nested().click([150, 150]).click([290, 290], { ctrl: true });
    expect(editor.selected()).toEqual(["small", "large"]);
    expect(editor.click([290, 290], { ctrl: true }).selected()).toEqual(["small"]);
  });

  test("a click beside everything selects nothing", () => {
    expect(nested().click([150, 150]).click([500, 50]).selected()).toEqual([]);
  });

  test("a marquee selects what it touches", () => {
    expect(nested().drag([50, 50], [130, 130]).selected()).toEqual(["large", "middle"]);
  });

  test("hidden regions are not hit", () => {
    const editor = nested();
    editor.editor.setHidden(["small"], true);
    expect(editor.click([150, 150]).selected()).toEqual(["middle"]);
  });

  test("a turned box is hit where it is drawn", () => {
    const editor = new Driver([stored("a", 200, 100, 100, 20, 90)]);
    expect(editor.click([190, 180]).selected()).toEqual(["a"]);
    expect(editor.click([280, 110]).selected()).toEqual([]);
  });

  test("while a relation is drawn a click ends it", () => {
    const editor = nested();
    editor.editor.startLink("large");
    editor.click([150, 150]);
    expect(editor.editor.doc.relations).toMatchObject([{ from: "large", to: "small" }]);
    expect(editor.editor.session.linkingFrom).toBeNull();
  });

  test("hover follows the pointer", () => {
    const editor = nested().move([150, 150]);
    expect(editor.editor.session.hovered).toBe("small");
    editor.stage.pointerLeave();
    expect(editor.editor.session.hovered).toBeNull();
  });
});

describe("moving and reshaping", () => {
  const one = (rotation = 0) => {
    const editor = new Driver([stored("a", 100, 100, 100, 60, rotation)]);
    editor.editor.select(["a"]);
    return editor;
  };

  test("a drag moves it: one undo entry", () => {
    const editor = one().drag([150, 130], [180, 140]);
    expect(editor.boxes()).toEqual([[130, 110, 100, 60, 0]]);
    editor.editor.undo();
    expect(editor.boxes()).toEqual([[100, 100, 100, 60, 0]]);
  });

  test("while dragged it is lifted and the document is untouched", () => {
    const editor = one().down([150, 130]).move([180, 140]);
    expect([...editor.stage.lifted]).toEqual(["a"]);
    expect(editor.boxes()).toEqual([[100, 100, 100, 60, 0]]);
    editor.stage.cancel();
    expect(editor.stage.lifted.size).toBe(0);
  });

  test("a moved region stays inside the picture", () => {
    expect(one().drag([150, 130], [-500, -500]).boxes()).toEqual([[0, 0, 100, 60, 0]]);
  });

  test("an unselected region is selected and moved in one drag", () => {
    const editor = new Driver([stored("a", 100, 100, 100, 60)]).drag([150, 130], [160, 130]);
    expect(editor.selected()).toEqual(["a"]);
    expect(editor.boxes()).toEqual([[110, 100, 100, 60, 0]]);
  });

  test("several selected regions move together: one undo entry", () => {
    const editor = new Driver([stored("a", 100, 100, 50, 50), stored("b", 300, 100, 50, 50)]);
    editor.editor.select(["a", "b"]);
    editor.drag([120, 120], [130, 140]);
    expect(editor.boxes()).toEqual([[110, 120, 50, 50, 0], [310, 120, 50, 50, 0]]);
    editor.editor.undo();
    expect(editor.boxes()).toEqual([[100, 100, 50, 50, 0], [300, 100, 50, 50, 0]]);
  });

  test.each([
    ["se", [200, 160], [220, 180], [100, 100, 120, 80, 0]],
    ["nw", [100, 100], [80, 90], [80, 90, 120, 70, 0]],
    ["e", [200, 130], [250, 10], [100, 100, 150, 60, 0]],
    ["n", [150, 100], [150, 200], [100, 160, 100, 40, 0]],
  ] as const)("grip %s", (_, from, to, box) => {
    expect(one().drag(from, to).boxes()).toEqual([box]);
  });

  test("shift keeps the proportions at a corner", () => {
    expect(one().drag([200, 160], [300, 220], { shift: true }).boxes()).toEqual([[100, 100, 200, 120, 0]]);
  });

  test("the rotation grip turns it about its centre; shift in steps of 15°", () => {
    const editor = one().drag([150, 78], [250, 130]);
    expect(editor.boxes()).toEqual([[180, 80, 100, 60, 90]]);
    expect(one().drag([150, 78], [200, 40], { shift: true }).boxes()[0]?.[4]).toBe(30);
  });

  test("a turned box resizes along its own sides", () => {
    const editor = one(90).drag([40, 200], [30, 260]);
    expect(editor.boxes()).toEqual([[100, 100, 160, 70, 90]]);
  });

  test("a read-only region can be selected, not moved", () => {
    const editor = new Driver([{ ...stored("a", 100, 100, 100, 60), readonly: true }]).drag([150, 130], [180, 140]);
    expect(editor.selected()).toEqual(["a"]);
    expect(editor.boxes()).toEqual([[100, 100, 100, 60, 0]]);
  });

  test("with the shape tool a grip still resizes the new box", () => {
    const editor = new Driver().pick("Car").drag([100, 100], [200, 160]).drag([200, 160], [220, 180]);
    expect(editor.boxes()).toEqual([[100, 100, 120, 80, 0]]);
  });
});

test("the pan tool moves the view and no region", () => {
  const editor = new Driver([stored("a", 100, 100, 100, 60)]).tool("pan");
  const screen = (x: number) => ({ screen: { x, y: 0 }, image: { x: 0, y: 0 }, kind: "mouse" as const, shift: false, alt: false, ctrl: false, presses: 1 });
  editor.stage.pointerDown(screen(0));
  editor.stage.pointerMove(screen(40));
  editor.stage.pointerUp(screen(40));
  expect(editor.stage.viewport.x).toBe(40);
  expect(editor.boxes()).toEqual([[100, 100, 100, 60, 0]]);
});

test("pages: only the regions of the shown page are there", () => {
  const editor = new Driver([stored("a", 100, 100, 100, 60), { ...stored("b", 300, 100, 50, 50), item_index: 1 }]);
  expect([...editor.stage.items.keys()]).toEqual(["a"]);
  editor.editor.setPage("image", 1);
  expect([...editor.stage.items.keys()]).toEqual(["b"]);
});
