import { Button, Dialog, TextField } from "@labelwright/ui";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { errorText } from "../api/client";
import { formatCount } from "../format";
import styles from "./AcceptAbove.module.css";
import { CardContent } from "./Card";
import type { Controls } from "./content";
import { previewQuery, type SkimSummary, type Which } from "./skimQuery";

interface AcceptAboveProps {
  projectId: number;
  which: Which;
  summary: SkimSummary | undefined;
  controls: Controls;
  colors: ReadonlyMap<string, string>;
  /** Rejects with the reason. */
  onAccept: (above: number) => Promise<void>;
  onClose: () => void;
}

const USUAL = 0.9;

/** A threshold, how many lie above it, and the ones next to it: they are the most doubtful of what is accepted. */
export function AcceptAbove({ projectId, which, summary, controls, colors, onAccept, onClose }: AcceptAboveProps) {
  const [text, setText] = useState(String(USUAL));
  const [state, setState] = useState<{ busy: boolean; problem: string | null }>({ busy: false, problem: null });
  const above = Number(text);
  const isScore = text.trim() !== "" && Number.isFinite(above);
  const asked = useDeferredValue(isScore ? above : USUAL);
  const preview = useQuery(previewQuery(projectId, which, asked));
  const isFresh = isScore && preview.isSuccess && !preview.isPlaceholderData && asked === above;
  const count = preview.data?.count ?? 0;
  const number = `${formatCount(count)}${preview.data?.is_whole === false ? "+" : ""}`;
  const accept = async () => {
    if (!isFresh || count === 0) return;
    setState({ busy: true, problem: null });
    try {
      await onAccept(above);
      onClose();
    } catch (error) {
      setState({ busy: false, problem: errorText(error) });
    }
  };
  return (
    <Dialog
      title="Accept all above a score"
      size="large"
      onClose={onClose}
      onSubmit={() => void accept()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={state.busy} disabled={!isFresh || count === 0}>
            {isFresh ? `Accept ${number}` : "Counting…"}
          </Button>
        </>
      }
    >
      <div className={styles.threshold}>
        <TextField
          label="Score of at least"
          type="number"
          step="0.01"
          className={styles.number}
          value={text}
          data-autofocus
          error={isScore ? null : "Enter a number."}
          onChange={(event) => setText(event.target.value)}
        />
        <div className={styles.scale}>
          {summary && <Histogram counts={summary.by_score} above={isScore ? above : null} />}
          <input type="range" min={0} max={1} step={0.01} aria-label="Score of at least" value={isScore ? Math.min(1, Math.max(0, above)) : USUAL} onChange={(event) => setText(event.target.value)} />
        </div>
      </div>
      <p className={styles.count} role="status">
        {!isScore ? "" : preview.isError ? errorText(preview.error) : !isFresh ? "Counting…" : count === 0 ? "No suggestion has such a score." : `${number} ${count === 1 ? "suggestion becomes an annotation" : "suggestions become annotations"} of yours${which.label ? `, all with ${which.label}` : ""}.`}
      </p>
      {(preview.data?.nearest.length ?? 0) > 0 && (
        <>
          <h3 className={styles.heading}>Nearest to the threshold</h3>
          <div className={styles.nearest} aria-busy={!isFresh}>
            {preview.data?.nearest.map((task) => (
              <div key={task.prediction.id} className={styles.card}>
                <CardContent task={task} controls={controls} colors={colors} />
              </div>
            ))}
          </div>
        </>
      )}
      {state.problem && (
        <p role="alert" className={styles.problem}>
          {state.problem}
        </p>
      )}
    </Dialog>
  );
}

/** How many suggestions have which score; those above the threshold in colour. */
function Histogram({ counts, above }: { counts: readonly number[]; above: number | null }) {
  const most = Math.max(1, ...counts);
  return (
    <div className={styles.histogram} aria-hidden>
      {counts.map((count, index) => (
        <span key={index} data-in={above !== null && (index + 0.5) / counts.length >= above} style={{ height: count === 0 ? 1 : `${Math.max(6, (count / most) * 100)}%` }} />
      ))}
    </div>
  );
}
