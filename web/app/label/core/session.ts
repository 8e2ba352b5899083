/**
 * One visit to the labeling screen: what happens on submit, skip, next, previous, undo.
 *
 * The screen draws `state` and calls the verbs. Nothing here waits for the server before the next task is shown: answers go
 * to the outbox, the next task is already fetched.
 */
import type { LabelConfig } from "@labelwright/config";
import type { Change } from "@labelwright/engine";
import type { LabelApi } from "./api";
import { Awaiting } from "./awaiting";
import type { Claims } from "./claims";
import { Desk, type SessionEditor } from "./desk";
import { Dispatch } from "./dispatch";
import { entryOf, refOf } from "./errands";
import { instantControl } from "./instant";
import { mediaOf, type Medium } from "./media";
import type { LabelTask, Parcel } from "./model";
import { Interactive } from "./interactive";
import type { Office } from "./office";
import { OtherModels } from "./otherModels";
import { Prepared, type Histories } from "./prepared";
import { ServerQueue, TaskCache, ViewQueue, type Queue, type TrailStore } from "./queue";
import { ON_ITS_WAY_MS, saveStateOf, unsentOf } from "./saving";
import { initialState, openAnswer, type SessionState } from "./sessionState";
import { Submitting } from "./submitting";
import { addTab, duplicateTab, openTab, takePrediction, turnStar } from "./tabs";
import { Walk } from "./walk";

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

export class Session {
  private readonly desk: Desk;
  private readonly cache: TaskCache;
  private readonly queue: Queue;
  private readonly prepared: Prepared;
  private readonly walk: Walk;
  private readonly awaiting: Awaiting;
  private readonly submitting: Submitting;
  private readonly interactive: Interactive;
  private readonly otherModels: OtherModels;
  private readonly dispatch: Dispatch;
  private readonly owned: (() => void)[] = [];
  private saveTimer: ReturnType<typeof setTimeout> | undefined;
  private disposed = false;

  constructor(private readonly options: SessionOptions) {
    const { api, projectId, claims, queue, viewQuery, taskId: firstTaskId } = options;
    this.desk = new Desk(options.now ?? Date.now);
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
    this.walk = new Walk({
      desk: this.desk, queue: this.queue, cache: this.cache, prepared: this.prepared, dispatch: this.dispatch, claims,
      onShown: (task) => {
        this.refresh();
        this.awaiting.watch(task);
        this.otherModels.watch(task);
      },
    });
    this.awaiting = new Awaiting({ api, desk: this.desk, cache: this.cache, show: (task, answers, open) => this.walk.show(task, answers, open) });
    this.submitting = new Submitting({ desk: this.desk, queue: this.queue, prepared: this.prepared, dispatch: this.dispatch, walk: this.walk });
    this.otherModels = new OtherModels(api, this.desk);
    this.interactive = new Interactive({ api, projectId, isOn: this.preference("smart"), onState: (smart) => !this.disposed && this.desk.set({ smart }) });
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
      void this.interactive.open(config);
      const task = await first;
      if (!task) return await this.walk.showNothingLeft(project);
      await this.walk.display(task);
    } catch (error) {
      this.walk.fail(error);
    }
  }

  dispose(): void {
    this.desk.keep();
    this.disposed = true;
    this.walk.dispose();
    this.awaiting.stop();
    this.interactive.dispose();
    this.otherModels.stop();
    this.queue.leave();
    this.dispatch.runNow();
    this.submitting.dispose();
    clearTimeout(this.saveTimer);
    this.owned.forEach((stop) => stop());
    this.options.claims.release();
    this.desk.close();
  }

  // ------------------------------------------------------------ the editor

  /** The editor of the open answer is there (called before its first paint). */
  attach(editor: SessionEditor): void {
    this.desk.attach(editor);
    this.interactive.attach(this.desk.mine ? editor : null, this.state.task?.id ?? 0);
  }

  /** The person changed something. byKey: the change came from a key that stands for an answer. */
  edited(change: Pick<Change, "origin" | "after" | "created" | "deleted">, byKey = false): void {
    if (change.origin === "load" || !this.desk.mine) return;
    this.beganWork();
    if (byKey && change.origin === "user" && this.state.instant && this.state.canBeInstant && this.submitInstantly(change)) return;
    this.prepared.drop(this.state.task?.id ?? 0);
    this.desk.noteChange(change);
    this.interactive.changed(change);
  }

  private submitInstantly(change: Pick<Change, "after">): boolean {
    return change.after.answers.size > 0 && this.submit({ offerUndo: true });
  }

  // ------------------------------------------------------------ submit, update, skip, take back

  /** False when something hinders it (then `problems` or `isEmpty` say what). Nothing to send: goes on to the next task. */
  submit(how: { offerUndo?: boolean } = {}): boolean {
    return this.submitting.submit(how);
  }

  /** Submits; where something hinders it, goes to the first thing that does. */
  submitOrShowWhy(): void {
    if (this.submit() || !this.desk.mine) return;
    this.desk.editor?.reportProblems();
    this.desk.set({ hindered: this.state.hindered + 1 });
  }

  /** Skips the task; on a skipped one: takes the skip back, and the task waits for an answer again. */
  skip(): boolean {
    return this.submitting.skip();
  }

  get mayBeSkipped(): boolean {
    return this.submitting.mayBeSkipped;
  }

  /** Back to the task just answered, as it was before; the answer is taken back. False when there is no such offer. */
  undoAnswer(): boolean {
    return this.submitting.undo();
  }

  // ------------------------------------------------------------ from task to task

  /** leaving: the open answer is sent already. */
  goNext(leaving = false): Promise<void> {
    return this.walk.next(leaving);
  }

  goPrevious(): Promise<void> {
    return this.walk.previous();
  }

  /** To a given task, for instance one whose answer was not accepted. */
  goTo(taskId: number): Promise<void> {
    return this.walk.to(taskId);
  }

  /** The first stroke: a suggestion that comes now would only be in the way. */
  beganWork(): void {
    this.awaiting.stop();
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

  /** A copy of the open answer as mine; of a model's answer: a suggestion to accept. */
  duplicate(): void {
    if (openAnswer(this.state)?.state === "prediction") takePrediction(this.desk);
    else duplicateTab(this.desk);
  }

  /** Throws the open answer of mine away. It can be had back for UNDO_MS; only then the server is told. */
  deleteAnswer(): void {
    this.submitting.remove();
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
    void (task ? this.walk.again() : this.start());
  }

  /** After "nothing left": look again. */
  lookAgain(): Promise<void> {
    return this.walk.again();
  }

  setAutoAdvance(autoAdvance: boolean): void {
    this.options.preferences?.set("auto-advance", autoAdvance ? "on" : "off");
    this.desk.set({ autoAdvance });
  }

  setInstant(instant: boolean): void {
    this.options.preferences?.set("instant", instant ? "on" : "off");
    this.desk.set({ instant });
  }

  /** Whether what is drawn with a smart tool goes to the model. */
  toggleSmart(): void {
    this.options.preferences?.set("smart", this.interactive.toggle() ? "on" : "off");
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

  /** Save state, unsent parcels and queue buttons, from those who know. */
  private refresh(): void {
    const { office, now } = this.desk;
    if (this.disposed || !office) return;
    const { open, task } = this.state;
    const { parcels, connection } = office.outbox;
    const draft = open === null ? "clean" : office.drafts.stateOf(open);
    const savedAt = Math.max(office.lastSavedAt(), open === null ? 0 : office.drafts.savedAt(open));
    const unsent = unsentOf({ parcels, connection }, now());
    this.desk.set({ unsent, save: saveStateOf({ parcels, connection, draft, sending: this.dispatch.sending, leftovers: office.leftovers(), savedAt }), ...(task ? this.walk.placeOf(task.id) : {}) });
    clearTimeout(this.saveTimer);
    if (parcels.length > unsent.length) this.saveTimer = setTimeout(() => this.refresh(), ON_ITS_WAY_MS);
  }
}
