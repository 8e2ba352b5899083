/** What becomes of an answer: submitted, updated, skipped, thrown away, and taken back. */
import type { Desk } from "./desk";
import type { Dispatch } from "./dispatch";
import { refOf, reopened, submitErrand, undoErrand } from "./errands";
import type { OpenAnswer } from "./model";
import type { Prepared } from "./prepared";
import type { Queue } from "./queue";
import { submitKind } from "./sessionState";
import { removeTab } from "./tabs";
import { TakeBacks, UNDO_MS } from "./takeBack";
import type { Walk } from "./walk";

export interface SubmittingParts {
  readonly desk: Desk;
  readonly queue: Queue;
  readonly prepared: Prepared;
  readonly dispatch: Dispatch;
  readonly walk: Walk;
}

export class Submitting {
  private readonly desk: Desk;
  private readonly takeBacks: TakeBacks;

  constructor(private readonly parts: SubmittingParts) {
    this.desk = parts.desk;
    this.takeBacks = new TakeBacks(parts.desk);
  }

  dispose(): void {
    this.takeBacks.dispose();
  }

  /** False when something hinders it (then `problems` or `isEmpty` say what). Nothing to send: goes on to the next task. */
  submit({ offerUndo = false }: { offerUndo?: boolean } = {}): boolean {
    const answer = this.desk.mine;
    const { editor } = this.desk;
    if (!answer || !editor) return false;
    this.desk.measure();
    const { problems, isEmpty, project } = this.desk.state;
    if (problems.length > 0 || (isEmpty && project?.allowEmpty === false)) return false;
    if (submitKind(this.desk.state) === "next") void this.parts.walk.next();
    else this.send(answer, editor.serialize(), false, offerUndo ? "Submitted" : null, answer);
    return true;
  }

  /** Skips the task; on a skipped one: takes the skip back, and the task waits for an answer again. */
  skip(): boolean {
    const answer = this.desk.mine;
    if (!answer || !this.mayBeSkipped) return false;
    if (answer.state === "skipped") this.takeSkipBack(answer);
    else {
      const result = this.desk.editor?.serialize() ?? answer.result;
      this.send(answer, result, true, "Skipped", { ...answer, result, isChanged: this.desk.state.isChanged });
    }
    return true;
  }

  private takeSkipBack(answer: OpenAnswer): void {
    const { task, answers } = this.desk.state;
    const annotation = refOf(answer);
    if (!task || !annotation) return;
    const hasWork = answer.result.length > 0;
    const fresh = reopened({ ...answer, annotationId: null, stored: null, state: hasWork ? "draft" : "new", isChanged: hasWork });
    this.desk.office?.drafts.close(answer.key);
    void this.parts.dispatch.post(task.id, answer.key, { kind: "delete", annotation });
    this.parts.queue.undone(task.id);
    this.count(-1);
    this.parts.walk.show(task, answers.map((one) => (one.key === answer.key ? fresh : one)), fresh.key);
    if (hasWork) this.desk.saveDraft(fresh);
  }

  get mayBeSkipped(): boolean {
    return this.desk.state.project?.allowSkip !== false && this.desk.state.task?.allowSkip !== false;
  }

  private send(answer: OpenAnswer, result: OpenAnswer["result"], isSkipped: boolean, undoText: string | null, restored: OpenAnswer): void {
    const { task, answers } = this.desk.state;
    const { office } = this.desk;
    if (!task || !office) return;
    const leadTimeS = this.desk.leadTimeOf(answer);
    const counted = answer.stored === null ? 1 : 0;
    office.drafts.close(answer.key);
    this.parts.prepared.drop(task.id);
    this.parts.queue.done(task.id);
    this.count(counted);
    this.parts.dispatch.postLater(task.id, answer.key, submitErrand(answer, result, isSkipped, leadTimeS));
    const stored: OpenAnswer = { ...answer, result, stored: result, state: isSkipped ? "skipped" : "submitted", isChanged: false, draftId: null, leadTimeS };
    if (this.desk.state.autoAdvance) void this.parts.walk.next(true);
    else this.parts.walk.show(task, replaceAnswer(answers, stored), stored.key);
    if (undoText === null) return this.takeBacks.drop();
    this.takeBacks.offer(undoText, {
      task, answers, open: answer.key, restored, counted,
      undo: () => void this.parts.dispatch.post(task.id, answer.key, undoErrand(answer)),
    });
  }

  private count(by: number): void {
    if (by !== 0) this.desk.set({ done: Math.max(0, this.desk.state.done + by), left: Math.max(0, this.desk.state.left - by) });
  }

  // ------------------------------------------------------------ taking back

  /** Back to the task just answered, as it was before; the answer is taken back. False when there is no such offer. */
  undo(): boolean {
    const back = this.takeBacks.take();
    if (!back) return false;
    this.desk.keep();
    this.parts.dispatch.runNow();
    back.undo();
    this.parts.queue.undone(back.task.id);
    this.count(-back.counted);
    const fresh = reopened(back.restored);
    const others = back.answers.filter((answer) => answer.key !== back.open);
    this.parts.walk.show(back.task, [fresh, ...others], fresh.key);
    if (fresh.isChanged) this.desk.saveDraft(fresh);
    return true;
  }

  /** Throws the open answer of mine away. It can be had back for UNDO_MS; only then the server is told. */
  remove(): void {
    const { task, answers } = this.desk.state;
    const removed = removeTab(this.desk);
    const { office } = this.desk;
    if (!task || !removed || !office) return;
    office.drafts.close(removed.key);
    const draftId = office.drafts.settledId(removed.key).then((id) => id ?? removed.draftId);
    void this.parts.prepared.forget(removed.key);
    const annotation = refOf(removed);
    const counted = annotation ? -1 : 0;
    const posted = draftId.then(async (id) => {
      const draft = id === null ? null : await this.parts.dispatch.post(task.id, removed.key, { kind: "delete-draft", draftId: id }, UNDO_MS);
      return [draft, annotation && (await this.parts.dispatch.post(task.id, removed.key, { kind: "delete", annotation }, UNDO_MS))];
    });
    this.count(counted);
    const restored = annotation ? removed : { ...removed, isChanged: true };
    this.takeBacks.offer("Deleted", {
      task, answers, open: removed.key, restored, counted,
      undo: () => void posted.then((parcels) => parcels.forEach((parcel) => parcel && office.outbox.takeBack(parcel.id))),
    });
  }
}

const replaceAnswer = (answers: readonly OpenAnswer[], answer: OpenAnswer): readonly OpenAnswer[] =>
  answers.map((one) => (one.key === answer.key ? answer : one));
