/** What lies open: the task, its answers, the editor of one of them. Keeps the state the screen draws. */
import { isEqual, type Change, type Editor, type ReplayStep } from "@labelwright/engine";
import type { DraftSource } from "./drafts";
import type { LabelTask, OpenAnswer } from "./model";
import type { Office } from "./office";
import { initialState, openAnswer, type SessionState } from "./sessionState";
import { Stopwatch } from "./stopwatch";

/** What the session needs of the editor. */
export type SessionEditor = Pick<Editor, "serialize" | "problems" | "canUndo" | "doc" | "reportProblems" | "replay" | "load" | "serializeRegions" | "suggest" | "notice">;

export class Desk {
  state: SessionState = initialState;
  office: Office | null = null;
  /** The editor of the open answer; null between `show` and `attach`. */
  editor: SessionEditor | null = null;
  readonly watch: Stopwatch;
  /** Undo history of answers that are about to open, by their keys. */
  readonly histories = new Map<string, readonly ReplayStep[]>();

  private readonly listeners = new Set<() => void>();
  private measureTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly now: () => number) {
    this.watch = new Stopwatch(now);
  }

  subscribe(f: () => void): () => void {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  }

  set(patch: Partial<SessionState>): void {
    this.state = { ...this.state, ...patch };
    for (const listener of this.listeners) listener();
  }

  close(): void {
    clearTimeout(this.measureTimer);
    this.listeners.clear();
  }

  /** The open answer, if it is mine to change now. */
  get mine(): OpenAnswer | null {
    const answer = openAnswer(this.state);
    return this.state.phase.is === "labeling" && this.office !== null && answer && !answer.isReadOnly ? answer : null;
  }

  get isoNow(): string {
    return new Date(this.now()).toISOString();
  }

  leadTimeOf(answer: OpenAnswer): number {
    return Math.round((answer.leadTimeS + this.watch.seconds) * 1000) / 1000;
  }

  /** Lays a task on the desk, with one of its answers open. Its editor comes with `attach`. */
  show(task: LabelTask, answers: readonly OpenAnswer[], open: string, more: Partial<SessionState> = {}): void {
    this.editor = null;
    this.watch.restart();
    // a result of its own identity: the editor opens anew for it
    const shown = answers.map((answer) => (answer.key === open ? { ...answer, result: [...answer.result] } : answer));
    const isChanged = shown.find((answer) => answer.key === open)?.isChanged ?? false;
    this.set({ phase: { is: "labeling" }, task, answers: shown, open, problems: [], isEmpty: true, isChanged, ...more });
  }

  /** The editor of the open answer is there. An answer of an earlier visit gets its undo history back, if that leads to it. */
  attach(editor: SessionEditor): void {
    this.editor = editor;
    const answer = openAnswer(this.state);
    const steps = answer && this.histories.get(answer.key);
    if (answer && steps) {
      this.histories.delete(answer.key);
      editor.replay(steps);
      if (!isEqual(editor.serialize(), answer.result)) editor.load(answer.result);
    }
    this.measure();
  }

  /** Reads off the editor what the buttons say. */
  measure(): void {
    clearTimeout(this.measureTimer);
    const answer = openAnswer(this.state);
    if (!this.editor || !answer) return;
    const { regions, answers, orphans } = this.editor.doc;
    this.set({
      problems: answer.isReadOnly ? [] : this.editor.problems(),
      isEmpty: regions.size + answers.size + orphans.length === 0,
      isChanged: answer.isChanged || this.editor.canUndo,
    });
  }

  /** Every change goes to the journal; what the buttons say follows in the same frame. */
  noteChange(change: Pick<Change, "origin">): void {
    const answer = this.mine;
    if (change.origin === "load" || !answer) return;
    this.saveDraft(answer);
    clearTimeout(this.measureTimer);
    this.measureTimer = setTimeout(() => this.measure(), 0);
  }

  saveDraft(answer: OpenAnswer): void {
    this.office?.drafts.edited(this.draftSource(answer));
  }

  /** Takes what the editor says into `answers` and sends its draft; gives back the answers. Call before leaving an answer. */
  keep(): readonly OpenAnswer[] {
    const answer = this.mine;
    if (!this.editor || !answer || !this.office || !(answer.isChanged || this.editor.canUndo)) return this.state.answers;
    void this.office.drafts.flush(answer.key);
    const kept: OpenAnswer = {
      ...answer, result: this.editor.serialize(), leadTimeS: this.leadTimeOf(answer), isChanged: true,
      state: answer.stored === null ? "draft" : answer.state,
    };
    return this.state.answers.map((one) => (one.key === kept.key ? kept : one));
  }

  private draftSource(answer: OpenAnswer): DraftSource {
    const { editor } = this;
    const { task, project, me } = this.state;
    const { key, annotationId, uniqueId, parentPrediction, parentAnnotation, startedAt, draftId } = answer;
    return {
      key, annotationId, uniqueId, parentPrediction, parentAnnotation, startedAt, draftId,
      userId: me?.id ?? 0, projectId: project?.id ?? 0, taskId: task?.id ?? 0,
      read: () => (editor ? { result: editor.serialize(), leadTimeS: this.leadTimeOf(answer) } : answer),
    };
  }
}
