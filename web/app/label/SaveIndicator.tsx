import { Button, IconButton, Popover } from "@labelwright/ui";
import { Check, CloudOff, RotateCw, Trash2, TriangleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import type { Parcel } from "./core/model";
import type { Session } from "./core/session";
import { saveText, type SaveState, type SessionState } from "./core/sessionState";
import styles from "./SaveIndicator.module.css";

/** "Saved 2 s ago", and what could not be sent yet. */
export function SaveIndicator({ session, state }: { session: Session; state: SessionState }) {
  const { save, unsent } = state;
  const now = useNow(save.is === "saved" ? save.at : null);
  return (
    <div className={styles.area}>
      {unsent.length > 0 && <Unsent session={session} unsent={unsent} isLoggedOut={save.is === "logged-out"} />}
      <span className={styles.state} data-is={save.is} data-testid="save-state" role={save.is === "offline" || save.is === "refused" ? "status" : undefined}>
        {icon(save)}
        <span className={styles.words}>{saveText(save, now)}</span>
      </span>
    </div>
  );
}

function icon(save: SaveState) {
  if (save.is === "saving") return <span className={styles.pulse} />;
  if (save.is === "offline" || save.is === "logged-out" || save.is === "waiting") return <CloudOff />;
  return save.is === "refused" ? <TriangleAlert /> : <Check />;
}

/** The time, told again as often as "2 s ago" needs it. */
function useNow(since: number | null): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    setNow(Date.now());
    if (since === null) return;
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      setNow(Date.now());
      timer = setTimeout(tick, Date.now() - since < 60_000 ? 2_000 : 30_000);
    };
    timer = setTimeout(tick, 1_000);
    return () => clearTimeout(timer);
  }, [since]);
  return Math.max(now, since ?? 0);
}

function Unsent({ session, unsent, isLoggedOut }: { session: Session; unsent: readonly Parcel[]; isLoggedOut: boolean }) {
  const isRefused = unsent.every((parcel) => parcel.refusal !== null);
  return (
    <Popover
      label="Not sent yet"
      align="end"
      trigger={(props) => (
        <button type="button" {...props} className={styles.badge} data-testid="unsent" data-refused={unsent.some((parcel) => parcel.refusal !== null) || undefined}>
          {unsent.length} unsent
        </button>
      )}
    >
      {(close) => (
        <div className={styles.panel}>
          <h3>{isRefused ? "Not accepted" : "Not sent yet"}</h3>
          <p className={styles.note}>{isRefused ? "The server refused this; your work is kept on this device." : "Kept on this device; sent by itself as soon as the server takes it."}</p>
          <ul className={styles.list}>
            {unsent.map((parcel) => (
              <ParcelRow key={parcel.id} session={session} parcel={parcel} onClose={close} />
            ))}
          </ul>
          {isLoggedOut && (
            <p>
              <a href="/user/login/" target="_blank" rel="noreferrer">
                Log in again
              </a>{" "}
              in another tab; they are sent when you come back.
            </p>
          )}
          {!isRefused && (
            <Button size="small" icon={<RotateCw />} onClick={() => session.wake()}>
              Try now
            </Button>
          )}
        </div>
      )}
    </Popover>
  );
}

const WORDS: Readonly<Record<Parcel["errand"]["kind"], string>> = { submit: "answer", update: "change", delete: "deletion", "delete-draft": "deletion of a draft" };

function ParcelRow({ session, parcel, onClose }: { session: Session; parcel: Parcel; onClose: () => void }) {
  const { refusal, errand } = parcel;
  const canOpen = errand.kind === "submit" || (errand.kind === "update" && errand.result !== undefined);
  const what = errand.kind === "submit" && errand.isSkipped ? "skip" : WORDS[errand.kind];
  return (
    <li className={styles.row}>
      <div>
        Task {parcel.taskId}: {what}
        {refusal && <p className={styles.refusal}>{refusal.message}</p>}
      </div>
      {refusal && (
        <div className={styles.actions}>
          {canOpen && (
            <Button
              size="small"
              onClick={() => {
                onClose();
                void session.reopenParcel(parcel.id);
              }}
            >
              Open
            </Button>
          )}
          <IconButton label="Try again" size="small" onClick={() => session.retryParcel(parcel.id)}>
            <RotateCw />
          </IconButton>
          <IconButton label="Throw away" size="small" onClick={() => void session.discardParcel(parcel.id)}>
            <Trash2 />
          </IconButton>
        </div>
      )}
    </li>
  );
}
