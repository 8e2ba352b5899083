/** What the window tells: hidden, shown, online; and whether a change now comes from a key that stands for an answer. */
import { focusKind } from "@labelwright/engine";
import { useEffect, useMemo } from "react";
import type { Session } from "./core/session";
import type { Phase } from "./core/sessionState";

export interface AnswerKeys {
  /** True while the press of a character key is being handled. */
  isAnswering(): boolean;
}

export function usePageEvents(session: Session, phase: Phase["is"]): AnswerKeys {
  const keys = useMemo(() => ({ pressed: false }), []);

  useEffect(() => {
    const scope = new AbortController();
    const { signal } = scope;
    const press = (event: KeyboardEvent) => {
      // arrows and Tab move the focus and may move a radio button's choice with it: that is no answer yet
      const isCharacter = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
      keys.pressed = isCharacter && focusKind(event.target) !== "field";
      setTimeout(() => (keys.pressed = false), 0);
      session.beganWork();
    };
    addEventListener("keydown", press, { signal, capture: true });
    addEventListener("pointerdown", () => session.beganWork(), { signal, capture: true });
    const leave = () => {
      session.hidden();
      session.left();
    };
    addEventListener("pagehide", leave, { signal });
    addEventListener("pageshow", (event) => event.persisted && session.cameBack(), { signal });
    addEventListener("online", () => session.wake(), { signal });
    document.addEventListener("visibilitychange", () => (document.hidden ? session.hidden() : session.shown()), { signal });
    return () => scope.abort();
  }, [session, keys]);

  useEffect(() => {
    if (phase === "labeling" || phase === "loading") return;
    // no editor, no registry: the ways back work by key all the same
    const back = (event: KeyboardEvent) => {
      if (focusKind(event.target) === "field" || document.querySelector("dialog[open]")) return;
      const isUndo = event.key === "z" && (event.ctrlKey || event.metaKey) && session.undoAnswer();
      if (!isUndo && event.key !== "[") return;
      event.preventDefault();
      if (!isUndo) void session.goPrevious();
    };
    addEventListener("keydown", back);
    return () => removeEventListener("keydown", back);
  }, [session, phase]);

  return useMemo(() => ({ isAnswering: () => keys.pressed }), [keys]);
}
