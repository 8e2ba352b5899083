/** The Image tag: the tool rail, the picture with its regions, its pages, and what to say when there is no picture. */
import type { Picture } from "@labelwright/canvas";
import { ErrorState, Spinner } from "@labelwright/ui";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore, type CSSProperties } from "react";
import type { TagViewProps } from "../define";
import { useDoc, useSession } from "../hooks";
import { imageOptions, type ImageOptions } from "./attributes";
import { imageCommands, toolCommands } from "./commands";
import styles from "./image.module.css";
import { Pager } from "./Pager";
import { Rail, type Light } from "./Rail";
import { ReviewAtRegion } from "./ReviewAtRegion";
import { StageView } from "./stageView";
import { loadToolset, type Toolset } from "./tools";
import { usePicture } from "./usePicture";

export default function ImageView({ node, editor }: TagViewProps) {
  const options = useMemo(() => imageOptions(node, editor.taskData), [node, editor.taskData]);
  const page = useSession(editor, (session) => Math.min(session.page.get(node.name) ?? 0, Math.max(options.pages.length - 1, 0)));
  const { state, retry } = usePicture(options, page);
  const toolset = useToolset(editor, node.name);
  const picture = state.kind === "ready" ? state.picture : null;
  const [light, setLight] = useState<Light>({ brightness: 1, contrast: 1 });
  const { element, layers, view } = useStageView({ editor, object: node.name, options, toolset, picture });
  useRenderOptions(view, editor.options.showLabels, options, light);

  const turn = useCallback(
    (by: number) => {
      const next = page + by;
      if (next >= 0 && next < options.pages.length) editor.setPage(node.name, next);
    },
    [editor, node.name, options.pages.length, page],
  );
  const current = useRef(view);
  current.current = view;
  const commands = useMemo(() => imageCommands(() => current.current, options, { count: options.pages.length, turn }), [options, turn]);
  const tools = useMemo(() => railTools(toolset, options), [toolset, options]);
  useEffect(() => editor.commands.add([...commands, ...toolCommands(tools, () => current.current)]), [editor, commands, tools]);

  const draws = tools.some((tool) => tool.shape !== undefined);
  return (
    <div className={styles.root} data-tag="image" data-draws={draws || undefined} data-state={state.kind} style={sizeOf(options, picture, draws)}>
      <Rail
        editor={editor}
        tools={draws ? tools : []}
        tool={useTool(view)}
        commands={commands}
        light={light}
        lightControls={{ brightness: options.brightnessControl, contrast: options.contrastControl }}
        onLight={setLight}
      />
      <div className={styles.main}>
        <div
          ref={element}
          className={styles.stage}
          role={draws ? "application" : "img"}
          aria-label={useStageLabel(editor, node.name, options, page, draws)}
          aria-busy={state.kind === "loading"}
          tabIndex={0}
          style={{ cursor: useCursor(view) }}
        >
          <canvas ref={layers.image} />
          <canvas ref={layers.base} />
          <canvas ref={layers.active} />
        </div>
        {view && picture && <ReviewAtRegion editor={editor} view={view} />}
        {state.kind === "loading" && (
          <div className={styles.over} role="status">
            <Spinner />
            <span>Loading the picture…</span>
          </div>
        )}
        {state.kind === "failed" && (
          <div className={styles.over}>
            <ErrorState title={state.problem.title} detail={state.problem.detail} onRetry={state.problem.retry ? retry : undefined} />
          </div>
        )}
        {options.pages.length > 1 && <Pager page={page} count={options.pages.length} onTurn={turn} />}
      </div>
    </div>
  );
}

function useToolset(editor: TagViewProps["editor"], object: string): Toolset | null {
  const [toolset, setToolset] = useState<Toolset | null>(null);
  useEffect(() => {
    let gone = false;
    void loadToolset(editor, object).then((loaded) => gone || setToolset(loaded));
    return () => {
      gone = true;
    };
  }, [editor, object]);
  return toolset;
}

function railTools(toolset: Toolset | null, options: ImageOptions): Toolset["defs"] {
  const defs = toolset?.defs ?? [];
  return options.selectionControl ? defs : defs.filter((def) => def.id !== "move");
}

interface StageParts {
  readonly editor: TagViewProps["editor"];
  readonly object: string;
  readonly options: ImageOptions;
  readonly toolset: Toolset | null;
  readonly picture: Picture | null;
}

/** The stage lives as long as the editor, the object and its tools do; pages only change the picture. */
function useStageView({ editor, object, options, toolset, picture }: StageParts) {
  const element = useRef<HTMLDivElement>(null);
  const layers = { image: useRef<HTMLCanvasElement>(null), base: useRef<HTMLCanvasElement>(null), active: useRef<HTMLCanvasElement>(null) };
  const [view, setView] = useState<StageView | null>(null);
  const { image, base, active } = layers;
  useEffect(() => {
    if (!toolset || !element.current || !image.current || !base.current || !active.current) return;
    const made = new StageView({
      editor, object, toolset, options, element: element.current,
      layers: { image: image.current, base: base.current, active: active.current },
    });
    setView(made);
    return () => {
      made.dispose();
      setView(null);
    };
  }, [editor, object, options, toolset, image, base, active]);
  useEffect(() => view?.show(picture), [view, picture]);
  return { element, layers, view };
}

function useRenderOptions(view: StageView | null, showLabels: boolean, options: ImageOptions, light: Light): void {
  useEffect(() => {
    const filter = light.brightness === 1 && light.contrast === 1 ? "" : `brightness(${light.brightness}) contrast(${light.contrast})`;
    view?.setRender({ showLabels, smoothing: options.smoothing, crosshair: options.crosshair, grid: options.grid, filter });
  }, [view, showLabels, options, light]);
}

const never = (): (() => void) => () => undefined;

function useTool(view: StageView | null): string {
  return useSyncExternalStore(view ? (f) => view.stage.subscribe(f) : never, () => view?.stage.tool ?? "");
}

function useCursor(view: StageView | null): string {
  return useSyncExternalStore(view ? (f) => view.stage.subscribe(f) : never, () => view?.stage.cursor ?? "default");
}

function useStageLabel(editor: TagViewProps["editor"], object: string, options: ImageOptions, page: number, draws: boolean): string {
  const count = useDoc(editor, (doc) => [...doc.regions.values()].filter((region) => region.object === object).length);
  const name = /^data:/.test(options.pages[page] ?? "") ? "" : (options.pages[page] ?? "").split(/[?#]/)[0]?.split("/").pop();
  const what = `Picture ${name ?? ""}${options.pages.length > 1 ? `, page ${page + 1} of ${options.pages.length}` : ""}`;
  return draws ? `${what}, ${count} regions. Tab goes from region to region, arrow keys move one, alt and arrow keys size it.` : what;
}

/**
 * A picture to draw on takes the room it is given (`--object-height`, else most of the window); one to look at is as
 * high as it needs to be.
 */
function sizeOf(options: ImageOptions, picture: Picture | null, draws: boolean): CSSProperties {
  const style: CSSProperties = {};
  if (options.width !== undefined) style.width = options.width;
  if (options.maxWidth !== undefined) style.maxWidth = options.maxWidth;
  if (!draws && picture) style.aspectRatio = `${picture.size.width} / ${picture.size.height}`;
  return style;
}
