import type { Command } from "@labelwright/engine";
import { expect, test } from "vitest";
import { hotkeyRows, presetKeys, spellPress, splitKeys, withKeys } from "./hotkeys";

const command = (id: string, group: string, labelwright: string[], labelStudio = labelwright): Command => ({ id, title: id, group, keys: { labelwright, labelStudio }, run: () => undefined });
const commands = [
  command("task:next", "Task", ["]"], ["shift+down"]),
  command("image:rotate-left", "Image", [","]),
  command("text:caret", "Text", ["c"]),
  command("tool:circle", "Tools", ["c"]),
  command("screen:keys", "Screen", ["?"]),
  command("option:label:Car", "label", ["1"]),
];

test("rows carry the keys in force and leave the project's own labels out", () => {
  const rows = hotkeyRows(commands, { "task:next": { key: "n,alt+n", active: true }, "screen:keys": { key: "none", active: false } });
  expect(rows.map(({ id, keys, isChanged }) => [id, keys.join(" "), isChanged])).toEqual([
    ["task:next", "n alt+n", true],
    ["image:rotate-left", ",", false],
    ["text:caret", "c", false],
    ["tool:circle", "c", false],
    ["screen:keys", "", true],
  ]);
  expect(rows.flatMap((row) => row.conflicts)).toEqual([]);
});

test("two commands that want one key are a conflict, whatever the spelling", () => {
  const rows = hotkeyRows(commands, { "task:next": { key: "?", active: true } });
  expect(rows.filter((row) => row.conflicts.length > 0).map((row) => [row.id, row.conflicts])).toEqual([
    ["task:next", ["screen:keys"]],
    ["screen:keys", ["task:next"]],
  ]);
});

test("presets", () => {
  expect(presetKeys(commands, "labelwright")).toEqual({});
  expect(presetKeys(commands, "labelStudio")).toEqual({ "task:next": { key: "shift+down", active: true } });
});

test("withKeys sets, switches off and resets", () => {
  const set = withKeys({}, "a:b", ["x", "ctrl+x"]);
  expect(set).toEqual({ "a:b": { key: "x,ctrl+x", active: true } });
  expect(withKeys(set, "a:b", [])).toEqual({ "a:b": { key: "x,ctrl+x", active: false } });
  expect(withKeys(set, "a:b", null)).toEqual({});
});

test.each([
  [{ key: "a", ctrlKey: true }, "ctrl+a"],
  [{ key: "?", shiftKey: true }, "?"],
  [{ key: "A", shiftKey: true }, "shift+a"],
  [{ key: " " }, "space"],
  [{ key: "ArrowUp", altKey: true }, "alt+up"],
  [{ key: "Shift", shiftKey: true }, null],
])("spellPress(%j) = %s", (event, spelled) => {
  expect(spellPress({ ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...event })).toBe(spelled);
});

test.each([
  ["a,b", ["a", "b"]],
  [",", [","]],
  ["a,,", ["a", ","]],
])("splitKeys(%j)", (text, keys) => {
  expect(splitKeys(text)).toEqual(keys);
});
