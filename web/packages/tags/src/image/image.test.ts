import { parseConfig } from "@labelwright/config";
import { createEditor } from "@labelwright/engine";
import { describe, expect, test } from "vitest";
import { allTags } from "../registry";
import { imageOptions } from "./attributes";
import { loadPicture } from "./loadPicture";
import { loadToolset } from "./tools";

const image = (attributes: string, data: Record<string, unknown> = { image: " a.jpg " }) => {
  const node = parseConfig(`<View><Image name="image" ${attributes}/></View>`).byName.get("image");
  if (!node) throw new Error("no image in the config");
  return imageOptions(node, data);
};

describe("attributes", () => {
  test.each([
    ['value="$image"', { pages: ["a.jpg"], multiPage: false, zoomControl: true, rotateControl: false, grid: null, defaultZoom: "fit", maxWidth: undefined }],
    ['value="$image" rotateControl="true" zoomControl="false" grid="true" gridSize="50"', { rotateControl: true, zoomControl: false, grid: { size: 50, color: "#EEEEF4" } }],
    ['value="$image" zoom="false" negativeZoom="true" defaultZoom="original" maxWidth="600px"', { zoom: false, negativeZoom: true, defaultZoom: "original", maxWidth: "600px" }],
    ['value="$missing"', { pages: [""] }],
  ])("%s", (attributes, expected) => expect(image(attributes)).toMatchObject(expected));

  test("a list is pages", () => {
    expect(image('valueList="$pages"', { pages: ["1.jpg", "2.jpg"] })).toMatchObject({ pages: ["1.jpg", "2.jpg"], multiPage: true });
    expect(image('value="$image"', { image: ["1.jpg"] })).toMatchObject({ pages: ["1.jpg"], multiPage: true });
  });
});

test.each([
  ["", "No picture in this task"],
  ["s3://bucket/a.jpg", "This address needs a storage"],
])("address %j: %s", async (address, title) => {
  const loaded = await loadPicture(address, { crossOrigin: null, field: "$image", signal: new AbortController().signal });
  expect("problem" in loaded && loaded.problem.title).toBe(title);
});

describe("tools", () => {
  const toolset = (controls: string, readOnly = false) => {
    const editor = createEditor(parseConfig(`<View><Image name="image" value="$image"/>${controls}</View>`), { image: "a.jpg" }, { tags: allTags(), readOnly });
    return loadToolset(editor, "image").then((tools) => ({ editor, tools }));
  };
  const LABELS = `<Label value="Car"/>`;

  test.each([
    ["labels that draw", `<RectangleLabels name="r" toName="image">${LABELS}</RectangleLabels>`, ["move", "pan", "rectangle", "rectangle3"], "move"],
    ["a plain shape without labels", `<Rectangle name="r" toName="image"/>`, ["move", "pan", "rectangle", "rectangle3"], "rectangle"],
    ["a plain shape named by labels", `<Rectangle name="r" toName="image"/><Labels name="l" toName="image">${LABELS}</Labels>`, ["move", "pan", "rectangle", "rectangle3"], "move"],
    ["nothing that draws", `<Choices name="c" toName="image"><Choice value="a"/></Choices>`, ["move", "pan"], "move"],
  ])("%s", async (_, controls, ids, first) => {
    const { editor, tools } = await toolset(controls);
    expect(tools.defs.map((def) => def.id)).toEqual(ids);
    expect(tools.defaultTool(editor.session)).toBe(first);
  });

  test("a picked label draws at once; read-only never draws", async () => {
    const labels = `<Rectangle name="r" toName="image"/><Labels name="l" toName="image">${LABELS}</Labels>`;
    const { editor, tools } = await toolset(labels);
    editor.pickLabel("l", "Car");
    expect(tools.defaultTool(editor.session)).toBe("rectangle");
    const readOnly = await toolset(labels, true);
    expect(readOnly.tools.defs.map((def) => def.id)).toEqual(["move", "pan"]);
    expect(readOnly.tools.defaultTool(editor.session)).toBe("move");
  });
});
