import type { Change, Editor, EditorOptions, ResultItem, Suggestion } from "@labelwright/engine";
import { ScopeContext } from "@labelwright/tags";
import { useEffect, useId, useLayoutEffect, useMemo, useRef, type CSSProperties } from "react";
import { Announcer } from "./Announcer";
import { arrange, perRegionGroups } from "./arrange";
import { attachClipboard } from "./clipboard";
import styles from "./editor.module.css";
import { attachHotkeys } from "./hotkeys";
import { RegionPanel } from "./panel/RegionPanel";
import { scrollToProblem } from "./scrollToProblem";
import { TagTree } from "./TagTree";
import { useEditor, useViews } from "./useEditor";

export interface LabelEditorProps {
  /** Label config, XML. */
  readonly config: string;
  readonly task: { readonly id: number | string; readonly data: Record<string, unknown> };
  /**
   * Stored answer to start from. Another task, config, `result` (by identity) or other options open a new editor. Where there
   * is no answer yet (absent or empty, and not read-only) the config's defaults apply.
   */
  readonly result?: readonly ResultItem[];
  /** Items of `result` with the origin "prediction" are suggestions; the score of those that have none of their own. */
  readonly suggestions?: Suggestion;
  readonly options?: Partial<EditorOptions>;
  /** Called once for every editor opened, before the first paint of its task. */
  onEditor?(editor: Editor): void;
  onChange?(change: Change): void;
  /** Messages to show as a toast ("Pick a label first"). They are announced to screen readers here already. */
  onNotice?(message: string): void;
  /** "preview": no right panel; keys only while the focus is inside. */
  readonly layout?: "full" | "preview";
}

const nothing: ReadonlySet<never> = new Set();

/** The labeling editor of one task: lays out the config's tags around the objects. No server, no submit buttons. */
export function LabelEditor(props: LabelEditorProps) {
  const { task, options, layout = "full" } = props;
  const editor = useEditor(props);
  const isReady = useViews(editor.config);
  const scope = useId();
  const root = useRef<HTMLDivElement>(null);
  useWiring(editor, props, root);
  const hasPanel = layout === "full" && editor.config.makesRegions;
  const style = { "--task-text": `${options?.textSize ?? 16}px` } as CSSProperties;
  return (
    <ScopeContext value={scope}>
      <div ref={root} data-scope={scope} data-task={task.id} data-layout={layout} className={`${styles.root} htx-editor lsf-editor`} style={style}>
        {isReady ? <Tags key={`${task.id}`} editor={editor} hasPanel={hasPanel} /> : <div className={styles.main} aria-busy />}
        <Announcer editor={editor} />
      </div>
    </ScopeContext>
  );
}

/** Tells the owner about the editor, and the window about its keys, as long as it is shown. */
function useWiring(editor: Editor, { layout = "full", ...props }: LabelEditorProps, root: React.RefObject<HTMLDivElement | null>): void {
  const latest = useRef(props);
  latest.current = props;
  useLayoutEffect(() => {
    latest.current.onEditor?.(editor);
    const stops = [editor.onChange((change) => latest.current.onChange?.(change)), editor.onNotice((message) => latest.current.onNotice?.(message))];
    return () => stops.forEach((stop) => stop());
  }, [editor]);
  useEffect(() => {
    // A preview shares its page with other things: it hears keys only while the focus is in it.
    if (layout === "preview") return root.current ? attachHotkeys(editor, root.current) : undefined;
    const stops = [attachHotkeys(editor, window), attachClipboard(editor), scrollToProblem(editor, root)];
    const host = window as unknown as Host;
    const door = { ...host.labelwright, editor };
    host.labelwright = door;
    return () => {
      stops.forEach((stop) => stop());
      if (host.labelwright === door) host.labelwright = { ...door, editor: undefined };
    };
  }, [editor, layout, root]);
}

/** What plug-ins and tests may use: the open annotation's editor. */
interface Host {
  labelwright?: { readonly editor?: Pick<Editor, "serialize"> | undefined };
}

function Tags({ editor, hasPanel }: { editor: Editor; hasPanel: boolean }) {
  const { root } = editor.config;
  const perRegion = useMemo(() => (hasPanel ? perRegionGroups(root) : []), [hasPanel, root]);
  const inPanel = useMemo<ReadonlySet<(typeof perRegion)[number]>>(() => (perRegion.length === 0 ? nothing : new Set(perRegion)), [perRegion]);
  const { kind, labels, main, forms, fills, objectCount } = useMemo(() => arrange(root, inPanel), [root, inPanel]);
  const show = (nodes: typeof main) => nodes.map((node, index) => <TagTree key={index} node={node} editor={editor} except={inPanel} />);
  return (
    <>
      <div className={styles.main} data-fills={fills || undefined} data-objects={objectCount > 1 ? "several" : undefined}>
        {kind === "flow" ? (
          <div className={styles.flow}>{show(main)}</div>
        ) : (
          <div className={styles.columns} data-forms={forms.length > 0 || undefined}>
            <div className={styles.objects}>
              {labels.length > 0 && <div className={styles.labels}>{show(labels)}</div>}
              {show(main)}
            </div>
            {forms.length > 0 && <div className={styles.forms}>{show(forms)}</div>}
          </div>
        )}
      </div>
      {hasPanel && <RegionPanel editor={editor} questions={perRegion} />}
    </>
  );
}
