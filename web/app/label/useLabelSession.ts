/** A session for the screen that is mounted. */
import { parseConfig } from "@labelwright/config";
import { openJournal, type Editor, type Journal } from "@labelwright/engine";
import { useEffect, useState, useSyncExternalStore } from "react";
import { queryClient } from "../api/queries";
import { newUniqueId } from "./core/api";
import { openClaims, type Claims } from "./core/claims";
import type { Medium } from "./core/media";
import { Session } from "./core/session";
import type { SessionState } from "./core/sessionState";
import type { LabelScreenProps } from "./LabelScreen";
import { labelApi, labelingOffice } from "./sending";

let journal: Promise<Journal | null> | null = null;

/** Undo history that outlives the page; null where the browser keeps nothing. */
function undoJournal(): Promise<Journal | null> {
  return (journal ??= openJournal().catch(() => null));
}

/** Records the changes of an answer of mine until its editor is disposed. */
export function keepHistory(editor: Editor, answerKey: string): void {
  void undoJournal().then((kept) => kept?.follow(editor, answerKey));
}

const histories = {
  read: async (key: string) => (await (await undoJournal())?.read(key))?.steps ?? null,
  clear: async (key: string) => (await undoJournal())?.clear(key),
};

let claims: Claims | null = null;
const preferenceKey = (name: string) => `labelwright.labeling.${name}`;

export function useLabelSession({ projectId, taskId, queue, viewQuery }: LabelScreenProps): Session | null {
  const [session, setSession] = useState<Session | null>(null);
  useEffect(() => {
    claims ??= openClaims(localStorage, newUniqueId(), navigator.locks);
    const opened = new Session({
      api: labelApi, claims, projectId, queue, parseConfig, warm,
      office: labelingOffice,
      histories,
      ...(taskId === undefined ? {} : { taskId }),
      ...(viewQuery === undefined ? {} : { viewQuery }),
      preferences: { get: (name) => localStorage.getItem(preferenceKey(name)), set: (name, value) => localStorage.setItem(preferenceKey(name), value) },
      afterPaint,
    });
    setSession(opened);
    void opened.start();
    return () => {
      opened.dispose();
      void queryClient.invalidateQueries({ queryKey: ["project", projectId] });
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- taskId only says where to start; the screen follows later changes
  }, [projectId, queue, viewQuery]);
  return session;
}

export function useSessionState(session: Session): SessionState {
  return useSyncExternalStore(session.subscribe, () => session.state);
}

/** Animation frames stand still in a hidden tab: there it is time that counts. */
function afterPaint(f: () => void): void {
  if (document.hidden) setTimeout(f, 0);
  else requestAnimationFrame(() => setTimeout(f, 0));
}

/** Images of the next tasks, decoded and held so that they paint at once; audio and video get their first seconds. */
const held: (HTMLImageElement | HTMLMediaElement)[] = [];

function warm(media: readonly Medium[]): void {
  for (const { kind, url } of media.slice(0, 8)) {
    const element = kind === "image" ? new Image() : document.createElement(kind);
    if (element instanceof HTMLMediaElement) element.preload = "auto";
    element.src = url;
    if (element instanceof HTMLImageElement) void element.decode().catch(() => undefined);
    held.push(element);
  }
  held.splice(0, Math.max(0, held.length - 24));
}
