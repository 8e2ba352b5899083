/** The pan tool ("pan", H), and the state that any tool enters while space or the middle button is held. */
import type { Stage } from "../stage";
import type { StagePointer, ToolState } from "./tool";

export function panTool(stage: Stage): ToolState {
  return {
    name: "Idle",
    cursor: "grab",
    onPointerDown(p) {
      return panning(stage, p, this);
    },
  };
}

export function panning(stage: Stage, down: StagePointer, back: ToolState): ToolState {
  let last = down.screen;
  return {
    name: "Panning",
    cursor: "grabbing",
    onPointerMove(p) {
      stage.panBy(p.screen.x - last.x, p.screen.y - last.y);
      last = p.screen;
      return this;
    },
    onPointerUp: () => back,
    onCancel: () => back,
  };
}
