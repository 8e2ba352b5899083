import { useId } from "react";
import type { TagViewProps } from "../define";
import { useControl } from "../shared/control";
import fields from "../shared/fields.module.css";
import { ProblemLine } from "../shared/Problem";
import { SuggestionMark } from "../shared/SuggestionMark";
import { inputKind, limitOf, readDate, writeDate } from "./format";

/** A date, time, month or year in the browser's own field; stored as the config's `format` says. */
export default function DateTime({ node, editor }: TagViewProps) {
  const control = useControl(node, editor);
  const problemId = useId();
  const kind = inputKind(node);
  const stored = typeof control.value === "string" || typeof control.value === "number" ? String(control.value) : "";
  const shown = stored === "" ? "" : (readDate(stored, node) ?? "");
  return (
    <div className={`${fields.line} htx-datetime lsf-datetime`} data-control={node.name} data-suggested={control.suggestion ? "" : undefined}>
      <input
        key={control.subject}
        className={fields.field}
        type={kind === "year" ? "number" : kind}
        aria-label={node.name}
        aria-required={node.attrs.required === true}
        aria-invalid={control.problem !== null || undefined}
        aria-describedby={control.problem === null ? undefined : problemId}
        min={limitOf(node.attrs.min, kind)}
        max={limitOf(node.attrs.max, kind)}
        disabled={control.disabled}
        value={shown}
        onChange={(event) => control.set(event.target.value === "" ? undefined : writeDate(event.target.value, node), { typing: true })}
      />
      {stored !== "" && shown === "" && <code>{stored}</code>}
      <SuggestionMark suggestion={control.suggestion} />
      <ProblemLine message={control.problem} id={problemId} />
    </div>
  );
}
