// @vitest-environment jsdom
import type { Editor, ResultItem } from "@labelwright/engine";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LabelEditor, type LabelEditorProps } from "./LabelEditor";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
// what jsdom lacks
globalThis.ResizeObserver ??= class { observe() {} unobserve() {} disconnect() {} };
globalThis.matchMedia ??= () => ({ matches: false, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
globalThis.CSS ??= { escape: (text: string) => text } as typeof CSS;
Range.prototype.getBoundingClientRect ??= () => new DOMRect();
HTMLElement.prototype.scrollIntoView = () => undefined;
HTMLElement.prototype.scrollTo = () => undefined;

let root: Root;
let box: HTMLElement;
let editor: Editor;

beforeEach(() => {
  box = document.body.appendChild(document.createElement("div"));
  root = createRoot(box);
});

afterEach(async () => {
  await act(async () => root.unmount());
  box.remove();
});

async function open(config: string, more: Partial<LabelEditorProps> = {}): Promise<void> {
  await act(async () => root.render(<LabelEditor config={config} task={{ id: 1, data: { t: "Some text to read." } }} onEditor={(opened) => (editor = opened)} {...more} />));
  // the views are loaded lazily
  for (let round = 0; round < 600 && box.querySelector("[aria-busy]"); round += 1) await act(async () => new Promise((done) => setTimeout(done, 25)));
}

const press = (key: string, target: Element = document.body) => act(async () => void target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })));
const all = (selector: string) => [...box.querySelectorAll<HTMLElement>(selector)];
const found = (selector: string) => all(selector)[0] as HTMLElement;

const choices = '<View><Text name="t" value="$t"/><Choices name="mood" toName="t" required="true"><Choice value="good"/><Choice value="bad"/></Choices></View>';

test("a single choice is a group of radio buttons, pressed by key, click and arrows", async () => {
  await open(choices);
  expect(all("[role=radiogroup] [role=radio]").map((radio) => [radio.textContent, radio.getAttribute("aria-checked"), radio.tabIndex])).toEqual([["good1", "false", 0], ["bad2", "false", -1]]);
  await press("2");
  expect(editor.serialize()).toMatchObject([{ from_name: "mood", value: { choices: ["bad"] } }]);
  await act(async () => found("[role=radio]").focus());
  await press("ArrowDown", document.activeElement ?? document.body);
  expect(document.activeElement?.textContent).toBe("bad2");
  await act(async () => found("[role=radio]").click());
  expect(all("[role=radio]").map((radio) => radio.getAttribute("aria-checked"))).toEqual(["true", "false"]);
});

test("keys are silent once the editor is gone, and window.labelwright serializes while it is there", async () => {
  await open(choices);
  const host = window as unknown as { labelwright?: { editor?: { serialize(): ResultItem[] } } };
  await press("1");
  expect(host.labelwright?.editor?.serialize()).toHaveLength(1);
  const old = editor;
  await act(async () => root.render(<p />));
  await press("2");
  expect(old.serialize()).toMatchObject([{ value: { choices: ["good"] } }]);
  expect(host.labelwright?.editor).toBeUndefined();
});

test("a refused submit says why at the control, until it is mended", async () => {
  await open(choices);
  await act(async () => void editor.reportProblems());
  expect(found("[role=alert]").textContent).toBe('"mood" needs an answer.');
  await press("1");
  expect(all("[role=alert]")).toEqual([]);
});

test("what is typed is the answer; Enter in a one-line field ends it", async () => {
  await open('<View><Text name="t" value="$t"/><TextArea name="sum" toName="t" maxSubmissions="1"/></View>');
  const field = found("textarea") as HTMLTextAreaElement;
  expect(document.activeElement).toBe(field);
  const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")?.set;
  for (const text of ["S", "So"]) {
    await act(async () => {
      set?.call(field, text);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  expect(editor.serialize()).toMatchObject([{ value: { text: ["So"] } }]);
  await press("Enter", field);
  expect(document.activeElement).not.toBe(field);
  await act(async () => editor.undo());
  expect(editor.serialize()).toEqual([]);
});

test("a tag that is not built leaves a note and keeps its answers", async () => {
  const result: ResultItem[] = [{ id: "1", from_name: "odd", to_name: "t", type: "oddity", value: { odd: 1 } }];
  await open('<View><Text name="t" value="$t"/><Oddity name="odd" toName="t"/></View>', { result });
  expect(box.textContent).toContain("Tag Oddity is not supported yet; its answers are kept.");
  expect(editor.serialize()).toMatchObject(result);
});

test("hidden parts appear with the choice that asks for them", async () => {
  await open('<View><Text name="t" value="$t"/><Choices name="ok" toName="t"><Choice value="yes"/><Choice value="no"/></Choices><View visibleWhen="choice-selected" whenTagName="ok" whenChoiceValue="no"><Header value="Why not?"/></View></View>');
  expect(box.textContent).not.toContain("Why not?");
  await press("2");
  expect(box.textContent).toContain("Why not?");
});

test("the panel exists where regions are made; questions are asked of the selected one", async () => {
  const value = { start: 0, end: 4, text: "Some" };
  await open('<View><Labels name="l" toName="t"><Label value="Word"/></Labels><Text name="t" value="$t"/><Choices name="sure" toName="t" perRegion="true"><Choice value="yes"/></Choices></View>', {
    result: [{ id: "a", from_name: "l", to_name: "t", type: "labels", value: { ...value, labels: ["Word"] } }],
  });
  expect(all("aside[aria-label=Regions]")).toHaveLength(1);
  expect(all("[data-control=sure]")).toHaveLength(0);
  await act(async () => editor.select(["a"]));
  await act(async () => found("aside [data-control=sure] [role=radio]").click());
  expect(editor.serialize()).toMatchObject([{ from_name: "l" }, { from_name: "sure", value: { ...value, choices: ["yes"] } }]);
  await open(choices);
  expect(all("aside")).toHaveLength(0);
});
