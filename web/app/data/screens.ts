/**
 * The two screens of the data address, each in its own chunk. The router loads the one that is asked for before it renders:
 * with `lazy` and Suspense, React would hold back what comes within 300 ms of a fallback.
 */
import type { LabelScreen } from "../label/LabelScreen";
import type { DataView } from "./DataView";

export interface DataScreens {
  readonly DataView?: typeof DataView;
  readonly LabelScreen?: typeof LabelScreen;
}

export async function loadScreen(isTask: boolean): Promise<DataScreens> {
  if (isTask) return { LabelScreen: (await import("../label/LabelScreen")).LabelScreen };
  return { DataView: (await import("./DataView")).DataView };
}
