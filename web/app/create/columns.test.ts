import { expect, test } from "vitest";
import { detectColumn, detectColumns, guessLabels, mainColumn, type ColumnKind } from "./columns";

test.each<[string, unknown[], ColumnKind]>([
  ["image_url", ["https://x.example/a.jpg?v=1", "https://x.example/b.PNG"], "image"],
  ["photo", ["https://x.example/1", "https://x.example/2"], "image"],
  ["url", ["s3://b/a.wav"], "audio"],
  ["clip", ["/data/upload/1/a.mp4"], "video"],
  ["doc", ["a.pdf"], "pdf"],
  ["body", ["<p>Hi</p>", "<div>x</div>"], "html"],
  ["talk", [[{ author: "a", text: "hi" }]], "dialogue"],
  ["items", [["a", "b"]], "list"],
  ["customer_id", [1, 2], "id"],
  ["taskId", ["x"], "id"],
  ["price", [1.5, 2], "number"],
  ["sentiment", ["pos", "neg", "pos", "pos"], "class"],
  ["text", ["one", "two", "three", "four"], "text"],
  ["text", ["one"], "text"],
  ["meta", [{ a: 1 }], "other"],
  ["nothing", [], "other"],
])("%s of %j is %s", (name, values, kind) => {
  expect(detectColumn(name, values).kind).toBe(kind);
});

const rows = [
  { id: 1, title: "Short", text: "A much longer text that people read", label: "spam" },
  { id: 2, title: "Other", text: "Another long text that people read", label: "ham" },
  { id: 3, title: "Third", text: "Still another text that people read", label: "spam" },
  { id: 4, title: "Four", text: "The last of the texts that people read", label: "spam" },
];

test("the main column is the longest text, or media", () => {
  expect(mainColumn(detectColumns(rows))?.name).toBe("text");
  expect(mainColumn(detectColumns([{ caption: "Some words", file: "a.jpg" }]))?.name).toBe("file");
  expect(mainColumn([])).toBeNull();
});

test("labels are guessed from a column of classes, most frequent first", () => {
  expect(guessLabels(detectColumns(rows))).toEqual(["spam", "ham"]);
  expect(guessLabels(detectColumns([{ text: "a" }]))).toEqual([]);
});
