import { cx, KeyCap } from "@labelwright/ui";
import { useId } from "react";
import type { TagViewProps } from "../define";
import { useCommandKey } from "../shared/commands";
import { useControl } from "../shared/control";
import { readStyle } from "../shared/css";
import { ProblemLine } from "../shared/Problem";
import { useRoving } from "../shared/roving";
import { pressSide } from "./index";
import styles from "./Pairwise.module.css";

/** Two big buttons, one for each object. */
export default function Pairwise({ node, editor }: TagViewProps) {
  const control = useControl(node, editor);
  const problemId = useId();
  const roving = useRoving(control.value === (node.attrs.rightclass ?? "right") ? "right" : "left");
  return (
    <div className={`${styles.pairwise} htx-pairwise lsf-pairwise`} data-control={node.name}>
      <div {...roving.group} role="radiogroup" aria-label={node.name} aria-required={node.attrs.required === true} className={styles.sides}>
        {(["left", "right"] as const).map((side) => (
          <Side key={side} {...{ node, editor, side }} isPicked={control.value === ((side === "left" ? node.attrs.leftclass : node.attrs.rightclass) ?? side)} disabled={control.disabled} tabIndex={roving.tabIndex(side)} />
        ))}
      </div>
      <ProblemLine message={control.problem} id={problemId} />
    </div>
  );
}

function Side({ node, editor, side, isPicked, disabled, tabIndex }: TagViewProps & { side: "left" | "right"; isPicked: boolean; disabled: boolean; tabIndex: 0 | -1 }) {
  const keys = useCommandKey(editor, `${side}:${node.name}`);
  const object = node.toName[side === "left" ? 0 : 1];
  return (
    <button
      type="button"
      role="radio"
      aria-checked={isPicked}
      aria-keyshortcuts={keys ?? undefined}
      data-roving={side}
      tabIndex={tabIndex}
      disabled={disabled}
      className={cx(styles.side)}
      style={isPicked ? readStyle(node.attrs.selectionstyle) : undefined}
      onClick={() => pressSide(node, editor, side)}
    >
      <span>
        {side === "left" ? "Left" : "Right"} <span className={styles.object}>{object}</span>
      </span>
      {keys && <KeyCap keys={keys} quiet />}
    </button>
  );
}
