import { boundsToScreen } from "@labelwright/canvas";
import type { Editor, RegionId, Session } from "@labelwright/engine";
import { useSyncExternalStore } from "react";
import { useRegion, useSession } from "../hooks";
import { Review } from "../shared/Review";
import styles from "./image.module.css";
import type { StageView } from "./stageView";

const onlySelected = ({ selection }: Session): RegionId | null => (selection.size === 1 ? ([...selection][0] ?? null) : null);
/** Size of the two buttons, and their distance from the region, screen pixels. */
const WIDTH_PX = 68;
const HEIGHT_PX = 34;
const GAP_PX = 8;

/** Accept and reject right at the selected suggestion, where the eye is. */
export function ReviewAtRegion({ editor, view }: { editor: Editor; view: StageView }) {
  const id = useSession(editor, onlySelected);
  const region = useRegion(editor, id ?? "");
  const isOpen = region?.suggestion && !editor.options.readOnly;
  return isOpen ? <Placed editor={editor} view={view} id={region.id} /> : null;
}

function Placed({ editor, view, id }: { editor: Editor; view: StageView; id: RegionId }) {
  const place = useSyncExternalStore((f) => view.stage.subscribe(f), () => placeOf(view, id));
  if (place === null) return null;
  return (
    <div className={styles.review} style={{ transform: `translate(${place})` }}>
      <Review editor={editor} id={id} />
    </div>
  );
}

/** Below the region's right corner; inside it where there is no room below. null when it lies on another page. */
function placeOf({ stage }: StageView, id: RegionId): string | null {
  const bounds = stage.boundsOf(id);
  if (!bounds) return null;
  const { width, height } = stage.viewport.screen;
  const { maxX, maxY } = boundsToScreen(stage.viewport, bounds);
  const isRoomBelow = maxY + GAP_PX + HEIGHT_PX <= height;
  const x = Math.min(Math.max(maxX - WIDTH_PX, 0), Math.max(width - WIDTH_PX, 0));
  const y = isRoomBelow ? maxY + GAP_PX : Math.max(Math.min(maxY, height) - GAP_PX - HEIGHT_PX, 0);
  return `${Math.round(x)}px, ${Math.round(y)}px`;
}
