import "../../ui/src/base.css";
import { parseConfig } from "@labelwright/config";
import { createEditor, focusKind, type Editor, type ResultItem } from "@labelwright/engine";
import { LabelEditor } from "@labelwright/editor";
import { allTags, tagFor } from "@labelwright/tags";
import { TooltipLayer } from "@labelwright/ui";
import { lazy, Suspense, useEffect, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";
import * as samples from "./fixtures";

/** `?full` shows the whole LabelEditor; `?boxes=500`, `?spans=2000&chars=200000`, `?theme=dark`, `?config=…&data=…` (JSON), `?readonly`. */
const query = new URLSearchParams(location.search);
const number = (name: string, fallback: number): number => Number(query.get(name) ?? fallback);

async function sample(): Promise<{ config: string; data: Record<string, unknown>; result: ResultItem[] }> {
  const given = query.get("config");
  if (given) return { config: given, data: JSON.parse(query.get("data") ?? "{}") as Record<string, unknown>, result: JSON.parse(query.get("result") ?? "[]") as ResultItem[] };
  if (query.has("spans")) {
    const text = query.get("text") ?? samples.words(number("chars", 4000));
    return { config: samples.TEXT_CONFIG, data: { text }, result: samples.wordSpans(text, number("spans", 30)) };
  }
  return { config: samples.IMAGE_CONFIG, data: { image: query.get("image") ?? (await samples.street()) }, result: samples.gridBoxes(number("boxes", 12)) };
}

declare global {
  interface Window {
    labelwright: { editor: Editor };
  }
}

const views = new Map(["Image", "Text"].map((name) => [name, lazy(tagFor(name)?.view ?? (() => Promise.reject(new Error(`no tag ${name}`))))]));

function Demo({ editor }: { editor: Editor }) {
  useEffect(() => {
    const key = (e: KeyboardEvent): void => {
      const pressed = { key: e.key, code: e.code, ctrlKey: e.ctrlKey, altKey: e.altKey, shiftKey: e.shiftKey, metaKey: e.metaKey, focus: focusKind(document.activeElement) };
      if (editor.commands.handle(pressed)) e.preventDefault();
    };
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  }, [editor]);
  return (
    <main style={{ padding: 12 }}>
      <Palette editor={editor} />
      {editor.config.objects.map((node) => {
        const View = views.get(node.tag);
        return View ? <Suspense key={node.name}><View node={node} editor={editor} /></Suspense> : null;
      })}
      <TooltipLayer />
    </main>
  );
}

/** Enough of a palette to pick labels with the mouse. */
function Palette({ editor }: { editor: Editor }) {
  useSyncExternalStore((f) => editor.onSession(f), () => editor.session);
  return (
    <p style={{ display: "flex", gap: 8, marginBottom: 8 }}>
      {editor.config.controls.flatMap((control) =>
        editor.optionsOf(control.name).map((option) => (
          <button key={option.stored} data-label={option.stored} aria-pressed={editor.session.activeLabels.get(control.name)?.includes(option.stored) ?? false} onClick={() => editor.pickLabel(control.name, option.stored)}>
            {option.text}
          </button>
        )),
      )}
    </p>
  );
}

async function start(): Promise<void> {
  const { config, data, result } = await sample();
  const root = createRoot(document.getElementById("root") as HTMLElement);
  if (query.has("full")) {
    const task = { id: 1, data };
    root.render(
      <div style={{ height: "100dvh" }}>
        <LabelEditor config={config} task={task} result={result} onNotice={(message) => console.log("notice:", message)} />
        <TooltipLayer />
      </div>,
    );
  } else {
    const editor = createEditor(parseConfig(config), data, { tags: allTags(), result, readOnly: query.has("readonly") });
    window.labelwright = { editor };
    editor.onNotice((message) => console.log("notice:", message));
    root.render(<Demo editor={editor} />);
  }
}

void start();
