import { expect, test } from "vitest";
import { chordOf } from "./commands";

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

test.each([
  [{ key: "k", ctrlKey: true }, "mod+k"],
  [{ key: "k", metaKey: true }, "mod+k"],
  [{ key: "K", shiftKey: true }, "shift+k"],
  [{ key: "?", shiftKey: true }, "?"],
  [{ key: " " }, "space"],
  [{ key: "ArrowDown", altKey: true, shiftKey: true }, "alt+shift+arrowdown"],
])("chordOf(%j) = %s", (event, chord) => {
  expect(chordOf({ ...plain, ...event })).toBe(chord);
});
