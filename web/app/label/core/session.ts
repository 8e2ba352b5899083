/**
 * One visit to the labeling screen: what happens on submit, skip, next, previous, undo.
 *
 * The screen draws `state` and calls the verbs. Nothing here waits for the server before the next task is shown: answers go
 * to the outbox, the next task is already fetched.
 */
import type { LabelConfig } from "@labelwright/config";
import type { Change } from "@labelwright/engine";
import { answersOf, firstAnswer } from "./answers";
import { ApiError, type LabelApi } from "./api";
import type { Claims } from "./claims";
import { Desk, type SessionEditor } from "./desk";
import { Dispatch } from "./dispatch";
import { entryOf, refOf, reopened, submitErrand, undoErrand } from "./errands";
import { instantControl } from "./instant";
import { mediaOf, type Medium } from "./media";
import type { LabelTask, OpenAnswer, Parcel, Project } from "./model";
import type { Office } from "./office";
import { Prepared, type Histories, type Memories } from "./prepared";
import { ServerQueue, TaskCache, ViewQueue, type Queue, type TrailStore } from "./queue";
import { ON_ITS_WAY_MS, saveStateOf, unsentOf } from "./saving";
import { initialState, submitKind, type SessionState } from "./sessionState";
import { TakeBacks, UNDO_MS } from "./takeBack";
import { addTab, duplicateTab, openTab, removeTab, turnStar } from "./tabs";

export interface SessionOptions {
  readonly api: LabelApi;
  /** Asked again after a failure. */
  office(): Promise<Office>;
  readonly claims: Claims;
  readonly projectId: number;
  readonly taskId?: number;
  readonly queue: "server" | "view";
  readonly viewQuery?: string;
  parseConfig(source: string): LabelConfig;
  readonly histories?: Histories;
  /** Starts downloading what the next tasks show. */
  warm?(media: readonly Medium[]): void;
  readonly preferences?: { get(name: string): string | null; set(name: string, value: string): void };
  readonly now?: () => number;
  /** Puts work after the next paint. */
  afterPaint?(f: () => void): void;
}

/** A wait shorter than this keeps the old task in view, ms. */
const QUIET_MS = 120;

export class Session {
  private readonly desk: Desk;
  private readonly cache: TaskCache;
  private readonly queue: Queue;
  private readonly prepared: Prepared;
  private readonly takeBacks: TakeBacks;
  private readonly dispatch: Dispatch;
  private readonly owned: (() => void)[] = [];
  private saveTimer: ReturnType<typeof setTimeout> | undefined;
  private steps = 0;
  private disposed = false;

  constructor(private readonly options: SessionOptions) {
    const { api, projectId, claims, queue, viewQuery, taskId: firstTaskId } = options;
    this.desk = new Desk(options.now ?? Date.now);
    this.takeBacks = new TakeBacks(this.desk);
    this.prepared = new Prepared(() => options.office(), options.histories);
    this.dispatch = new Dispatch({
      projectId, prepared: this.prepared, office: () => options.office(),
      afterPaint: options.afterPaint ?? ((f) => setTimeout(f, 0)), onChange: () => this.refresh(),
    });
    this.cache = new TaskCache(api, (task) => this.prepare(task));
    const shared = { api, cache: this.cache, projectId, firstTaskId, onChange: () => this.refresh() };
    this.queue =
      queue === "view"
        ? new ViewQueue({ ...shared, query: viewQuery || `project=${projectId}` })
        : new ServerQueue({ ...shared, claims, trail: this.trailStore(), unsent: () => this.unsentTasks() });
    this.desk.state = { ...initialState, autoAdvance: this.preference("auto-advance"), instant: this.preference("instant") };
  }

  get state(): SessionState {
    return this.desk.state;
  }

  readonly subscribe = (f: () => void): (() => void) => this.desk.subscribe(f);

  async start(): Promise<void> {
    const { api, projectId } = this.options;
    try {
      const first = this.queue.first();
      first.catch(() => undefined); // asked for below, once the project is there to say why
      const [office, project] = await Promise.all([this.options.office(), api.project(projectId)]);
      if (this.disposed) return;
      this.openOffice(office);
      const config = this.options.parseConfig(project.labelConfig);
      this.desk.set({ project, config, me: office.me, canBeInstant: instantControl(config) !== null, done: project.queueDone, left: project.queueLeft });
      if (config.controls.length === 0) return this.desk.set({ phase: { is: "empty", why: "no-controls", elsewhere: 0 } });
      const task = await first;
      if (!task) return await this.showNothingLeft(project);
      await this.display(task);
    } catch (error) {
      this.fail(error);
    }
  }

  dispose(): void {
    this.desk.keep();
    this.disposed = true;
    this.queue.leave();
    this.dispatch.runNow();
    this.takeBacks.dispose();
    clearTimeout(this.saveTimer);
    this.owned.forEach((stop) => stop());
    this.options.claims.release();
    this.desk.close();
  }

  // ------------------------------------------------------------ the editor

  /** The editor of the open answer is there (called before its first paint). */
  attach(editor: SessionEditor): void {
    this.desk.attach(editor);
  }

  /** The person changed something. byKey: the change came from a key that stands for an answer. */
  edited(change: Pick<Change, "origin" | "before" | "after">, byKey = false): void {
    if (change.origin === "load" || !this.desk.mine) return;
    if (byKey && change.origin === "user" && this.state.instant && this.state.canBeInstant && this.submitInstantly(change)) return;
    this.prepared.drop(this.state.task?.id ?? 0);
    this.desk.noteChange(change);
  }

  private submitInstantly(change: Pick<Change, "before" | "after">): boolean {
    const isAnswered = change.after.answers.size > 0;
    const wasSuggested = [...change.before.answers.values()].some((answer) => answer.origin === "prediction");
    // the key of the suggested choice means "yes, that one", not "take it away"
    if (!isAnswered && wasSuggested) this.desk.editor?.undo();
    else if (!isAnswered) return false;
    return this.submit({ offerUndo: true });
  }

  // ------------------------------------------------------------ submit, update, skip

  /** False when something hinders it (then `problems` or `isEmpty` say what). Nothing to send: goes on to the next task. */
  submit({ offerUndo = false }: { offerUndo?: boolean } = {}): boolean {
    const answer = this.desk.mine;
    const { editor } = this.desk;
    if (!answer || !editor) return false;
    this.desk.measure();
    const { problems, isEmpty, project } = this.state;
    if (problems.length > 0 || (isEmpty && project?.allowEmpty === false)) return false;
    if (submitKind(this.state) === "next") void this.goNext();
    else this.send(answer, editor.serialize(), false, offerUndo ? "Submitted" : null, answer);
    return true;
  }

  /** Submits; where something hinders it, goes to the first thing that does. */
  submitOrShowWhy(): void {
    if (this.submit() || !this.desk.mine) return;
    this.desk.editor?.reportProblems();
    this.desk.set({ hindered: this.state.hindered + 1 });
  }

  /** Skips the task; on a skipped one: takes the skip back, and the task waits for an answer again. */
  skip(): boolean {
    const answer = this.desk.mine;
    if (!answer || !this.mayBeSkipped) return false;
    if (answer.state === "skipped") this.takeSkipBack(answer);
    else {
      const result = this.desk.editor?.serialize() ?? answer.result;
      this.send(answer, result, true, "Skipped", { ...answer, result, isChanged: this.state.isChanged });
    }
    return true;
  }

  private takeSkipBack(answer: OpenAnswer): void {
    const { task, answers } = this.state;
    const annotation = refOf(answer);
    if (!task || !annotation) return;
    const hasWork = answer.result.length > 0;
    const fresh = reopened({ ...answer, annotationId: null, stored: null, state: hasWork ? "draft" : "new", isChanged: hasWork });
    this.desk.office?.drafts.close(answer.key);
    void this.dispatch.post(task.id, answer.key, { kind: "delete", annotation });
    this.queue.undone(task.id);
    this.count(-1);
    this.showHere(task, answers.map((one) => (one.key === answer.key ? fresh : one)), fresh.key);
    if (hasWork) this.desk.saveDraft(fresh);
  }

  get mayBeSkipped(): boolean {
    return this.state.project?.allowSkip !== false && this.state.task?.allowSkip !== false;
  }

  private send(answer: OpenAnswer, result: OpenAnswer["result"], isSkipped: boolean, undoText: string | null, restored: OpenAnswer): void {
    const { task, answers } = this.state;
    const { office } = this.desk;
    if (!task || !office) return;
    const leadTimeS = this.desk.leadTimeOf(answer);
    const counted = answer.stored === null ? 1 : 0;
    office.drafts.close(answer.key);
    this.prepared.drop(task.id);
    this.queue.done(task.id);
    this.count(counted);
    this.dispatch.postLater(task.id, answer.key, submitErrand(answer, result, isSkipped, leadTimeS));
    const stored: OpenAnswer = { ...answer, result, stored: result, state: isSkipped ? "skipped" : "submitted", isChanged: false, draftId: null, leadTimeS };
    if (this.state.autoAdvance) void this.goNext(true);
    else this.showHere(task, replaceAnswer(answers, stored), stored.key);
    if (undoText === null) return this.takeBacks.drop();
    this.takeBacks.offer(undoText, {
      task, answers, open: answer.key, restored, counted,
      undo: () => void this.dispatch.post(task.id, answer.key, undoErrand(answer)),
    });
  }

  private count(by: number): void {
    if (by !== 0) this.desk.set({ done: Math.max(0, this.state.done + by), left: Math.max(0, this.state.left - by) });
  }

  // ------------------------------------------------------------ taking back

  /** Back to the task just answered, as it was before; the answer is taken back. False when there is no such offer. */
  undoAnswer(): boolean {
    const back = this.takeBacks.take();
    if (!back) return false;
    this.desk.keep();
    this.dispatch.runNow();
    back.undo();
    this.queue.undone(back.task.id);
    this.count(-back.counted);
    const fresh = reopened(back.restored);
    const others = back.answers.filter((answer) => answer.key !== back.open);
    this.showHere(back.task, [fresh, ...others], fresh.key);
    if (fresh.isChanged) this.desk.saveDraft(fresh);
    return true;
  }

  // ------------------------------------------------------------ from task to task

  /** leaving: the open answer is sent already. */
  async goNext(leaving = false): Promise<void> {
    const from = this.state.task;
    if (!from) return;
    if (!leaving) this.desk.keep();
    const ready = this.queue.peekNext(from.id);
    const memories = ready && this.prepared.peek(ready.id);
    if (!ready || !memories) return this.go(() => this.queue.next(from.id));
    void this.queue.next(from.id).catch(() => undefined);
    this.showFirst(ready, memories);
  }

  async goPrevious(): Promise<void> {
    const from = this.state.task;
    if (!from || !this.queue.hasPrevious(from.id)) return;
    this.desk.keep();
    await this.go(() => this.queue.previous(from.id), true);
  }

  /** To a given task, for instance one whose answer was not accepted. */
  async goTo(taskId: number): Promise<void> {
    this.desk.keep();
    await this.go(() => this.cache.get(taskId), true);
  }

  /** stay: with nothing there (or no connection) the present task stays. */
  private async go(find: () => Promise<LabelTask | null>, stay = false): Promise<void> {
    this.steps += 1;
    const step = this.steps;
    const isCurrent = () => !this.disposed && step === this.steps;
    const before = this.state;
    this.desk.set({ phase: { is: "loading", quiet: before.phase.is === "labeling" } });
    const slow = setTimeout(() => isCurrent() && this.desk.set({ phase: { is: "loading", quiet: false } }), QUIET_MS);
    try {
      const task = await find();
      if (!isCurrent()) return;
      if (task) await this.display(task);
      else if (stay) this.stayAt(before);
      else if (this.state.project) await this.showNothingLeft(this.state.project);
    } catch (error) {
      if (!isCurrent()) return;
      if (stay && before.phase.is === "labeling") this.stayAt(before, error instanceof Error ? error.message : String(error));
      else this.fail(error);
    } finally {
      clearTimeout(slow);
    }
  }

  private stayAt(before: SessionState, notice: string | null = null): void {
    if (before.task && before.open) this.desk.show(before.task, before.answers, before.open, { notice });
    else this.desk.set({ phase: before.phase });
  }

  private async display(task: LabelTask): Promise<void> {
    const memories = await this.prepared.get(task.id);
    if (!this.disposed) this.showFirst(task, memories);
  }

  private showFirst(task: LabelTask, { entries, histories }: Memories): void {
    const { project, me } = this.state;
    if (!project || !me) return;
    for (const [key, steps] of histories) this.desk.histories.set(key, steps);
    const parcels = (this.desk.office?.outbox.parcels ?? []).filter((parcel) => parcel.taskId === task.id);
    const answers = answersOf({ task, project, me, journal: entries, parcels, now: this.desk.isoNow });
    this.showHere(task, answers, firstAnswer(answers)?.key ?? "");
  }

  private showHere(task: LabelTask, answers: readonly OpenAnswer[], open: string): void {
    this.steps += 1;
    this.desk.show(task, answers, open, { ...this.placeOf(task.id), notice: null });
    this.dispatch.later(() => this.queue.fill(task.id));
    this.refresh();
  }

  private placeOf(taskId: number): Pick<SessionState, "place" | "hasPrevious" | "hasNext"> {
    return { place: this.queue.place(taskId), hasPrevious: this.queue.hasPrevious(taskId), hasNext: this.queue.hasNext(taskId) };
  }

  // ------------------------------------------------------------ tabs

  open(key: string): void {
    openTab(this.desk, key);
  }

  /** The next (1) or previous (-1) tab. */
  openBeside(step: 1 | -1): void {
    const { answers, open } = this.state;
    const at = answers.findIndex((answer) => answer.key === open);
    const beside = answers[(at + step + answers.length) % answers.length];
    if (beside) openTab(this.desk, beside.key);
  }

  addAnswer(): void {
    addTab(this.desk);
  }

  duplicate(): void {
    duplicateTab(this.desk);
  }

  /** Throws the open answer of mine away. It can be had back for UNDO_MS; only then the server is told. */
  deleteAnswer(): void {
    const { task, answers } = this.state;
    const removed = removeTab(this.desk);
    const { office } = this.desk;
    if (!task || !removed || !office) return;
    office.drafts.close(removed.key);
    const draftId = office.drafts.settledId(removed.key).then((id) => id ?? removed.draftId);
    void this.prepared.forget(removed.key);
    const annotation = refOf(removed);
    const counted = annotation ? -1 : 0;
    const posted = draftId.then(async (id) => {
      const draft = id === null ? null : await this.dispatch.post(task.id, removed.key, { kind: "delete-draft", draftId: id }, UNDO_MS);
      return [draft, annotation && (await this.dispatch.post(task.id, removed.key, { kind: "delete", annotation }, UNDO_MS))];
    });
    this.count(counted);
    const restored = annotation ? removed : { ...removed, isChanged: true };
    this.takeBacks.offer("Deleted", {
      task, answers, open: removed.key, restored, counted,
      undo: () => void posted.then((parcels) => parcels.forEach((parcel) => parcel && office.outbox.takeBack(parcel.id))),
    });
  }

  toggleGroundTruth(): void {
    const answer = turnStar(this.desk);
    const annotation = answer && refOf(answer);
    if (annotation && this.state.task) void this.dispatch.post(this.state.task.id, answer.key, { kind: "update", annotation, isGroundTruth: answer.isGroundTruth });
  }

  // ------------------------------------------------------------ unsent

  retryParcel(id: number): void {
    void this.desk.office?.outbox.retry(id);
  }

  async discardParcel(id: number): Promise<void> {
    await this.desk.office?.outbox.takeBack(id);
  }

  /** Back to the work the server did not accept: it opens as a draft, the parcel is gone. */
  async reopenParcel(id: number): Promise<void> {
    const { office } = this.desk;
    const parcel = office?.outbox.parcels.find((one) => one.id === id);
    const entry = parcel && entryOf(parcel, this.desk.now());
    if (!office || !parcel || !entry) return;
    await office.shelf.putEntry(entry);
    await office.outbox.takeBack(id);
    this.prepared.drop(parcel.taskId);
    await this.goTo(parcel.taskId);
  }

  // ------------------------------------------------------------ the page around

  /** The page goes to the background or away. */
  hidden(): void {
    this.desk.watch.pause();
    this.dispatch.runNow();
    this.desk.office?.drafts.flushOnHide();
  }

  shown(): void {
    this.desk.watch.resume();
    this.desk.office?.wake();
  }

  /** The page is left: another tab may have its tasks. Back from the browser's cache it claims them again. */
  left(): void {
    this.queue.leave();
    this.options.claims.release();
  }

  cameBack(): void {
    if (this.state.task) this.queue.fill(this.state.task.id);
  }

  /** The connection is back, or the person wants another try. */
  wake(): void {
    this.desk.office?.wake();
    const { phase, task } = this.state;
    if (phase.is !== "failed") return;
    this.desk.set({ phase: { is: "loading", quiet: false } });
    void (task ? this.go(() => this.queue.next(task.id)) : this.start());
  }

  /** After "nothing left": look again. */
  async lookAgain(): Promise<void> {
    const { task } = this.state;
    await this.go(() => (task ? this.queue.next(task.id) : this.queue.first()));
  }

  setAutoAdvance(autoAdvance: boolean): void {
    this.options.preferences?.set("auto-advance", autoAdvance ? "on" : "off");
    this.desk.set({ autoAdvance });
  }

  setInstant(instant: boolean): void {
    this.options.preferences?.set("instant", instant ? "on" : "off");
    this.desk.set({ instant });
  }

  dropNotice(): void {
    if (this.state.notice !== null) this.desk.set({ notice: null });
  }

  // ------------------------------------------------------------ inside

  private preference(name: string): boolean {
    return this.options.preferences?.get(name) !== "off";
  }

  private trailStore(): TrailStore {
    const key = (me: number) => `${me}/${this.options.projectId}`;
    return {
      read: async () => {
        const { shelf, me } = await this.options.office();
        return (await shelf.trail(key(me.id)))?.taskIds ?? [];
      },
      write: (taskIds) => void this.options.office().then(({ shelf, me }) => shelf.putTrail({ key: key(me.id), taskIds })).catch(() => undefined),
    };
  }

  private async unsentTasks(): Promise<readonly number[]> {
    const { outbox } = await this.options.office();
    return outbox.parcels.flatMap(({ errand, taskId }) => (errand.kind === "submit" ? [taskId] : []));
  }

  private openOffice(office: Office): void {
    if (this.desk.office) return;
    this.desk.office = office;
    this.owned.push(
      office.onChange(() => this.refresh()),
      office.onDelivered((parcel, annotationId) => this.delivered(parcel, annotationId)),
    );
  }

  private delivered({ taskId, answerKey }: Parcel, annotationId: number | null): void {
    this.cache.drop(taskId);
    if (this.state.task?.id !== taskId || annotationId === null) return;
    this.desk.set({ answers: this.state.answers.map((answer) => (answer.key === answerKey && answer.stored !== null ? { ...answer, annotationId } : answer)) });
  }

  private prepare(task: LabelTask): void {
    const { config } = this.state;
    if (config) this.options.warm?.(mediaOf(config, task.data));
    void this.prepared.get(task.id).catch(() => undefined);
  }

  private async showNothingLeft(project: Project): Promise<void> {
    const why = project.taskCount === 0 ? "no-tasks" : this.queue.kind === "view" ? "end-of-view" : "finished";
    const elsewhere = (await this.options.claims.others()).length;
    if (!this.disposed) this.desk.set({ phase: { is: "empty", why, elsewhere } });
  }

  private fail(error: unknown): void {
    if (this.disposed) return;
    const { status, message } = error instanceof ApiError ? error : new ApiError(-1, error instanceof Error ? error.message : String(error));
    const whys = { 0: "offline", 401: "logged-out", 403: "forbidden", 404: this.state.project ? "gone" : "no-project" } as const;
    this.desk.set({ phase: { is: "failed", why: whys[status as keyof typeof whys] ?? "broken", message } });
  }

  /** Save state, unsent parcels and queue buttons, from those who know. */
  private refresh(): void {
    const { office, now } = this.desk;
    if (this.disposed || !office) return;
    const { open, task } = this.state;
    const { parcels, connection } = office.outbox;
    const draft = open === null ? "clean" : office.drafts.stateOf(open);
    const savedAt = Math.max(office.lastSavedAt(), open === null ? 0 : office.drafts.savedAt(open));
    const unsent = unsentOf({ parcels, connection }, now());
    this.desk.set({ unsent, save: saveStateOf({ parcels, connection, draft, sending: this.dispatch.sending, leftovers: office.leftovers(), savedAt }), ...(task ? this.placeOf(task.id) : {}) });
    clearTimeout(this.saveTimer);
    if (parcels.length > unsent.length) this.saveTimer = setTimeout(() => this.refresh(), ON_ITS_WAY_MS);
  }
}

const replaceAnswer = (answers: readonly OpenAnswer[], answer: OpenAnswer): readonly OpenAnswer[] =>
  answers.map((one) => (one.key === answer.key ? answer : one));

