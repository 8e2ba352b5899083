/**
 * What the keyboard can do on the page that is shown. A page registers its commands while it is mounted; the one listener below
 * runs them, and the help dialog lists them: nothing is typed twice.
 */
import { useEffect, useRef, useSyncExternalStore } from "react";

export interface PageCommand {
  title: string;
  /** "mod+k", "shift+?", "n"; `mod` = ctrl, or cmd on a Mac. */
  keys: string;
  group: string;
  run: () => void;
}

let registered: readonly PageCommand[] = [];
const listeners = new Set<() => void>();

function set(commands: readonly PageCommand[]): void {
  registered = commands;
  for (const listener of listeners) listener();
}

/** The chord of an event in our spelling: "mod+k". Shift is only named with a letter or a named key ("?" says it already). */
export function chordOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string {
  const key = event.key === " " ? "space" : event.key.toLowerCase();
  const symbol = key.length === 1 && !/[a-z0-9]/.test(key);
  return [(event.ctrlKey || event.metaKey) && "mod", event.altKey && "alt", event.shiftKey && !symbol && "shift", key].filter(Boolean).join("+");
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button])"));
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
  const chord = chordOf(event);
  if (isTyping(event.target) && !chord.startsWith("mod+")) return;
  // The page's own commands come after the shell's and win.
  const command = registered.findLast((candidate) => candidate.keys === chord);
  if (!command) return;
  event.preventDefault();
  command.run();
}

/** Listens while the app is mounted; gives back the stop function. */
export function startCommands(): () => void {
  addEventListener("keydown", onKeyDown);
  return () => removeEventListener("keydown", onKeyDown);
}

/** Registers commands while the component is mounted; their `run` may change between renders. */
export function useCommands(commands: readonly PageCommand[]): void {
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  const signature = commands.map((command) => `${command.keys} ${command.group} ${command.title}`).join("\n");
  useEffect(() => {
    const mine = latest.current.map((command, index) => ({ ...command, run: () => latest.current[index]?.run() }));
    set([...registered, ...mine]);
    return () => set(registered.filter((command) => !mine.includes(command)));
  }, [signature]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useRegisteredCommands(): readonly PageCommand[] {
  return useSyncExternalStore(subscribe, () => registered);
}
