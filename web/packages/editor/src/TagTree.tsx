import { schemaOf, type ConfigNode } from "@labelwright/config";
import type { Editor } from "@labelwright/engine";
import { tagFor, viewFor } from "@labelwright/tags";
import { memo, useCallback, useSyncExternalStore, type ReactNode } from "react";
import styles from "./editor.module.css";
import { TagBoundary } from "./TagBoundary";

interface TreeProps {
  readonly node: ConfigNode;
  readonly editor: Editor;
  /** Nodes that are shown elsewhere. */
  readonly except: ReadonlySet<ConfigNode>;
}

/** A tag and, for visual tags, what stands in it. Hidden tags are not rendered, so nothing in them can have the focus. */
export const TagTree = memo(function TagTree({ node, editor, except }: TreeProps) {
  const isVisible = useVisible(editor, node);
  if (!isVisible || except.has(node) || schemaOf(node.tag)?.kind === "child") return null;
  return (
    <TagBoundary tag={node.tag}>
      <TagNode node={node} editor={editor} except={except} />
    </TagBoundary>
  );
});

function TagNode({ node, editor, except }: TreeProps): ReactNode {
  const tag = tagFor(node.tag);
  if (tag === undefined) return <UnknownTag node={node} editor={editor} except={except} />;
  const View = viewFor(node.tag);
  if (tag.view === null) return null;
  if (View === undefined) return <p className={styles.note}>{node.tag} could not be loaded. Its answers are kept; reload the page to try again.</p>;
  if (tag.kind !== "visual") return <View node={node} editor={editor} />;
  return <View node={node} editor={editor}>{childrenOf({ node, editor, except })}</View>;
}

function childrenOf({ node, editor, except }: TreeProps): ReactNode {
  return node.children.map((child, index) => <TagTree key={index} node={child} editor={editor} except={except} />);
}

/** A quiet word instead of a tag that is not built, and what stands in it. */
function UnknownTag({ node, editor, except }: TreeProps) {
  return (
    <div>
      <p className={styles.note}>
        Tag {node.tag} is not supported yet; its answers are kept.
      </p>
      {childrenOf({ node, editor, except })}
    </div>
  );
}

/** Whether a tag is shown; renders again only when that turns. */
export function useVisible(editor: Editor, node: ConfigNode): boolean {
  const subscribe = useCallback(
    (notify: () => void) => {
      const stops = [editor.onChange(notify), editor.onSession(notify)];
      return () => stops.forEach((stop) => stop());
    },
    [editor],
  );
  return useSyncExternalStore(subscribe, () => isVisibleNow(editor, node));
}

/** A per-region control is shown while a region is selected that it asks about. */
function isVisibleNow(editor: Editor, node: ConfigNode): boolean {
  if (!editor.isVisible(node)) return false;
  if (node.attrs.perregion !== true) return true;
  for (const id of editor.session.selection) if (editor.controlsAskedOf(id).includes(node)) return true;
  return false;
}

