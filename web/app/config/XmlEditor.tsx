import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, snippetCompletion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { xml } from "@codemirror/lang-xml";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { linter, lintKeymap, type Diagnostic } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { completionsAt, parseConfig } from "@labelwright/config";
import { useEffect, useRef } from "react";
import { tags } from "@lezer/highlight";
import styles from "./XmlEditor.module.css";

interface XmlEditorProps {
  value: string;
  onChange: (value: string) => void;
  /** Columns of the data, offered as `$column`. */
  fields: readonly string[];
  /** Line (from 1) to put the caret on; a new object moves it again. */
  goTo?: { readonly line: number } | null;
}

const highlight = HighlightStyle.define([
  { tag: [tags.tagName, tags.angleBracket], color: "var(--link)" },
  { tag: tags.attributeName, color: "var(--text-muted)" },
  { tag: tags.attributeValue, color: "var(--warn)" },
  { tag: tags.comment, color: "var(--text-muted)", fontStyle: "italic" },
  { tag: tags.invalid, color: "var(--danger)" },
]);

/** Our completions (tags, attributes, values, columns) in CodeMirror's words. */
async function complete(context: CompletionContext, fields: readonly string[]): Promise<CompletionResult | null> {
  const found = await completionsAt(context.state.doc.toString(), context.pos, fields);
  if (!found || context.aborted) return null;
  const kinds = { tag: "type", attribute: "property", value: "constant", close: "type" } as const;
  return {
    from: found.from,
    to: found.to,
    filter: true,
    options: found.options.map(({ label, snippet, kind, detail }) =>
      snippetCompletion(snippet.replace(/[\\$#{}]/g, (char) => (char === "$" ? "$" : `\\${char}`)).replace("|", "${}"), {
        // A tag is typed with its "<", which is part of what is matched and replaced.
        label: kind === "tag" ? `<${label}` : kind === "close" && !label.startsWith("<") ? `<${label}` : label,
        displayLabel: label,
        type: kinds[kind],
        info: detail,
      }),
    ),
  };
}

/** Problems of the config as marks under the text, from the tag's place to the end of its line. */
function diagnose(view: EditorView): Diagnostic[] {
  const { doc } = view.state;
  return parseConfig(doc.toString()).problems.map((problem) => {
    const line = doc.line(Math.max(1, Math.min(problem.place.line, doc.lines)));
    const from = Math.min(line.from + problem.place.column - 1, line.to);
    const word = /^<?[\w:.-]+/.exec(doc.sliceString(from, line.to))?.[0].length ?? 1;
    return { from, to: Math.min(from + word, doc.length), severity: problem.severity, message: [problem.message, problem.fix].filter(Boolean).join(". ") };
  });
}

export default function XmlEditor({ value, onChange, fields, goTo }: XmlEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const change = useRef(onChange);
  const columns = useRef(fields);
  useEffect(() => {
    change.current = onChange;
    columns.current = fields;
  });

  useEffect(() => {
    const editor = new EditorView({
      parent: place.current as HTMLDivElement,
      state: EditorState.create({
        doc: value,
        extensions: [
          lineNumbers(),
          history(),
          highlightActiveLine(),
          bracketMatching(),
          closeBrackets(),
          xml(),
          syntaxHighlighting(highlight),
          autocompletion({ override: [(context) => complete(context, columns.current)], activateOnTyping: true, icons: false }),
          linter(diagnose, { delay: 300 }),
          EditorView.lineWrapping,
          // Tab stays the browser's: the editor must not trap the keyboard.
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
          EditorView.contentAttributes.of({ "aria-label": "Label config (XML)" }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) change.current(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
    // The document is the editor's own from here on; later values come in below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  useEffect(() => {
    const editor = view.current;
    const now = editor?.state.doc.toString();
    if (editor && now !== value) editor.dispatch({ changes: { from: 0, to: now?.length ?? 0, insert: value } });
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || !goTo) return;
    const line = editor.state.doc.line(Math.max(1, Math.min(goTo.line, editor.state.doc.lines)));
    editor.dispatch({ selection: { anchor: line.from, head: line.to }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
    editor.focus();
  }, [goTo]);

  return <div ref={place} className={styles.editor} />;
}
