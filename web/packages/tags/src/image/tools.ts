/** The tools an image offers: always select and pan, and what the controls that draw on it bring. */
import type { ConfigNode } from "@labelwright/config";
import { panTool, selecting, type CanvasShape, type StartTool } from "@labelwright/canvas";
import type { Editor, Session } from "@labelwright/engine";
import type { ToolDef } from "../define";
import { tagFor } from "../registry";
import type { CanvasTools } from "./canvasSide";

export const selectTool: ToolDef = { id: "move", title: "Select and move", keys: { labelwright: ["v"], labelStudio: ["v"] }, icon: "mouse-pointer-2" };
export const panToolDef: ToolDef = { id: "pan", title: "Pan", keys: { labelwright: ["h"], labelStudio: ["h"] }, icon: "hand" };

export interface Toolset {
  readonly defs: readonly ToolDef[];
  readonly starts: ReadonlyMap<string, StartTool>;
  readonly shapes: readonly CanvasShape[];
  readonly byKey: CanvasTools["byKey"];
  defaultTool(session: Session): string;
}

/** Controls of this object whose tag draws on images. */
export function drawingControls(editor: Editor, object: string): readonly ConfigNode[] {
  return editor.config.controlsOf(object).filter((control) => tagFor(control.tag)?.canvas !== undefined);
}

export async function loadToolset(editor: Editor, object: string): Promise<Toolset> {
  const controls = drawingControls(editor, object);
  const sides = await Promise.all(controls.map((control) => tagFor(control.tag)?.canvas?.load()));
  const starts = new Map<string, StartTool>([["move", selecting], ["pan", panTool]]);
  const defs: ToolDef[] = [selectTool, panToolDef];
  const firstTool = new Map<string, string>();
  controls.forEach((control, i) => {
    const snap = control.attrs.snap === "pixel" ? "pixel" : "none";
    for (const def of tagFor(control.tag)?.tools ?? []) {
      const start = sides[i]?.tools[def.id];
      if (!start) continue;
      if (!firstTool.has(control.name)) firstTool.set(control.name, def.id);
      if (starts.has(def.id)) continue;
      starts.set(def.id, start(snap));
      defs.push(def);
    }
  });
  return {
    defs: editor.options.readOnly ? defs.slice(0, 2) : defs,
    starts,
    shapes: [...new Set(sides.flatMap((side) => side?.shape ?? []))],
    byKey: sides.find((side) => side?.byKey)?.byKey,
    defaultTool: (session) => (editor.options.readOnly ? "move" : defaultTool(editor, object, firstTool, session)),
  };
}

/**
 * Ready to draw when a label for this object is picked up, or when nothing has to be picked: then the first shape tool
 * (that of the label's own control if it draws), else the select tool.
 */
function defaultTool(editor: Editor, object: string, firstTool: ReadonlyMap<string, string>, session: Session): string {
  const [any] = firstTool.values();
  if (any === undefined) return "move";
  const picked = [...session.activeLabels].find(([name, values]) => values.length > 0 && editor.config.byName.get(name)?.toName.includes(object));
  if (picked) return firstTool.get(picked[0]) ?? any;
  const asksLabel = editor.config.controlsOf(object).some((control) => /labels$/i.test(control.tag));
  return asksLabel ? "move" : any;
}
