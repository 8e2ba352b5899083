/** What the save state says, from the outbox and the drafts. Pure. */
import type { DraftState } from "./drafts";
import type { Parcel } from "./model";
import type { Connection } from "./outbox";
import type { SaveState } from "./sessionState";

/** A parcel younger than this is on its way, not "unsent", ms. */
export const ON_ITS_WAY_MS = 1_500;

export interface Saving {
  readonly parcels: readonly Parcel[];
  readonly connection: Connection;
  /** Answers that are not in the outbox yet. */
  readonly sending: number;
  /** Of the open answer. */
  readonly draft: DraftState;
  /** Unsaved drafts of earlier visits. */
  readonly leftovers: number;
  /** ms since the epoch; 0 = nothing saved yet. */
  readonly savedAt: number;
}

export function saveStateOf({ parcels, connection, sending, draft, leftovers, savedAt }: Saving): SaveState {
  const refused = parcels.filter((parcel) => parcel.refusal !== null).length;
  const queued = parcels.length - refused + leftovers + (draft === "failed" ? 1 : 0);
  if (connection !== "online") return { is: connection, queued };
  if (refused > 0) return { is: "refused", count: refused };
  if (draft === "failed") return { is: "offline", queued };
  if (parcels.some((parcel) => parcel.attempts > 0)) return { is: "waiting", queued };
  if (sending > 0 || parcels.length > 0 || draft !== "clean") return { is: "saving" };
  return savedAt > 0 ? { is: "saved", at: savedAt } : { is: "clean" };
}

export function unsentOf({ parcels, connection }: Pick<Saving, "parcels" | "connection">, now: number): readonly Parcel[] {
  return parcels.filter((parcel) => connection !== "online" || parcel.refusal !== null || parcel.attempts > 0 || now - parcel.queuedAt > ON_ITS_WAY_MS);
}
