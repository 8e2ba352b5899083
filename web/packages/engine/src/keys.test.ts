import { describe, expect, test } from "vitest";
import { assignKeys, comboId, parseCombo } from "./keys";
import { open } from "./testing";
import type { KeyPress } from "./types";

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({ key, code: "", ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...more });

test.each([
  ["Ctrl+Shift+Z", "ctrl+shift+z"],
  ["mod+enter", "ctrl+enter"],
  ["?", "?"],
  ["ctrl++", "ctrl+plus"],
  ["space", " "],
  ["alt+.", "alt+."],
  ["shift", null],
])("%s is %s", (text, id) => {
  const combo = parseCombo(text, false);
  expect(combo && comboId(combo)).toEqual(id);
});

test("keys: the wanted first, then digits, shifted digits and free letters", () => {
  const slots = Array.from({ length: 24 }, (_, index) => ({ id: `s${index}`, wanted: index === 3 ? "2" : null }));
  const ours = [...assignKeys(slots, "labelwright").entries()].toSorted((a, b) => Number(a[0].slice(1)) - Number(b[0].slice(1))).map(([, key]) => key);
  expect(ours.slice(0, 12)).toEqual(["1", "3", "4", "2", "5", "6", "7", "8", "9", "0", "shift+1", "shift+2"]);
  expect(ours.slice(19)).toEqual(["q", "a", "d", "f", "g"].slice(0, ours.length - 19));
  expect(assignKeys(slots, "label-studio").get("s10")).toBe("q");
});

describe("a key press", () => {
  const config = '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="a" hotkey="x"/><Choice value="b"/></Choices></View>';
  test.each<[string, KeyPress, boolean]>([
    ["by its own key", press("x"), true],
    ["by where it sits on a Cyrillic keyboard", press("ч", { code: "KeyX" }), true],
    ["by the digit row on AZERTY", press("&", { code: "Digit1" }), true],
    ["not in a text field", press("x", { focus: "field" }), false],
    ["not with ctrl", press("x", { ctrlKey: true }), false],
    ["nor another key", press("z"), false],
  ])("%s", (_, event, runs) => {
    const editor = open(config);
    expect(editor.commands.handle(event)).toBe(runs);
    expect(editor.answerOf("c") !== undefined).toBe(runs);
  });

  test("of a screen's command may be used in fields, and a person's own key wins", () => {
    const editor = open(config, {}, { customHotkeys: { submit: "ctrl+s" } });
    const ran: string[] = [];
    const stop = editor.commands.add([
      { id: "submit", title: "Submit", group: "Task", keys: { labelwright: ["enter"], labelStudio: ["ctrl+enter"] }, inFields: true, run: () => ran.push("submit") },
    ]);
    expect([press("Enter"), press("s", { ctrlKey: true, focus: "field" })].map((event) => editor.commands.handle(event))).toEqual([false, true]);
    expect(editor.commands.keyOf("submit")).toBe("ctrl+s");
    stop();
    expect(editor.commands.keyOf("submit")).toBeNull();
    expect(ran).toEqual(["submit"]);
  });

  test("that two commands claim is reported", () => {
    const editor = open('<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="a" hotkey="j"/><Choice value="b" hotkey="j"/></Choices></View>');
    expect([...editor.commands.conflicts()]).toEqual([["j", ["option:c:a", "option:c:b"]]]);
  });

  test("Enter on a focused button is the button's, on a chosen radio it goes on", () => {
    const editor = open(config);
    let ran = 0;
    editor.commands.add([{ id: "submit", title: "", group: "", keys: { labelwright: ["enter"], labelStudio: [] }, run: () => (ran += 1) }]);
    for (const focus of ["button", "choice", "none", "field"] as const) editor.commands.handle(press("Enter", { focus }));
    expect(ran).toBe(2);
  });
});
