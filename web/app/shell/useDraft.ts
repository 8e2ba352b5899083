import { useState } from "react";

/** Changes to a stored object that are not saved yet: the object with the changes, what changed, and the verbs. */
export function useDraft<T extends object>(stored: T) {
  const [patch, setPatch] = useState<Partial<T>>({});
  const changed = Object.fromEntries(Object.entries(patch).filter(([key, value]) => stored[key as keyof T] !== value)) as Partial<T>;
  return {
    value: { ...stored, ...patch },
    changed,
    isDirty: Object.keys(changed).length > 0,
    set: <K extends keyof T>(key: K, value: T[K]) => setPatch((now) => ({ ...now, [key]: value })),
    reset: () => setPatch({}),
  };
}
