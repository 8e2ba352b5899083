import { resolveText } from "@labelwright/config";
import type { TagViewProps } from "../define";
import { readStyle } from "../shared/css";
import styles from "./Header.module.css";

const levels = ["h1", "h2", "h3", "h4", "h5", "h6"] as const;

/** A heading; `size` is its level and its type size. */
export function Header({ node, editor }: TagViewProps) {
  const size = Math.min(6, Math.max(1, Number(node.attrs.size) || 4));
  const Level = levels[size - 1] ?? "h4";
  const text = resolveText(node.raw.value ?? node.text, editor.taskData);
  return (
    <Level className={`${styles.header} htx-header lsf-header`} data-size={size} data-underline={node.attrs.underline === true || undefined} style={readStyle(node.attrs.style)}>
      {text}
    </Level>
  );
}
