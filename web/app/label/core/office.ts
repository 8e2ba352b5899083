/**
 * The part of the screen that outlives a screen: what waits on this device for the server. One per person and page; it keeps
 * sending after the labeling screen is closed, and begins with what earlier visits left.
 */
import type { LabelApi } from "./api";
import { Drafts } from "./drafts";
import { exclusiveByName, type Exclusive } from "./exclusive";
import type { Parcel, Person } from "./model";
import { Outbox } from "./outbox";
import { openShelf, type Shelf } from "./shelf";

export interface Office {
  readonly me: Person;
  readonly shelf: Shelf;
  readonly outbox: Outbox;
  readonly drafts: Drafts;
  /** ms since the epoch of the last thing the server took; 0 = nothing yet. */
  lastSavedAt(): number;
  /** Drafts of earlier visits that the server still lacks. */
  leftovers(): number;
  onChange(f: () => void): () => void;
  onDelivered(f: (parcel: Parcel, annotationId: number | null) => void): () => void;
  /** Try everything again now. */
  wake(): void;
  close(): void;
}

export interface OfficeOptions {
  readonly api: LabelApi;
  readonly me: Person;
  readonly shelf?: Shelf;
  readonly exclusive?: Exclusive;
  readonly now?: () => number;
}

export async function openOffice({ api, me, now = Date.now, ...options }: OfficeOptions): Promise<Office> {
  const shelf = options.shelf ?? (await openShelf());
  const changes = new Set<() => void>();
  const deliveries = new Set<(parcel: Parcel, annotationId: number | null) => void>();
  const tell = () => changes.forEach((f) => f());
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("labelwright-outbox");
  let savedAt = 0;
  let left = 0;

  const drafts = new Drafts({ api, shelf, now, onChange: tell });
  const outbox = new Outbox({
    api, shelf, now, userId: me.id,
    exclusive: options.exclusive ?? exclusiveByName("labelwright-outbox"),
    draftIdOf: (key) => drafts.settledId(key),
    announce: () => channel?.postMessage("changed"),
    onDelivered: (parcel, annotationId) => {
      savedAt = now();
      deliveries.forEach((f) => f(parcel, annotationId));
    },
  });
  outbox.onChange(tell);
  if (channel) channel.onmessage = () => void outbox.reload();

  const saveLeftovers = async () => {
    left = await drafts.saveLeftovers(me.id, new Set(outbox.parcels.map((parcel) => parcel.answerKey)));
    tell();
  };
  await outbox.start();
  void saveLeftovers();

  return {
    me, shelf, outbox, drafts,
    lastSavedAt: () => savedAt,
    leftovers: () => left,
    onChange: (f) => (changes.add(f), () => changes.delete(f)),
    onDelivered: (f) => (deliveries.add(f), () => deliveries.delete(f)),
    wake: () => {
      outbox.wake();
      drafts.retryFailed();
      if (left > 0) void saveLeftovers();
    },
    close: () => {
      outbox.stop();
      drafts.dispose();
      channel?.close();
      shelf.close();
    },
  };
}
