import { Chip, Skeleton, Tabs } from "@labelwright/ui";
import { parseConfig, type ConfigProblem } from "@labelwright/config";
import { lazy, Suspense, useDeferredValue, useMemo, useState } from "react";
import styles from "./ConfigEditor.module.css";
import { VisualEditor } from "./VisualEditor";

const XmlEditor = lazy(() => import("./XmlEditor"));

interface ConfigEditorProps {
  xml: string;
  fields: readonly string[];
  onChange: (xml: string) => void;
}

/** A label config, as a list of labels or as XML: one text, two views. Problems stand below, each leads to its line. */
export function ConfigEditor({ xml, fields, onChange }: ConfigEditorProps) {
  const [view, setView] = useState<"visual" | "xml">("visual");
  const [goTo, setGoTo] = useState<{ line: number } | null>(null);
  const settled = useDeferredValue(xml);
  const problems = useMemo(() => parseConfig(settled).problems, [settled]);
  const errors = problems.filter((problem) => problem.severity === "error").length;

  return (
    <>
      <Tabs
        label="How to edit"
        value={view}
        onChange={setView}
        aside={errors > 0 ? <Chip tone="danger">{errors === 1 ? "1 error" : `${errors} errors`}</Chip> : null}
        tabs={[
          { value: "visual", label: "Labels", panel: () => <VisualEditor xml={xml} fields={fields} onChange={onChange} /> },
          {
            value: "xml",
            label: "XML",
            panel: () => (
              <Suspense fallback={<Skeleton height={240} />}>
                <XmlEditor value={xml} onChange={onChange} fields={fields} goTo={goTo} />
              </Suspense>
            ),
          },
        ]}
      />
      <Problems
        problems={problems}
        onOpen={(line) => {
          setView("xml");
          setGoTo({ line });
        }}
      />
    </>
  );
}

const MOST_SHOWN = 6;

function Problems({ problems, onOpen }: { problems: readonly ConfigProblem[]; onOpen: (line: number) => void }) {
  if (problems.length === 0) return null;
  return (
    <ul className={styles.problems} aria-label="Problems of the interface">
      {problems.slice(0, MOST_SHOWN).map((problem, index) => (
        <li key={index} data-severity={problem.severity}>
          <button type="button" onClick={() => onOpen(problem.place.line)}>
            <span className={styles.line}>Line {problem.place.line}</span>
            <span>
              {problem.message}. {problem.fix}
            </span>
          </button>
        </li>
      ))}
      {problems.length > MOST_SHOWN && <li className={styles.more}>and {problems.length - MOST_SHOWN} more</li>}
    </ul>
  );
}
