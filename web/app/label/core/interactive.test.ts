import { parseConfig } from "@labelwright/config";
import { createEditor, openSuggestions, type Editor, type ResultItem, type Shape } from "@labelwright/engine";
import { allTags } from "@labelwright/tags";
import { describe, expect, test } from "vitest";
import { createApi } from "./api";
import { Interactive, smartText, type SmartState } from "./interactive";

const boxes = (attributes: string) => `<View><Image name="i" value="$i"/><RectangleLabels name="l" toName="i" ${attributes}><Label value="Car"/></RectangleLabels></View>`;
const rectangle = (x: number): Shape => ({ kind: "rectangle", x, y: 0, width: 10, height: 10, rotation: 0 });
const found = (id: string, x: number): ResultItem => ({ id, from_name: "l", to_name: "i", type: "rectanglelabels", value: { x, y: 0, width: 9, height: 9, rotation: 0, rectanglelabels: ["Car"] } });

/** The model server behind the network: calls wait until they are answered. */
function modelServer(models: readonly object[] = [{ id: 4, title: "SAM", is_interactive: true }]) {
  const calls: { body: { task: number; context: { result: ResultItem[] } }; signal: AbortSignal; answer(body: unknown, status?: number): Promise<void> }[] = [];
  const doFetch: typeof fetch = (input, init) => {
    if (String(input).startsWith("/api/ml?")) return Promise.resolve(new Response(JSON.stringify(models)));
    return new Promise((resolve) => {
      calls.push({
        body: JSON.parse(String(init?.body)) as never,
        signal: init?.signal as AbortSignal,
        answer: async (body, status = 200) => {
          resolve(new Response(JSON.stringify(body), { status }));
          for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
          await new Promise((done) => setImmediate(done));
        },
      });
    });
  };
  return { calls, api: createApi(doFetch) };
}

async function open({ attributes = 'smart="true"', models, isOn = true }: { attributes?: string; models?: readonly object[]; isOn?: boolean } = {}) {
  const server = modelServer(models);
  const config = parseConfig(boxes(attributes));
  let state: SmartState | null = null;
  const interactive = new Interactive({ api: server.api, projectId: 1, isOn, onState: (now) => (state = now) });
  await interactive.open(config);
  const notices: string[] = [];
  const openEditor = (): Editor => {
    const editor = createEditor(config, { i: "x.png" }, { tags: allTags() });
    editor.onChange((change) => interactive.changed(change));
    editor.onNotice((message) => notices.push(message));
    editor.pickLabel("l", "Car");
    interactive.attach(editor, 7);
    return editor;
  };
  const editor = openEditor();
  return { ...server, interactive, editor, openEditor, notices, state: () => state as SmartState | null, draw: (x: number) => editor.addRegion("i", rectangle(x))?.id ?? "" };
}

test("only the prompt is sent, and the answer takes its place as a suggestion", async () => {
  const it = await open();
  it.interactive.toggle();
  const own = it.draw(0);
  it.interactive.toggle();
  const prompt = it.draw(50);
  expect(it.calls.map(({ body }) => [body.task, body.context.result.map((item) => item.id)])).toEqual([[7, [prompt]]]);
  expect(it.state()?.isBusy).toBe(true);
  await it.calls[0]?.answer({ data: { result: [found("n", 51)], score: 0.8 } });
  expect([it.state()?.isBusy, [...it.editor.doc.regions.keys()], openSuggestions(it.editor.doc).regions]).toEqual([false, [own, "n"], ["n"]]);
  expect(it.editor.doc.regions.get("n")?.suggestion).toEqual({ score: 0.8 });
  expect(it.editor.serialize().map((item) => item.origin)).toEqual(["manual", "prediction"]);
});

test("a newer prompt aborts the call under way and takes its prompt along; the late answer does not count", async () => {
  const it = await open();
  const [first, second] = [it.draw(0), it.draw(50)];
  expect(it.calls.map(({ signal, body }) => [signal.aborted, body.context.result.map((item) => item.id)])).toEqual([[true, [first]], [false, [first, second]]]);
  await it.calls[0]?.answer({ data: { result: [found("late", 1)] } });
  expect([...it.editor.doc.regions.keys()]).toEqual([first, second]);
  await it.calls[1]?.answer({ data: { result: [found("n", 1), found("m", 51)] } });
  expect([...it.editor.doc.regions.keys()]).toEqual(["n", "m"]);
});

describe("the model fails", () => {
  test.each<[string, unknown, number, string]>([
    ["by saying so", { errors: ["CUDA out of memory"] }, 200, "The model gave no answer: CUDA out of memory"],
    ["by an error of the server", { detail: "The model took too long." }, 504, "The model gave no answer: The model took too long."],
    ["by finding nothing", { data: { result: [] } }, 200, "The model found nothing there."],
    ["by answering something else", { data: { result: [{ ...found("n", 1), from_name: "nobody" }] } }, 200, "1 part of the model's answer does not fit this label config."],
  ])("%s: it is told in words, and what was drawn stays", async (_, body, status, words) => {
    const it = await open();
    const prompt = it.draw(0);
    await it.calls[0]?.answer(body, status);
    expect([it.notices, it.state()?.isBusy, [...it.editor.doc.regions.keys()], it.editor.serialize()[0]?.origin]).toEqual([[words], false, [prompt], "manual"]);
    it.draw(50);
    expect(it.calls[1]?.body.context.result.length).toBe(1);
  });
});

describe("what is drawn is the person's alone", () => {
  test.each<[string, Parameters<typeof open>[0]]>([
    ["when asking is off", { isOn: false }],
    ["when the control is not smart", { attributes: "" }],
    ["when no model is connected", { models: [] }],
    ["when the model answers no prompts", { models: [{ id: 4, title: "SAM", is_interactive: false }] }],
  ])("%s", async (_, how) => {
    const it = await open(how);
    it.draw(0);
    expect(it.calls).toEqual([]);
  });
});

test("with smartOnly there is nothing to turn off", async () => {
  const it = await open({ attributes: 'smartOnly="true"', isOn: false });
  it.draw(0);
  expect([it.calls.length, it.state()?.isForced]).toEqual([1, true]);
});

test("undoing the prompt, or opening another answer, ends the call", async () => {
  const it = await open();
  it.draw(0);
  it.editor.undo();
  expect([it.calls[0]?.signal.aborted, it.state()?.isBusy]).toEqual([true, false]);
  it.draw(0);
  const other = it.openEditor();
  await it.calls[1]?.answer({ data: { result: [found("late", 1)] } });
  expect([it.calls[1]?.signal.aborted, other.doc.regions.size, it.editor.doc.regions.has("late")]).toEqual([true, 0, false]);
});

test("the button says how things stand", async () => {
  const it = await open();
  const text = () => smartText(it.state() as SmartState);
  expect(text()).toBe("Ask SAM about what I draw (on)");
  it.draw(0);
  expect(text()).toBe("SAM is working…");
  await it.calls[0]?.answer({ errors: ["no memory"] });
  expect(text()).toBe("Ask SAM about what I draw (on). Last time: no memory");
});
