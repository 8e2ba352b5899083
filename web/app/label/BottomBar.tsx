import type { Editor } from "@labelwright/engine";
import { Button, cx, IconButton, Spinner } from "@labelwright/ui";
import { FastForward, SkipForward, WandSparkles, Zap } from "lucide-react";
import { AnswerTabs } from "./AnswerTabs";
import { mayToggleSmart, smartText } from "./core/interactive";
import type { Session } from "./core/session";
import { openAnswer, submitKind, type SessionState } from "./core/sessionState";
import { hindranceOf } from "./hindrance";
import styles from "./BottomBar.module.css";

interface BottomBarProps {
  readonly session: Session;
  readonly state: SessionState;
  readonly editor: Editor | null;
}

/** Answers of the task on the left, what to do with the open one on the right. */
export function BottomBar({ session, state, editor }: BottomBarProps) {
  if (!state.task || state.phase.is === "empty" || state.phase.is === "failed") return null;
  return (
    <footer className={styles.bar}>
      <AnswerTabs session={session} state={state} />
      <div className={styles.spacer} />
      <Modes session={session} state={state} />
      <Actions session={session} state={state} editor={editor} />
    </footer>
  );
}

/** A press of the mouse leaves the focus where the work is, so that the next Enter submits and does not press again. */
const keepFocus = { onMouseDown: (event: React.MouseEvent) => event.preventDefault() };

function Modes({ session, state }: Omit<BottomBarProps, "editor">) {
  return (
    <div className={styles.modes}>
      {state.smart && (
        <IconButton
          label={smartText(state.smart)}
          keys="alt+a"
          pressed={state.smart.model !== null && (state.smart.isOn || state.smart.isForced)}
          aria-disabled={!mayToggleSmart(state.smart) || undefined}
          aria-busy={state.smart.isBusy || undefined}
          onClick={() => mayToggleSmart(state.smart) && session.toggleSmart()}
          data-testid="smart"
          {...keepFocus}
        >
          {state.smart.isBusy ? <Spinner /> : <WandSparkles />}
        </IconButton>
      )}
      {state.canBeInstant && (
        <IconButton label={`Instant: the key of a choice submits (${state.instant ? "on" : "off"})`} className={styles.instant} pressed={state.instant} onClick={() => session.setInstant(!state.instant)} data-testid="instant" {...keepFocus}>
          <Zap />
        </IconButton>
      )}
      <IconButton label={`Next task after submit (${state.autoAdvance ? "on" : "off"})`} pressed={state.autoAdvance} onClick={() => session.setAutoAdvance(!state.autoAdvance)} data-testid="auto-advance" {...keepFocus}>
        <FastForward />
      </IconButton>
    </div>
  );
}

const LABELS = { submit: "Submit", accept: "Accept", update: "Update", next: "Next" } as const;

function Actions({ session, state, editor }: BottomBarProps) {
  const kind = submitKind(state);
  const isSkipped = openAnswer(state)?.state === "skipped";
  const isBusy = state.phase.is !== "labeling";
  if (kind === "none") {
    return (
      <div className={styles.actions}>
        <span className={styles.hint}>Read only</span>
        <Button variant="primary" className={styles.submit} onClick={() => session.duplicate()} keys="alt+d" data-testid="submit" {...keepFocus}>
          {openAnswer(state)?.state === "prediction" ? "Use this one" : "Copy and edit"}
        </Button>
      </div>
    );
  }
  const hindrance = hindranceOf(state, editor);
  return (
    <div className={styles.actions}>
      {hindrance && (
        <button key={state.hindered} type="button" className={cx(styles.reason, state.hindered > 0 && styles.nudge)} onClick={() => session.submitOrShowWhy()} data-testid="reason" {...keepFocus}>
          {hindrance.text} {hindrance.regionId !== null && <span aria-hidden>→ go</span>}
        </button>
      )}
      {session.mayBeSkipped && (
        <Button onClick={() => session.skip()} disabled={isBusy} data-testid="skip" className={styles.skip} icon={<SkipForward />} keys="s" {...keepFocus}>
          {isSkipped ? "Un-skip" : "Skip"}
        </Button>
      )}
      <Button
        variant="primary"
        className={styles.submit}
        data-testid="submit"
        data-kind={kind}
        aria-disabled={hindrance !== null || undefined}
        aria-describedby={hindrance ? "submit-reason" : undefined}
        onClick={() => session.submitOrShowWhy()}
        keys="enter"
        {...keepFocus}
      >
        {LABELS[kind]}
      </Button>
      {hindrance && (
        <span id="submit-reason" className="visually-hidden">
          {hindrance.text}
        </span>
      )}
    </div>
  );
}
