import "../../ui/src/base.css";
import type { Editor, ResultItem } from "@labelwright/engine";
import { Toasts, toast, TooltipLayer } from "@labelwright/ui";
import { useMemo, useState } from "react";
import { createRoot } from "react-dom/client";
import { LabelEditor } from "../src";
import styles from "./demo.module.css";
import { examples } from "./examples";

const wanted = new URLSearchParams(location.search);
document.documentElement.dataset.theme = wanted.get("theme") ?? "light";

/** One example at a time, with the result beside a select. */
function Demo() {
  const [name, setName] = useState(wanted.get("example") ?? Object.keys(examples)[0] ?? "");
  const [layout, setLayout] = useState<"full" | "preview">(wanted.get("layout") === "preview" ? "preview" : "full");
  const [editor, setEditor] = useState<Editor | null>(null);
  const [result, setResult] = useState<readonly ResultItem[] | null>(null);
  const example = examples[name];
  const task = useMemo(() => ({ id: name, data: example?.data ?? {} }), [name, example]);
  if (!example) return null;
  return (
    <div className={styles.page}>
      <header className={styles.bar}>
        <select aria-label="Example" value={name} onChange={(event) => setName(event.target.value)}>
          {Object.keys(examples).map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
        <button type="button" onClick={() => setLayout(layout === "full" ? "preview" : "full")}>{layout}</button>
        <button type="button" onClick={() => setResult(result ? null : (editor?.serialize() ?? []))}>result</button>
        <button type="button" onClick={() => editor?.reportProblems()}>check</button>
      </header>
      <main className={styles.stage}>
        <LabelEditor config={example.config} task={task} {...(example.result ? { result: example.result } : {})} layout={layout} onEditor={setEditor} onNotice={toast} onChange={() => result && editor && setResult(editor.serialize())} />
      </main>
      {result && <pre className={styles.result}>{JSON.stringify(result, null, 1)}</pre>}
      <Toasts />
      <TooltipLayer />
    </div>
  );
}

createRoot(document.getElementById("root") as HTMLElement).render(<Demo />);
