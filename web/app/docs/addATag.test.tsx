// @vitest-environment jsdom
/** The code of `docs/howto/add-a-tag.md` compiles, draws and answers as the page says. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { registerSchema } from "@labelwright/config";
import { LabelEditor } from "@labelwright/editor";
import type { Editor } from "@labelwright/engine";
import { registerTag } from "@labelwright/tags";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import ts from "typescript";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
// what jsdom lacks
globalThis.ResizeObserver ??= class { observe() {} unobserve() {} disconnect() {} };
globalThis.CSS ??= { escape: (text: string) => text } as typeof CSS;
globalThis.matchMedia ??= () => ({ matches: false, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;

const here = import.meta.dirname;
const page = readFileSync(join(here, "../../../docs/howto/add-a-tag.md"), "utf8");
const files = new Map([...page.matchAll(/^<!-- file: (\S+) -->\n```\w+\n([\s\S]*?)^```$/gm)].map(([, path = "", text = ""]) => [path, text]));
const schema = JSON.parse(files.get("src/labelwright/labelconfig/tags/verdict.json") ?? "{}");

/** The page's files, in a folder of their own beside this test; imports of the tags package lead there from here. */
const folder = mkdtempSync(join(here, ".verdict-"));
const written = [...files].map(([path, text]) => {
  const file = join(folder, basename(path));
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text.replaceAll('"../', '"../../../packages/tags/src/'));
  return file;
});

let root: Root | undefined;
beforeAll(async () => {
  registerSchema((await import(/* @vite-ignore */ join(folder, "verdict.json?facts"))).default);
  registerTag((await import(/* @vite-ignore */ join(folder, "index.ts"))).verdict);
});
afterEach(async () => act(async () => root?.unmount()));
afterAll(() => rmSync(folder, { recursive: true }));

async function open(): Promise<{ box: HTMLElement; editor: Editor }> {
  const box = document.body.appendChild(document.createElement("div"));
  const mounted = createRoot(box);
  root = mounted;
  let editor: Editor | undefined;
  await act(async () => mounted.render(<LabelEditor config={schema.example} task={{ id: 1, data: schema.data }} onEditor={(opened) => (editor = opened)} />));
  for (let round = 0; round < 600 && box.querySelector("[aria-busy]"); round += 1) await act(async () => new Promise((done) => setTimeout(done, 25)));
  if (!editor) throw new Error("no editor");
  return { box, editor };
}

const press = (key: string) => act(async () => void document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })));

test("the page has the three files of a tag", () => {
  expect([...files.keys()]).toEqual(["src/labelwright/labelconfig/tags/verdict.json", "web/packages/tags/src/verdict/index.ts", "web/packages/tags/src/verdict/Verdict.tsx"]);
});

test("the tag is drawn and answers by key and by click as its sample says", async () => {
  const { box, editor } = await open();
  expect(box.querySelector("legend")?.textContent).toBe("Do you agree?");
  expect(editor.problems()).toHaveLength(1);
  await press("a");
  const { id: _, ...answer } = schema.sampleResult[0];
  expect(editor.serialize()).toMatchObject([answer]);
  expect(editor.problems()).toEqual([]);
  await press("a");
  expect(editor.serialize()).toEqual([]);
  await act(async () => box.querySelectorAll<HTMLInputElement>("input[type=radio]")[2]?.click());
  expect(editor.serialize()).toMatchObject([{ type: "verdict", value: { verdict: "disagree" } }]);
});

test("the code has no type errors", { timeout: 60_000 }, () => {
  const config = ts.readConfigFile(join(here, "../../tsconfig.json"), ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, join(here, "../.."), undefined, "tsconfig.json");
  const sources = written.filter((file) => /\.tsx?$/.test(file));
  const program = ts.createProgram(sources, options);
  const found = sources.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
  expect(found.map((one) => ts.flattenDiagnosticMessageText(one.messageText, "\n"))).toEqual([]);
});
