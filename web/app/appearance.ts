/** How the UI looks on this device: theme, density, size of task text. Kept in localStorage; public/theme.js applies it before the first paint. */
import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark" | "auto";
export type Density = "compact" | "cosy" | "touch";

export interface Appearance {
  readonly theme: Theme;
  readonly density: Density;
  readonly taskText_px: number;
}

export const taskTextSizes_px = [13, 14, 16, 18, 20, 22] as const;

const KEY = "labelwright.appearance";
const initial: Appearance = { theme: "auto", density: "cosy", taskText_px: 16 };

/** The stored choice; whatever is missing or nonsense falls back to the default. */
export function readAppearance(text: string | null): Appearance {
  let stored: Partial<Record<keyof Appearance, unknown>>;
  try {
    stored = (JSON.parse(text ?? "{}") ?? {}) as typeof stored;
  } catch {
    return initial;
  }
  const one = <T,>(value: unknown, allowed: readonly T[], fallback: T) => (allowed.includes(value as T) ? (value as T) : fallback);
  return {
    theme: one<Theme>(stored.theme, ["light", "dark", "auto"], initial.theme),
    density: one<Density>(stored.density, ["compact", "cosy", "touch"], initial.density),
    taskText_px: one<number>(stored.taskText_px, taskTextSizes_px, initial.taskText_px),
  };
}

let current: Appearance | null = null;
const listeners = new Set<() => void>();

function getAppearance(): Appearance {
  return (current ??= readAppearance(localStorage.getItem(KEY)));
}

export function setAppearance(patch: Partial<Appearance>): void {
  current = { ...getAppearance(), ...patch };
  localStorage.setItem(KEY, JSON.stringify(current));
  const root = document.documentElement;
  root.dataset["theme"] = current.theme;
  root.dataset["density"] = current.density;
  root.style.setProperty("--task-text", `${current.taskText_px}px`);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useAppearance(): Appearance {
  return useSyncExternalStore(subscribe, getAppearance);
}
