import { countSuggestions, type Editor } from "@labelwright/engine";
import { useCommandKey, useDoc } from "@labelwright/tags";
import { Button, cx, Spinner } from "@labelwright/ui";
import { CloudOff, Sparkles } from "lucide-react";
import type { ReactNode } from "react";
import { modelOf, openAnswer, suggestionText, type SessionState, type SuggestionText } from "./core/sessionState";
import styles from "./SuggestionBar.module.css";

interface SuggestionBarProps {
  readonly state: SessionState;
  readonly editor: Editor | null;
}

/** One quiet line: whose suggestion this is and how much of it is still to check; or why there is none. */
export function SuggestionBar({ state, editor }: SuggestionBarProps) {
  if (!state.task || state.phase.is === "empty" || state.phase.is === "failed") return null;
  const answer = openAnswer(state);
  const line = suggestionText(state);
  if (line) return <Line {...line} />;
  if (!answer || answer.isReadOnly || !editor || editor.options.readOnly) return null;
  return <Checking editor={editor} model={answer.stored === null ? modelOf(state, answer) : null} />;
}

const ICONS: Readonly<Record<SuggestionText["is"], ReactNode>> = { pending: <Spinner />, unavailable: <CloudOff aria-hidden />, model: <Sparkles aria-hidden /> };

function Line({ is, text, detail }: SuggestionText) {
  return (
    <p className={styles.bar} role="status" title={detail} data-testid={`suggestion-${is}`}>
      {ICONS[is]}
      <span className={styles.words}>{text}</span>
    </p>
  );
}

/** A press of the mouse leaves the focus where the work is. */
const keepFocus = { onMouseDown: (event: React.MouseEvent) => event.preventDefault() };

function Checking({ editor, model }: { editor: Editor; model: string | null }) {
  const left = useDoc(editor, countSuggestions);
  if (left === 0 && model === null) return null;
  return (
    <div className={cx(styles.bar, styles.checking)} data-testid="suggestion-bar" data-left={left}>
      <Sparkles aria-hidden />
      <span className={styles.words}>{model === null ? "Suggested by the model" : `Suggested by ${model}`}</span>
      <span className={styles.left} role="status">
        {left === 0 ? "All checked" : `${left} to check`}
      </span>
      {left > 0 && (
        <span className={styles.actions}>
          {editor.config.makesRegions && <CommandButton editor={editor} id="suggestion:next">Next</CommandButton>}
          <CommandButton editor={editor} id="suggestion:accept-all">Accept all</CommandButton>
          <CommandButton editor={editor} id="suggestion:reject-all">Start from empty</CommandButton>
        </span>
      )}
    </div>
  );
}

function CommandButton({ editor, id, children }: { editor: Editor; id: string; children: ReactNode }) {
  const keys = useCommandKey(editor, id);
  return (
    <Button size="small" variant="ghost" {...(keys ? { keys } : {})} onClick={() => editor.commands.run(id)} {...keepFocus}>
      {children}
    </Button>
  );
}
