/**
 * Which task comes next and which came before. Two orders, one interface: the server's queue (leases, then a trail of where I
 * was) and the list of the data view. Both fetch ahead, so that the next task can be shown in the frame of the key press.
 */
import { ApiError, type LabelApi } from "./api";
import type { Claims } from "./claims";
import type { LabelTask } from "./model";

export interface Place {
  /** Counted from 0. */
  readonly index: number;
  readonly total: number;
}

export interface Queue {
  readonly kind: "server" | "view";
  /** The first task to show; null = there is none. */
  first(): Promise<LabelTask | null>;
  /** The task after this one if it is here already. */
  peekNext(taskId: number): LabelTask | undefined;
  /** Moves on; null = nothing left. Rejects with ApiError. */
  next(taskId: number): Promise<LabelTask | null>;
  previous(taskId: number): Promise<LabelTask | null>;
  hasPrevious(taskId: number): boolean;
  hasNext(taskId: number): boolean;
  /** Where the task stands in the list, if the order is a list. */
  place(taskId: number): Place | null;
  /** Fetches ahead from here. */
  fill(taskId: number): void;
  /** The task is answered (skipped, deleted): not to be handed out again here. */
  done(taskId: number): void;
  /** The answer was taken back. */
  undone(taskId: number): void;
  /** The screen is left: tasks fetched ahead go back to the others. */
  leave(): void;
}

/** Where the trail is kept between visits. */
export interface TrailStore {
  read(): Promise<readonly number[]>;
  write(taskIds: readonly number[]): void;
}

export const AHEAD = 2;
const CACHED = 24;
const TRAIL = 200;
const EXCLUDED = 100;
const LONGEST_PAGE = 8_000;

/** Tasks by id, the last CACHED of them; `warm` starts loading their media. */
export class TaskCache {
  private readonly tasks = new Map<number, LabelTask>();
  private readonly loading = new Map<number, Promise<LabelTask>>();

  constructor(
    private readonly api: LabelApi,
    private readonly warm: (task: LabelTask) => void = () => undefined,
  ) {}

  peek(id: number): LabelTask | undefined {
    return this.tasks.get(id);
  }

  put(task: LabelTask): void {
    this.tasks.delete(task.id);
    this.tasks.set(task.id, task);
    this.warm(task);
    for (const old of this.tasks.keys()) {
      if (this.tasks.size <= CACHED) break;
      this.tasks.delete(old);
    }
  }

  /** What the server holds changed: ask again next time. */
  drop(id: number): void {
    this.tasks.delete(id);
    this.loading.delete(id);
  }

  get(id: number): Promise<LabelTask> {
    const here = this.tasks.get(id);
    if (here) return Promise.resolve(here);
    const running = this.loading.get(id);
    if (running) return running;
    const loading = this.api.task(id).then((task) => {
      if (this.loading.get(id) === loading) this.put(task);
      return task;
    });
    this.loading.set(id, loading);
    void loading.catch(() => undefined).finally(() => this.loading.get(id) === loading && this.loading.delete(id));
    return loading;
  }
}

export interface QueueOptions {
  readonly api: LabelApi;
  readonly cache: TaskCache;
  readonly projectId: number;
  /** Something was fetched: buttons may change. */
  readonly onChange?: () => void;
}

/** `GET /next` with leases; back and forth along the trail of my last 200 tasks, which outlives the page. */
export class ServerQueue implements Queue {
  readonly kind = "server";
  private readonly ahead: LabelTask[] = [];
  private readonly answered = new Set<number>();
  /** Seen and left without an answer: handed out again when nothing else is left. */
  private readonly passedOver = new Set<number>();
  private trail: number[] = [];
  /** The task on the screen. */
  private current: number | null = null;
  private filling: Promise<void> | null = null;
  private isExhausted = false;

  constructor(private readonly options: QueueOptions & { trail: TrailStore; claims: Claims; unsent(): Promise<readonly number[]>; firstTaskId?: number }) {}

  async first(): Promise<LabelTask | null> {
    const { trail, unsent, firstTaskId, cache } = this.options;
    // answered on an earlier visit, still on this device: the server would hand them out again
    for (const taskId of await unsent()) this.answered.add(taskId);
    const [task, kept] = await Promise.all([firstTaskId === undefined ? this.take() : cache.get(firstTaskId), trail.read()]);
    this.trail = [...kept];
    if (task) this.visitLast(task.id);
    return task;
  }

  peekNext(taskId: number): LabelTask | undefined {
    const forward = this.forwardOf(taskId);
    return forward === undefined ? this.ahead[0] : this.options.cache.peek(forward);
  }

  async next(taskId: number): Promise<LabelTask | null> {
    if (!this.answered.has(taskId)) this.passedOver.add(taskId);
    const forward = this.forwardOf(taskId);
    if (forward !== undefined) return this.options.cache.get(forward);
    const task = await this.take();
    if (task) this.visitLast(task.id);
    return task;
  }

  async previous(taskId: number): Promise<LabelTask | null> {
    const index = this.trail.lastIndexOf(taskId);
    const before = index < 0 ? this.trail.at(-1) : this.trail[index - 1];
    if (before === undefined) return null;
    try {
      return await this.options.cache.get(before);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      this.trail = this.trail.filter((id) => id !== before); // deleted meanwhile: one further back
      return this.previous(taskId);
    }
  }

  hasPrevious(taskId: number): boolean {
    return this.trail.length > 0 && this.trail[0] !== taskId;
  }

  hasNext(taskId: number): boolean {
    return this.forwardOf(taskId) !== undefined || this.ahead.length > 0 || !this.isExhausted;
  }

  place(): Place | null {
    return null;
  }

  fill(taskId: number): void {
    this.current = taskId;
    this.claim();
    void this.filled().catch(() => undefined);
  }

  done(taskId: number): void {
    this.answered.add(taskId);
    this.passedOver.delete(taskId);
  }

  undone(taskId: number): void {
    this.answered.delete(taskId);
  }

  leave(): void {
    const ids = this.ahead.splice(0).map((task) => task.id);
    if (ids.length === 0) return;
    const { api, projectId } = this.options;
    const request = { method: "DELETE" as const, path: `/api/projects/${projectId}/leases`, body: { task_ids: ids } };
    void api.send(request, { keepalive: true }).catch(() => undefined); // else the leases end by themselves
  }

  // ------------------------------------------------------------ inside

  private forwardOf(taskId: number): number | undefined {
    const index = this.trail.lastIndexOf(taskId);
    return index < 0 ? undefined : this.trail[index + 1];
  }

  private visitLast(taskId: number): void {
    this.current = taskId;
    this.passedOver.delete(taskId);
    this.trail = [...this.trail.filter((id) => id !== taskId), taskId].slice(-TRAIL);
    this.options.trail.write(this.trail);
    this.claim();
  }

  private async take(): Promise<LabelTask | null> {
    const ready = this.ahead.shift();
    if (ready) return ready;
    // a fetch under way began before this wish: let it end, it may bring the task
    await this.filling?.catch(() => undefined);
    const fetched = this.ahead.shift() ?? (await this.fetchOne());
    if (fetched) return fetched;
    const [again] = this.passedOver;
    if (again === undefined) return null;
    this.passedOver.delete(again);
    return this.options.cache.get(again);
  }

  private filled(): Promise<void> {
    this.filling ??= this.fetchAhead().finally(() => {
      this.filling = null;
      this.options.onChange?.();
    });
    return this.filling;
  }

  private async fetchAhead(): Promise<void> {
    this.isExhausted = false;
    while (this.ahead.length < AHEAD) {
      const task = await this.fetchOne();
      if (!task) {
        this.isExhausted = true;
        return;
      }
      this.ahead.push(task);
      this.claim();
    }
  }

  /** The next task that no tab of mine has; null = nothing left. */
  private async fetchOne(): Promise<LabelTask | null> {
    const { api, cache, projectId, claims } = this.options;
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const exclude = this.exclude(await claims.others());
      const task = await api.next(projectId, exclude);
      // a server that does not know `exclude` hands out the same task again: then there is nothing to fetch ahead
      if (!task || exclude.includes(task.id) || task.id === this.current) return null;
      // else another tab was handed the same one at the same moment
      if (await claims.take(task.id)) {
        cache.put(task);
        return task;
      }
    }
    return null;
  }

  /** The server reads the first EXCLUDED: what is in hand, then the latest. */
  private exclude(elsewhere: readonly number[]): number[] {
    const inHand = this.current === null ? [] : [this.current];
    const latest = [...this.passedOver, ...this.answered].reverse();
    return [...new Set([...inHand, ...this.ahead.map((task) => task.id), ...elsewhere, ...latest])].slice(0, EXCLUDED);
  }

  private claim(): void {
    this.options.claims.set([...(this.current === null ? [] : [this.current]), ...this.ahead.map((task) => task.id)]);
  }
}

/** The list of the data view, in its order. Ids are read page by page; tasks when they come near. */
export class ViewQueue implements Queue {
  readonly kind = "view";
  private ids: number[] = [];
  private total = 0;
  /** Rows read so far: 500, 1000, 2000 … so that the next page begins where the last one ended. */
  private rows = 0;
  private isComplete = false;
  private reading: Promise<void> | null = null;

  constructor(private readonly options: QueueOptions & { query: string; firstTaskId?: number; pageSize?: number }) {}

  async first(): Promise<LabelTask | null> {
    const { firstTaskId, cache } = this.options;
    if (firstTaskId !== undefined) return cache.get(firstTaskId);
    await this.readPage();
    const [id] = this.ids;
    return id === undefined ? null : cache.get(id);
  }

  peekNext(taskId: number): LabelTask | undefined {
    const id = this.neighbour(taskId, 1);
    return id === undefined ? undefined : this.options.cache.peek(id);
  }

  next(taskId: number): Promise<LabelTask | null> {
    return this.step(taskId, 1);
  }

  previous(taskId: number): Promise<LabelTask | null> {
    return this.step(taskId, -1);
  }

  hasPrevious(taskId: number): boolean {
    return this.ids.indexOf(taskId) !== 0;
  }

  hasNext(taskId: number): boolean {
    return !(this.isComplete && this.ids.at(-1) === taskId);
  }

  place(taskId: number): Place | null {
    const index = this.ids.indexOf(taskId);
    return index < 0 ? null : { index, total: Math.max(this.total, this.ids.length) };
  }

  fill(taskId: number): void {
    void this.fetchAround(taskId).catch(() => undefined);
  }

  done(): void {}

  undone(): void {}
  leave(): void {}

  // ------------------------------------------------------------ inside

  private neighbour(taskId: number, by: 1 | -1): number | undefined {
    const index = this.ids.indexOf(taskId);
    return index < 0 ? undefined : this.ids[index + by];
  }

  private async step(taskId: number, by: 1 | -1): Promise<LabelTask | null> {
    await this.readUntil(taskId, by);
    const id = this.neighbour(taskId, by);
    if (id === undefined) return null;
    try {
      return await this.options.cache.get(id);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      this.ids = this.ids.filter((one) => one !== id); // deleted meanwhile
      return this.step(taskId, by);
    }
  }

  private async fetchAround(taskId: number): Promise<void> {
    await this.readUntil(taskId, 1);
    this.options.onChange?.();
    const index = this.ids.indexOf(taskId);
    if (index < 0) return;
    for (const id of this.ids.slice(index + 1, index + 1 + AHEAD)) await this.options.cache.get(id);
  }

  /** Reads pages until the task and its neighbour are known, or all are read. */
  private async readUntil(taskId: number, by: 1 | -1): Promise<void> {
    while (!this.isComplete && (this.ids.indexOf(taskId) < 0 || this.neighbour(taskId, by) === undefined)) {
      if (by === -1 && this.ids[0] === taskId) return;
      await this.readPage();
    }
  }

  private readPage(): Promise<void> {
    this.reading ??= this.readOnePage().finally(() => (this.reading = null));
    return this.reading;
  }

  /** Each page as long as all before it together (up to LONGEST_PAGE): a task far down the list is found in a few requests. */
  private async readOnePage(): Promise<void> {
    const { api, query, pageSize = 500 } = this.options;
    const size = Math.min(LONGEST_PAGE, Math.max(pageSize, this.rows));
    const page = await api.viewPage(query, this.rows / size + 1, size);
    if (page) {
      this.rows += page.ids.length;
      const known = new Set(this.ids);
      this.ids.push(...page.ids.filter((id) => !known.has(id)));
      this.total = page.total;
    }
    this.isComplete = !page || page.ids.length < size;
  }
}
