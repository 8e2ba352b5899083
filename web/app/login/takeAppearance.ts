import { readAppearance, setAppearance } from "../appearance";
import { api } from "../api/client";

/** Takes over the look that the person chose on another device, where this one has none yet. Never keeps a log-in waiting for long. */
export async function takeAppearance(): Promise<void> {
  if (localStorage.getItem("labelwright.appearance") !== null) return;
  try {
    const stored = await api.get<Record<string, unknown>>("/api/labelwright/preferences", undefined, AbortSignal.timeout(1500));
    if (Object.keys(stored).length > 0) setAppearance(readAppearance(JSON.stringify(stored)));
  } catch {
    // The look of this device's default is fine.
  }
}
