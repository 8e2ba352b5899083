import { Banner, Button, IconButton, Skeleton } from "@labelwright/ui";
import { neededFields, parseConfig } from "@labelwright/config";
import type { ResultItem } from "@labelwright/engine";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { Component, lazy, Suspense, useDeferredValue, useMemo, useRef, useState, type ReactNode } from "react";
import type { Row } from "../create/rows";
import styles from "./Preview.module.css";

const LabelEditor = lazy(() => import("@labelwright/editor").then((module) => ({ default: module.LabelEditor })));

interface PreviewProps {
  config: string;
  rows: readonly Row[];
  /** Rows in the data, where that is more than `rows`. */
  total?: number | null;
}

/** The real editor with the user's own row; everything works, nothing is saved. */
export function Preview(props: PreviewProps) {
  // Together, so that a config never meets the rows of other data.
  const { config, rows, total } = useDeferredValue(useSame(props));
  const [chosen, setChosen] = useState(0);
  const [result, setResult] = useState<readonly ResultItem[]>([]);
  const serialize = useRef<() => readonly ResultItem[]>(() => []);
  const parsed = useMemo(() => parseConfig(config), [config]);
  const index = Math.min(chosen, Math.max(0, rows.length - 1));
  const row = rows[index];
  const broken = parsed.problems.some((problem) => problem.severity === "error");
  const task = useMemo(() => ({ id: `preview-${index}`, data: { ...(row ?? sampleRow(neededFields(parsed))) } }), [row, index, parsed]);

  return (
    <div className={styles.preview}>
      <header className={styles.head}>
        <h2>Preview</h2>
        {rows.length > 0 ? <Stepper index={index} count={rows.length} total={total ?? rows.length} onStep={setChosen} /> : <span className={styles.muted}>with made-up data</span>}
      </header>
      <div className={styles.stage}>
        {broken ? (
          <Banner tone="warn">The interface has errors; the preview comes back when they are mended.</Banner>
        ) : (
          <Boundary key={config}>
            <Suspense fallback={<Skeleton height={160} />}>
              <LabelEditor
                config={config}
                task={task}
                layout="preview"
                onEditor={(editor) => {
                  serialize.current = () => editor.serialize();
                  setResult(editor.serialize());
                }}
                onChange={() => setResult(serialize.current())}
              />
            </Suspense>
          </Boundary>
        )}
      </div>
      <details className={styles.result}>
        <summary>Result as JSON {result.length > 0 && <span className={styles.muted}>({result.length})</span>}</summary>
        <pre tabIndex={0} aria-label="Result as JSON">
          {JSON.stringify(result, null, 2)}
        </pre>
      </details>
    </div>
  );
}

/** The same object while config and rows are the same. */
function useSame({ config, rows, total }: PreviewProps): PreviewProps {
  return useMemo(() => ({ config, rows, total: total ?? null }), [config, rows, total]);
}

function Stepper({ index, count, total, onStep }: { index: number; count: number; total: number; onStep: (index: number) => void }) {
  return (
    <div className={styles.stepper}>
      <IconButton label="Previous row" size="small" disabled={index === 0} onClick={() => onStep(index - 1)}>
        <ChevronLeft />
      </IconButton>
      <span className={styles.muted} aria-live="polite">
        Row {index + 1} of {total}
      </span>
      <IconButton label="Next row" size="small" disabled={index >= count - 1} onClick={() => onStep(index + 1)}>
        <ChevronRight />
      </IconButton>
    </div>
  );
}

/** Stand-ins for the columns the config asks for, until there is data. */
function sampleRow(fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.map((field) => [field, /image|img|photo|picture/i.test(field) ? samplePicture : "The parcel came two days late, but the support was friendly and quick to answer."]),
  );
}

const samplePicture =
  "data:image/svg+xml," +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" width="960" height="640"><rect width="960" height="640" fill="#dfe6ea"/><circle cx="300" cy="330" r="120" fill="#d97706"/><rect x="560" y="200" width="220" height="240" rx="12" fill="#2563eb"/></svg>',
  );

/** A tag that throws takes the preview with it, not the page. */
class Boundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <Banner tone="danger" actions={<Button size="small" onClick={() => this.setState({ error: null })}>Try again</Button>}>
        The preview failed: {this.state.error.message}
      </Banner>
    );
  }
}
