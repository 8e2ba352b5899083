import { resolveText } from "@labelwright/config";
import { createContext, useContext, useId, useState } from "react";
import type { TagViewProps } from "../define";
import styles from "./Collapse.module.css";

interface Stack {
  /** Shared name of an accordion's panels: the browser keeps one of them open. */
  readonly name: string | undefined;
  readonly startsOpen: boolean;
}

const StackContext = createContext<Stack>({ name: undefined, startsOpen: false });

/** A stack of panels that open and close. */
export function Collapse({ node, children }: TagViewProps) {
  const name = useId();
  return (
    <StackContext value={{ name: node.attrs.accordion === false ? undefined : name, startsOpen: node.attrs.open === true }}>
      <div className={styles.collapse} data-bordered={node.attrs.bordered === true || undefined}>
        {children}
      </div>
    </StackContext>
  );
}

export function Panel({ node, editor, children }: TagViewProps) {
  const { name, startsOpen } = useContext(StackContext);
  const [open] = useState(node.attrs.open === true || startsOpen);
  return (
    <details className={styles.panel} open={open} name={name}>
      <summary className={styles.head}>{resolveText(node.raw.value, editor.taskData)}</summary>
      <div className={styles.body}>{children}</div>
    </details>
  );
}
