/** The screen's own commands, beside those of the editor and its tags: one list for keys, buttons and the cheat sheet. */
import type { Command } from "@labelwright/engine";
import { mayToggleSmart } from "./core/interactive";
import type { Session } from "./core/session";

const both = (...keys: string[]): Command["keys"] => ({ labelwright: keys, labelStudio: keys });

export interface ScreenActions {
  showHelp(what: "keys" | "commands"): void;
  toggleInstructions(): void;
}

export function sessionCommands(session: Session, screen: ScreenActions): readonly Command[] {
  const isMine = () => session.state.phase.is === "labeling";
  return [
    { id: "annotation:submit", title: "Submit, update or accept", group: "Task", keys: { labelwright: ["enter", "mod+enter"], labelStudio: ["mod+enter"] }, enabled: isMine, run: () => session.submitOrShowWhy() },
    { id: "annotation:skip", title: "Skip, or take the skip back", group: "Task", keys: { labelwright: ["ctrl+space", "s"], labelStudio: ["ctrl+space"] }, enabled: () => isMine() && session.mayBeSkipped, run: () => session.skip() },
    { id: "task:previous", title: "Previous task", group: "Task", keys: { labelwright: ["[", "alt+left"], labelStudio: ["shift+up"] }, inFields: false, run: () => void session.goPrevious() },
    { id: "task:next", title: "Next task, unanswered", group: "Task", keys: { labelwright: ["]", "alt+right"], labelStudio: ["shift+down"] }, inFields: false, run: () => void session.goNext() },
    { id: "annotation:take-back", title: "Take the last answer back", group: "Task", keys: both("mod+z"), inFields: false, enabled: (editor) => session.state.undo !== null && !editor.canUndo, run: () => session.undoAnswer() },
    { id: "annotation:new", title: "New answer to this task", group: "Answers", keys: both("alt+n"), enabled: isMine, run: () => session.addAnswer() },
    { id: "annotation:duplicate", title: "Copy the open answer; use the open model's", group: "Answers", keys: both("alt+d"), enabled: isMine, run: () => session.duplicate() },
    { id: "annotation:next", title: "Next answer of this task", group: "Answers", keys: both("alt+down"), enabled: isMine, run: () => session.openBeside(1) },
    { id: "annotation:previous", title: "Previous answer of this task", group: "Answers", keys: both("alt+up"), enabled: isMine, run: () => session.openBeside(-1) },
    { id: "annotation:ground-truth", title: "Mark as ground truth", group: "Answers", keys: both("alt+g"), enabled: isMine, run: () => session.toggleGroundTruth() },
    { id: "annotation:delete", title: "Delete the open answer", group: "Answers", keys: both("alt+backspace"), inFields: false, enabled: isMine, run: () => session.deleteAnswer() },
    { id: "suggestion:smart", title: "Ask the model about what I draw, on or off", group: "Suggestions", keys: both("alt+a"), enabled: () => mayToggleSmart(session.state.smart), run: () => session.toggleSmart() },
    { id: "screen:instructions", title: "Instructions", group: "Screen", keys: both("alt+i"), run: () => screen.toggleInstructions() },
    { id: "screen:keys", title: "All keys", group: "Screen", keys: both("?"), run: () => screen.showHelp("keys") },
    { id: "screen:commands", title: "Find a command", group: "Screen", keys: both("mod+k"), run: () => screen.showHelp("commands") },
  ];
}
