/**
 * Everything that must reach the server, in order, until it has: submits, updates, skips, deletes.
 *
 * Kept on the shelf first, then sent one by one. No connection: wait and try again. A 5xx holds back the parcels of that task
 * only. A refusal (4xx) stays, with its reason, until somebody retries or discards it. Parcels of one task never overtake
 * each other. Sending is exclusive over tabs; a repeat of a submit that did arrive is answered 409 and counts as done.
 */
import { ApiError, type LabelApi } from "./api";
import type { Exclusive } from "./exclusive";
import type { AnnotationRef, Parcel, Refusal } from "./model";
import type { Shelf } from "./shelf";
import { readAnnotationId, writeErrand } from "./wire";

export interface OutboxOptions {
  readonly api: LabelApi;
  readonly shelf: Shelf;
  readonly userId: number;
  readonly exclusive: Exclusive;
  /** Draft of this answer on the server, once a save under way has ended; the submit deletes it. */
  readonly draftIdOf?: (answerKey: string) => Promise<number | null>;
  /** The server has it. annotationId: of the annotation it is about, if that is known. */
  readonly onDelivered?: (parcel: Parcel, annotationId: number | null) => void;
  /** Tells the other tabs that the shelf changed. */
  readonly announce?: () => void;
  readonly now?: () => number;
}

export type Connection = "online" | "offline" | "logged-out";

const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
const retryAfter = (attempts: number): number => RETRY_MS[Math.min(attempts, RETRY_MS.length) - 1] ?? 1_000;

export class Outbox {
  /** Unsent, in the order of sending. */
  parcels: readonly Parcel[] = [];
  connection: Connection = "online";

  private readonly listeners = new Set<() => void>();
  private readonly now: () => number;
  /** Task → not before this moment (after a 5xx). */
  private readonly heldTasks = new Map<number, number>();
  private failures = 0;
  private pauseUntil = 0;
  private draining = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(private readonly options: OutboxOptions) {
    this.now = options.now ?? Date.now;
  }

  /** Reads what an earlier visit (or another tab) left, and begins to send. */
  async start(): Promise<void> {
    await this.reload();
    void this.drain();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.listeners.clear();
  }

  onChange(f: () => void): () => void {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  }

  /** Resolves when it is safely on the shelf; sending goes on behind. */
  async add(parcel: Pick<Parcel, "projectId" | "taskId" | "answerKey" | "errand"> & { delayMs?: number }): Promise<Parcel> {
    const { delayMs = 0, ...rest } = parcel;
    const now = this.now();
    const added = await this.options.shelf.addParcel({
      ...rest, userId: this.options.userId, queuedAt: now, notBefore: now + delayMs, attempts: 0, refusal: null,
    });
    this.setParcels([...this.parcels, added]);
    this.options.announce?.();
    void this.drain();
    return added;
  }

  /** Removes a parcel that was not sent yet; false when it is gone already. */
  takeBack(id: number): Promise<boolean> {
    return this.options.exclusive(async () => {
      const kept = (await this.options.shelf.parcels(this.options.userId)).some((parcel) => parcel.id === id);
      if (kept) await this.remove(id);
      return kept;
    });
  }

  /** Tries a refused parcel once more. */
  async retry(id: number): Promise<void> {
    const parcel = this.parcels.find((one) => one.id === id);
    if (!parcel) return;
    await this.replace({ ...parcel, refusal: null });
    this.wake();
  }

  /** Something changed for the better (online again, tab in front, logged in): try at once. */
  wake(): void {
    this.pauseUntil = 0;
    this.heldTasks.clear();
    void this.drain();
  }

  /** Reads the shelf again: another tab sent or added something. */
  async reload(): Promise<void> {
    this.setParcels(await this.options.shelf.parcels(this.options.userId));
  }

  /** Sends all that may be sent now. Resolves when nothing more can be done for the moment. */
  async drain(): Promise<void> {
    if (this.draining || this.stopped) return;
    this.draining = true;
    clearTimeout(this.timer);
    try {
      while (!this.stopped && this.now() >= this.pauseUntil && (await this.options.exclusive(() => this.sendOne())));
    } finally {
      this.draining = false;
    }
    this.schedule();
  }

  // ------------------------------------------------------------ one parcel

  /** Sends the first parcel that is due. False when there is none. */
  private async sendOne(): Promise<boolean> {
    const parcels = await this.options.shelf.parcels(this.options.userId);
    const undone = undonePair(parcels);
    if (undone) {
      for (const parcel of undone) await this.remove(parcel.id);
      return true;
    }
    const due = firstDue(parcels, this.heldTasks, this.now());
    if (!due) return false;
    try {
      const annotationId = await this.deliver(due);
      this.setConnection("online");
      this.failures = 0;
      this.heldTasks.delete(due.taskId);
      await this.remove(due.id);
      this.options.onDelivered?.(due, annotationId);
    } catch (error) {
      await this.failed(due, error instanceof ApiError ? error : new ApiError(400, String(error)));
    }
    return true;
  }

  private async deliver(parcel: Parcel): Promise<number | null> {
    const { errand } = parcel;
    const { api } = this.options;
    if (errand.kind === "submit") {
      const draftId = (await this.options.draftIdOf?.(parcel.answerKey)) ?? errand.draftId;
      const request = writeErrand({ ...errand, draftId }, { ...parcel, annotationId: null });
      const annotationId = readAnnotationId(await api.send(request).catch(acceptRepeat));
      if (annotationId !== null) await this.options.shelf.putReceipt({ uniqueId: errand.uniqueId, annotationId, at: this.now() });
      return annotationId;
    }
    if (errand.kind === "delete-draft") {
      await api.send(writeErrand(errand, { ...parcel, annotationId: null })).catch(acceptGone);
      return null;
    }
    const annotationId = await this.resolve(errand.annotation);
    if (annotationId === null) throw new ApiError(404, "This answer is not on the server any more.");
    const sent = api.send(writeErrand(errand, { ...parcel, annotationId }));
    await (errand.kind === "delete" ? sent.catch(acceptGone) : sent);
    return annotationId;
  }

  private async resolve(annotation: AnnotationRef): Promise<number | null> {
    if ("id" in annotation) return annotation.id;
    return (await this.options.shelf.receipt(annotation.uniqueId))?.annotationId ?? null;
  }

  private async failed(parcel: Parcel, error: ApiError): Promise<void> {
    const attempts = parcel.attempts + 1;
    if (error.status === 0 || error.status === 401) {
      this.failures += 1;
      this.pauseUntil = this.now() + retryAfter(this.failures);
      this.setConnection(error.status === 0 ? "offline" : "logged-out");
      await this.replace({ ...parcel, attempts });
    } else if (error.isPassing) {
      this.heldTasks.set(parcel.taskId, this.now() + (error.retryAfterS === null ? retryAfter(attempts) : error.retryAfterS * 1000));
      await this.replace({ ...parcel, attempts });
    } else {
      const refusal: Refusal = { status: error.status, message: error.message };
      await this.replace({ ...parcel, attempts, refusal });
    }
  }

  // ------------------------------------------------------------ bookkeeping

  private schedule(): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    const waiting = this.parcels.filter((parcel) => !parcel.refusal);
    if (waiting.length === 0) return;
    const next = Math.min(...waiting.map((parcel) => Math.max(parcel.notBefore, this.heldTasks.get(parcel.taskId) ?? 0)));
    this.timer = setTimeout(() => void this.drain(), Math.max(50, Math.max(next, this.pauseUntil) - this.now()));
  }

  private async remove(id: number): Promise<void> {
    await this.options.shelf.deleteParcel(id);
    this.setParcels(this.parcels.filter((parcel) => parcel.id !== id));
    this.options.announce?.();
  }

  private async replace(parcel: Parcel): Promise<void> {
    await this.options.shelf.putParcel(parcel);
    this.setParcels(this.parcels.map((one) => (one.id === parcel.id ? parcel : one)));
  }

  private setParcels(parcels: readonly Parcel[]): void {
    this.parcels = parcels;
    this.tell();
  }

  private setConnection(connection: Connection): void {
    if (connection === this.connection) return;
    this.connection = connection;
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** The first parcel that may go now: parcels of a task that has to wait do not overtake it. */
export function firstDue(parcels: readonly Parcel[], heldTasks: ReadonlyMap<number, number>, now: number): Parcel | undefined {
  const waiting = new Set<number>();
  for (const parcel of parcels) {
    if (waiting.has(parcel.taskId)) continue;
    if (!parcel.refusal && parcel.notBefore <= now && (heldTasks.get(parcel.taskId) ?? 0) <= now) return parcel;
    waiting.add(parcel.taskId);
  }
  return undefined;
}

/** A submit and the delete that takes it back, both still here: neither needs to be sent. */
function undonePair(parcels: readonly Parcel[]): readonly Parcel[] | undefined {
  for (const undo of parcels) {
    if (undo.errand.kind !== "delete" || !("uniqueId" in undo.errand.annotation)) continue;
    const { uniqueId } = undo.errand.annotation;
    const about = parcels.filter(({ errand }) => errand.kind === "submit" && errand.uniqueId === uniqueId);
    if (about.length > 0) return [...about, undo];
  }
  return undefined;
}

/** 409 = an earlier try did arrive; its body names the stored annotation. */
function acceptRepeat(error: unknown): unknown {
  if (error instanceof ApiError && error.status === 409 && (readAnnotationId(error.body) !== null || /unique/i.test(error.message))) return error.body;
  throw error;
}

function acceptGone(error: unknown): unknown {
  if (error instanceof ApiError && error.status === 404) return null;
  throw error;
}
