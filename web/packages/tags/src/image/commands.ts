/** What the keyboard and the buttons of the rail can do with a picture. */
import type { Command } from "@labelwright/engine";
import type { ToolDef } from "../define";
import type { ImageOptions } from "./attributes";
import type { StageView } from "./stageView";

const GROUP = "Picture";

interface Keys {
  readonly labelwright: readonly string[];
  readonly labelStudio: readonly string[];
}

export interface ImageCommand extends Command {
  /** Lucide icon and place in the rail; absent = key only. */
  readonly icon?: string;
}

/** Commands of one picture on the screen. `view()` is null while it loads. */
export function imageCommands(view: () => StageView | null, options: ImageOptions, pages: { count: number; turn(by: number): void }): ImageCommand[] {
  const command = (id: string, title: string, keys: Keys, run: (view: StageView) => void, icon?: string): ImageCommand => ({
    id: `image:${id}`,
    title,
    group: GROUP,
    keys,
    enabled: () => view() !== null,
    run: () => {
      const shown = view();
      if (shown) run(shown);
    },
    ...(icon ? { icon } : {}),
  });
  const zooming = [
    command("zoom-in", "Zoom in", { labelwright: ["ctrl+=", "ctrl++"], labelStudio: ["ctrl++", "ctrl+="] }, (v) => v.zoom(1.25), "zoom-in"),
    command("zoom-out", "Zoom out", { labelwright: ["ctrl+-"], labelStudio: ["ctrl+-"] }, (v) => v.zoom(1 / 1.25), "zoom-out"),
    command("fit", "Show the whole picture", { labelwright: ["0"], labelStudio: ["shift+1"] }, (v) => v.fit(), "maximize"),
    command("original", "One to one", { labelwright: [], labelStudio: ["shift+2"] }, (v) => v.original(), "one-to-one"),
  ];
  const turning = [
    command("rotate-left", "Turn left", { labelwright: [","], labelStudio: ["alt+left"] }, (v) => v.rotate(-1), "rotate-ccw"),
    command("rotate-right", "Turn right", { labelwright: ["."], labelStudio: ["alt+right"] }, (v) => v.rotate(1), "rotate-cw"),
  ];
  const paging: ImageCommand[] = [
    { id: "image:previous-page", title: "Previous page", group: GROUP, keys: { labelwright: ["ctrl+left", "pageup"], labelStudio: ["ctrl+left"] }, run: () => pages.turn(-1) },
    { id: "image:next-page", title: "Next page", group: GROUP, keys: { labelwright: ["ctrl+right", "pagedown"], labelStudio: ["ctrl+right"] }, run: () => pages.turn(1) },
  ];
  return [...(options.zoomControl ? zooming : zooming.slice(2)), ...(options.rotateControl ? turning : []), ...(pages.count > 1 ? paging : [])];
}

/** Picking a tool by its letter, and drawing without a pointer. */
export function toolCommands(defs: readonly ToolDef[], view: () => StageView | null): Command[] {
  const tools = defs.map((def): Command => ({
    id: `tool:${def.id}`,
    title: def.title,
    group: "Tools",
    keys: def.keys,
    run: (editor) => editor.setTool(editor.session.tool === def.id ? null : def.id),
  }));
  if (!defs.some((def) => def.shape)) return tools;
  const draw: Command = {
    id: "image:draw",
    title: "Add a shape without the mouse",
    group: "Tools",
    keys: { labelwright: ["n"], labelStudio: [] },
    run: () => view()?.drawByKey(),
  };
  return [...tools, draw];
}
