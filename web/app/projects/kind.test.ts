import { expect, test } from "vitest";
import type { ControlInfo } from "../api/models";
import { describeConfig } from "./kind";

const control = (type: string, input: string): ControlInfo => ({ type, to_name: ["x"], inputs: [{ type: input, value: "x" }], labels: [] });

test.each<[Record<string, ControlInfo> | null, string]>([
  [{ a: control("RectangleLabels", "Image") }, "Image · boxes"],
  [{ a: control("Choices", "Text"), b: control("TextArea", "Text") }, "Text · choices, text"],
  [{ a: control("Labels", "Audio") }, "Audio · segments"],
  [{ a: control("Labels", "Text") }, "Text · spans"],
  [{ a: control("Novelty", "Text") }, "Text · novelty"],
  [{}, ""],
  [null, ""],
])("describeConfig(%j)", (config, words) => {
  expect(describeConfig(config)).toBe(words);
});
