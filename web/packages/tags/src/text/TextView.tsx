/** The Text tag: readable text; with a control that marks spans, a surface to mark them on. */
import type { ConfigNode } from "@labelwright/config";
import type { Editor } from "@labelwright/engine";
import { Button, ErrorState, KeyCap, Skeleton } from "@labelwright/ui";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { TagViewProps } from "../define";
import { useRegion, useSession } from "../hooks";
import { tagFor } from "../registry";
import { CaretMode } from "./caret";
import type { Granularity } from "./granularity";
import { quietFocus } from "../image/quietFocus";
import { fetchText, textInTask, type LoadedText } from "./loadText";
import { Review } from "../shared/Review";
import { TextPointer } from "./pointer";
import { RelationArrows } from "./relationArrows";
import { TextSurface, type SurfaceOptions } from "./surface";
import styles from "./text.module.css";

export default function TextView({ node, editor }: TagViewProps) {
  const { loaded, retry } = useText(node, editor);
  const options = useMemo(() => surfaceOptions(node, editor), [node, editor]);
  const root = useRef<HTMLDivElement>(null);
  const text = loaded && "text" in loaded ? loaded.text : null;
  const surface = useSurface(root, text, node, editor, options);
  const [caret, setCaret] = useCaret(surface, editor, options.marks);

  if (loaded === null) return <Skeleton />;
  if ("problem" in loaded) return <ErrorState title={loaded.problem.title} detail={loaded.problem.detail} onRetry={loaded.problem.retry ? retry : undefined} />;
  if (loaded.text === "") return <p className={styles.empty}>This text is empty.</p>;
  return (
    <div className={styles.root} data-tag="text" data-marks={options.marks || undefined} style={{ fontSize: editor.options.textSize }}>
      <div
        ref={root}
        className={styles.text}
        data-testid="task-text"
        dir="auto"
        {...(options.marks
          ? { role: "document", tabIndex: 0, "aria-label": "Text to mark. Press C to move a caret with the arrow keys; shift selects, a label key marks." }
          : {})}
      />
      {surface && options.marks && (
        <div className={styles.dock}>{caret ? <CaretHint onLeave={() => setCaret(false)} /> : <PendingBar surface={surface} editor={editor} />}</div>
      )}
    </div>
  );
}

function useText(node: ConfigNode, editor: Editor): { loaded: LoadedText | null; retry: () => void } {
  const inTask = useMemo(() => textInTask(node, editor.taskData), [node, editor.taskData]);
  const [fetched, setFetched] = useState<LoadedText | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (inTask) return;
    const stop = new AbortController();
    setFetched(null);
    void fetchText(node, editor.taskData, stop.signal).then((text) => stop.signal.aborted || setFetched(text));
    return () => stop.abort();
  }, [inTask, node, editor.taskData, attempt]);
  return { loaded: inTask ?? fetched, retry: () => setAttempt((n) => n + 1) };
}

function surfaceOptions(node: ConfigNode, editor: Editor): SurfaceOptions {
  const { attrs, raw } = node;
  const byDefault = attrs.valuetype === "url" ? "no" : "yes";
  return {
    granularity: attrs.granularity as Granularity,
    keepText: (raw.savetextresult ?? byDefault) === "yes",
    marks: attrs.selectionenabled !== false && editor.config.controlsOf(node.name).some((control) => tagFor(control.tag)?.draws?.Text !== undefined),
    showLabels: raw.showlabels === undefined ? editor.options.showLabels : attrs.showlabels === true,
  };
}

function useSurface(root: React.RefObject<HTMLDivElement | null>, text: string | null, node: ConfigNode, editor: Editor, options: SurfaceOptions): TextSurface | null {
  const [surface, setSurface] = useState<TextSurface | null>(null);
  useEffect(() => {
    if (!root.current || text === null || text === "") return;
    const classes = { block: styles.block ?? "", tag: styles.tag ?? "" };
    const made = new TextSurface({ root: root.current, text, editor, object: node.name, options, classes });
    const pointer = options.marks ? new TextPointer(made) : null;
    const arrows = options.marks ? new RelationArrows(made, styles.arrows ?? "") : null;
    const stopQuiet = quietFocus(root.current);
    setSurface(made);
    return () => {
      stopQuiet();
      arrows?.dispose();
      pointer?.dispose();
      made.dispose();
      setSurface(null);
    };
  }, [root, text, node.name, editor, options]);
  return surface;
}

function useCaret(surface: TextSurface | null, editor: Editor, marks: boolean): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(false);
  useEffect(() => {
    if (!on || !surface) return;
    const mode = new CaretMode(surface, styles.caret ?? "", () => setOn(false));
    return () => mode.dispose();
  }, [on, surface]);
  useEffect(() => {
    if (!marks) return;
    return editor.commands.add([
      { id: "text:caret", title: "Mark text with the keyboard", group: "Text", keys: { labelwright: ["c"], labelStudio: ["c"] }, run: () => setOn((now) => !now) },
    ]);
  }, [editor, marks]);
  return [on, setOn];
}

function CaretHint({ onLeave }: { onLeave(): void }) {
  return (
    <p role="status">
      <KeyCap keys="left" /> <KeyCap keys="right" /> move · <KeyCap keys="shift" /> selects · label key or <KeyCap keys="enter" /> marks ·{" "}
      <button type="button" className={styles.leave} onClick={onLeave}>
        <KeyCap keys="escape" /> leaves
      </button>
    </p>
  );
}

/** Accept and reject for the suggestion that is selected. */
function SuggestedSpan({ surface, editor }: { surface: TextSurface; editor: Editor }) {
  const id = useSession(editor, ({ selection }) => (selection.size === 1 ? ([...selection][0] ?? "") : ""));
  const region = useRegion(editor, id);
  if (!region?.suggestion || region.object !== surface.parts.object || editor.options.readOnly) return null;
  return (
    <div className={styles.review}>
      {editor.labelsOf(id).map((label) => label.text).join(", ")}
      <Review editor={editor} id={id} />
    </div>
  );
}

/** What to do with a selection that waits for its label; with a finger there are no keys. */
function PendingBar({ surface, editor }: { surface: TextSurface; editor: Editor }) {
  const pending = useSyncExternalStore((f) => surface.subscribe(f), () => surface.pending);
  const inHand = useSession(editor, (session) => session.activeLabels);
  if (!pending) return <SuggestedSpan surface={surface} editor={editor} />;
  const label = [...inHand.values()].flat().join(", ");
  return (
    <div role="status">
      {surface.labelInHand() ? (
        <Button variant="primary" size="small" onClick={() => surface.select(pending)}>Mark as {label}</Button>
      ) : (
        <span>Pick a label for the selected text</span>
      )}
    </div>
  );
}
