import { Avatar, IconButton, Menu, type MenuItem } from "@labelwright/ui";
import { Ban, Check, Circle, CircleDot, Copy, Ellipsis, Plus, Sparkles, Star, Trash2 } from "lucide-react";
import type { KeyboardEvent } from "react";
import type { OpenAnswer } from "./core/model";
import type { Session } from "./core/session";
import { openAnswer, type SessionState } from "./core/sessionState";
import styles from "./AnswerTabs.module.css";

const keepFocus = { onMouseDown: (event: React.MouseEvent) => event.preventDefault() };

/** One tab per answer: mine, the others', the models'. */
export function AnswerTabs({ session, state }: { session: Session; state: SessionState }) {
  return (
    <div className={styles.area}>
      <div className={styles.tabs} role="tablist" aria-label="Answers to this task" onKeyDown={moveFocus}>
        {state.answers.map((answer) => (
          <AnswerTab key={answer.key} answer={answer} isOpen={answer.key === state.open} isChanged={state.isChanged} onOpen={() => session.open(answer.key)} />
        ))}
      </div>
      <IconButton label="New answer" keys="alt+n" size="small" onClick={() => session.addAnswer()} data-testid="new-answer" {...keepFocus}>
        <Plus />
      </IconButton>
      <Menu
        label="This answer"
        trigger={(props) => (
          <IconButton label="This answer" size="small" {...props} data-testid="answer-menu">
            <Ellipsis />
          </IconButton>
        )}
        items={actionsOf(session, openAnswer(state))}
      />
    </div>
  );
}

function actionsOf(session: Session, answer: OpenAnswer | undefined): MenuItem[] {
  const isStored = answer !== undefined && answer.stored !== null && answer.state !== "prediction";
  return [
    { id: "copy", label: answer?.state === "prediction" ? "Use as my answer" : "Copy as a new answer", icon: <Copy />, keys: "alt+d", onSelect: () => session.duplicate() },
    { id: "star", label: answer?.isGroundTruth ? "No longer ground truth" : "Mark as ground truth", icon: <Star />, keys: "alt+g", disabled: !isStored, onSelect: () => session.toggleGroundTruth() },
    { id: "delete", label: "Delete", icon: <Trash2 />, keys: "alt+backspace", tone: "danger", separated: true, disabled: !answer || answer.isReadOnly, onSelect: () => session.deleteAnswer() },
  ];
}

interface AnswerTabProps {
  readonly answer: OpenAnswer;
  readonly isOpen: boolean;
  readonly isChanged: boolean;
  onOpen(): void;
}

function AnswerTab({ answer, isOpen, isChanged, onOpen }: AnswerTabProps) {
  const edited = isOpen ? isChanged : answer.isChanged;
  return (
    <button type="button" role="tab" aria-selected={isOpen} tabIndex={isOpen ? 0 : -1} className={styles.tab} data-state={answer.state} onClick={onOpen} {...keepFocus}>
      <Who answer={answer} />
      <span className={styles.name}>{answer.author}</span>
      {answer.score !== null && answer.state === "prediction" && <span className={styles.score}>{answer.score.toFixed(2)}</span>}
      <State answer={answer} isEdited={edited} />
      {answer.isGroundTruth && <Star className={styles.star} role="img" aria-label="ground truth" />}
    </button>
  );
}

function Who({ answer }: { answer: OpenAnswer }) {
  if (answer.state === "prediction") return <Sparkles aria-hidden />;
  if (!answer.isReadOnly) return null;
  return (
    <span aria-hidden className={styles.avatar}>
      <Avatar person={{ id: answer.annotationId ?? 0, email: answer.author }} size={18} />
    </span>
  );
}

function State({ answer, isEdited }: { answer: OpenAnswer; isEdited: boolean }) {
  if (answer.state === "prediction") return null;
  if (answer.state === "skipped" && !isEdited) return <Ban role="img" aria-label="skipped" className={styles.muted} />;
  if (isEdited) return <CircleDot role="img" aria-label="not submitted" className={styles.draft} />;
  if (answer.state === "new") return <Circle role="img" aria-label="new" className={styles.muted} />;
  if (answer.state === "draft") return <CircleDot role="img" aria-label="draft" className={styles.draft} />;
  return <Check role="img" aria-label="submitted" className={styles.done} />;
}

/** Left and right move among the tabs, as in every tab list. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (step === 0 || event.altKey) return;
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]")];
  const next = tabs[(tabs.indexOf(document.activeElement as HTMLElement) + step + tabs.length) % tabs.length];
  event.preventDefault();
  next?.focus();
}
