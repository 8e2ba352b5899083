import { IconButton, Menu, ProgressBar } from "@labelwright/ui";
import { BookOpen, ChevronLeft, ChevronRight, CircleHelp, Monitor, Moon, Sun } from "lucide-react";
import type { ReactNode } from "react";
import { setAppearance, useAppearance, type Theme } from "../appearance";
import type { Session } from "./core/session";
import { progressOf, type SessionState } from "./core/sessionState";
import type { InstructionsState } from "./Instructions";
import { SaveIndicator } from "./SaveIndicator";
import styles from "./TopBar.module.css";

interface TopBarProps {
  readonly session: Session;
  readonly state: SessionState;
  readonly projectId: number;
  readonly instructions: InstructionsState;
  onBack(): void;
  onHelp(): void;
}

export function TopBar({ session, state, instructions, onBack, onHelp }: TopBarProps) {
  const { project, task } = state;
  return (
    <header className={styles.bar}>
      <button type="button" className={styles.back} onClick={onBack} data-tip="Back to the data" aria-label={`Back to the data of ${project?.title ?? "the project"}`}>
        <ChevronLeft />
        <span className={styles.title}>{project?.title ?? ""}</span>
      </button>
      {task && state.phase.is !== "empty" && <span className={styles.task}>task {task.id}</span>}
      <Progress state={state} />
      <div className={styles.steps}>
        <IconButton label="Previous task" keys="[" size="small" data-testid="prev" disabled={!state.hasPrevious} onClick={() => void session.goPrevious()} {...keepFocus}>
          <ChevronLeft />
        </IconButton>
        <IconButton label="Next task" keys="]" size="small" data-testid="next" disabled={!state.hasNext || state.phase.is !== "labeling"} onClick={() => void session.goNext()} {...keepFocus}>
          <ChevronRight />
        </IconButton>
      </div>
      <div className={styles.spacer} />
      <SaveIndicator session={session} state={state} />
      <div className={styles.tools}>
        {project?.instructions && (
          <IconButton label="Instructions" keys="alt+i" pressed={instructions.isOpen} onClick={instructions.toggle} {...keepFocus}>
            <BookOpen />
            {instructions.isUnread && <span className={styles.dot} role="img" aria-label="changed since you read them" />}
          </IconButton>
        )}
        <IconButton label="All keys" keys="?" className={styles.help} onClick={onHelp} {...keepFocus}>
          <CircleHelp />
        </IconButton>
        <ThemeMenu />
      </div>
    </header>
  );
}

/** A press of the mouse leaves the focus where the work is. */
const keepFocus = { onMouseDown: (event: React.MouseEvent) => event.preventDefault() };

function Progress({ state }: { state: SessionState }) {
  const { done, total } = progressOf(state);
  if (!state.project || total === 0) return null;
  const text = state.place ? `${done} of ${total}` : `${state.left} left`;
  return (
    <div className={styles.progress} data-testid="progress">
      <span>{text}</span>
      <div className={styles.meter}>
        <ProgressBar label={state.place ? "Place in the list" : "Tasks done"} value={done} max={total} valueText={`${done} of ${total}`} />
      </div>
    </div>
  );
}

const themes: readonly { value: Theme; label: string; icon: ReactNode }[] = [
  { value: "light", label: "Light", icon: <Sun /> },
  { value: "dark", label: "Dark", icon: <Moon /> },
  { value: "auto", label: "As the system", icon: <Monitor /> },
];

function ThemeMenu() {
  const { theme } = useAppearance();
  return (
    <Menu
      label="Theme"
      align="end"
      trigger={(props) => (
        <IconButton label="Theme" {...props} className={styles.theme}>
          {themes.find((choice) => choice.value === theme)?.icon}
        </IconButton>
      )}
      items={themes.map(({ value, label, icon }) => ({ id: value, label, icon, checked: value === theme, onSelect: () => setAppearance({ theme: value }) }))}
    />
  );
}
