import type { Suggestion } from "@labelwright/engine";
import { cx, KeyCap } from "@labelwright/ui";
import { useId } from "react";
import type { TagViewProps } from "../define";
import { useCommandKey } from "../shared/commands";
import { useControl } from "../shared/control";
import { readStyle } from "../shared/css";
import { ProblemLine } from "../shared/Problem";
import { useRoving } from "../shared/roving";
import { SuggestionMark } from "../shared/SuggestionMark";
import { pressSide } from "./index";
import styles from "./Pairwise.module.css";

/** Two big buttons, one for each object. */
export default function Pairwise({ node, editor }: TagViewProps) {
  const control = useControl(node, editor);
  const problemId = useId();
  const roving = useRoving(control.value === (node.attrs.rightclass ?? "right") ? "right" : "left");
  return (
    <div className={`${styles.pairwise} htx-pairwise lsf-pairwise`} data-control={node.name} data-suggested={control.suggestion ? "" : undefined}>
      <div {...roving.group} role="radiogroup" aria-label={node.name} aria-required={node.attrs.required === true} className={styles.sides}>
        {(["left", "right"] as const).map((side) => (
          <Side key={side} {...{ node, editor, side }} isPicked={control.value === ((side === "left" ? node.attrs.leftclass : node.attrs.rightclass) ?? side)} disabled={control.disabled} suggestion={control.suggestion} tabIndex={roving.tabIndex(side)} />
        ))}
      </div>
      <ProblemLine message={control.problem} id={problemId} />
    </div>
  );
}

interface SideProps extends TagViewProps {
  readonly side: "left" | "right";
  readonly isPicked: boolean;
  readonly disabled: boolean;
  readonly suggestion: Suggestion | null;
  readonly tabIndex: 0 | -1;
}

function Side({ node, editor, side, isPicked, disabled, suggestion, tabIndex }: SideProps) {
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
      <SuggestionMark suggestion={isPicked ? suggestion : null} />
      {keys && <KeyCap keys={keys} quiet />}
    </button>
  );
}
