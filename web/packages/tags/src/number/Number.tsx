import { useId } from "react";
import type { TagViewProps } from "../define";
import { useControl } from "../shared/control";
import fields from "../shared/fields.module.css";
import { ProblemLine } from "../shared/Problem";
import { SuggestionMark } from "../shared/SuggestionMark";

/** A number, typed or picked with a slider. */
export default function NumberField({ node, editor }: TagViewProps) {
  const control = useControl(node, editor);
  const problemId = useId();
  const { min, max, step } = node.attrs;
  const isSlider = node.attrs.slider === true && typeof min === "number" && typeof max === "number";
  const value = typeof control.value === "number" ? control.value : "";
  return (
    <div className={`${fields.line} htx-number lsf-number`} data-control={node.name} data-suggested={control.suggestion ? "" : undefined}>
      <input
        key={control.subject}
        className={isSlider ? fields.slider : fields.field}
        type={isSlider ? "range" : "number"}
        inputMode="decimal"
        aria-label={node.name}
        aria-required={node.attrs.required === true}
        aria-invalid={control.problem !== null || undefined}
        aria-describedby={control.problem === null ? undefined : problemId}
        min={Number(min ?? NaN) || min === 0 ? Number(min) : undefined}
        max={Number(max ?? NaN) || max === 0 ? Number(max) : undefined}
        step={typeof step === "number" ? step : "any"}
        disabled={control.disabled}
        // A slider has no empty place: it stands at its start until it is moved.
        value={isSlider && value === "" ? Number(min) : value}
        onChange={(event) => control.set(Number.isNaN(event.target.valueAsNumber) ? undefined : event.target.valueAsNumber, { typing: true })}
        onWheel={(event) => event.currentTarget.blur()}
      />
      {isSlider && <output className={fields.output}>{value === "" ? "–" : value}</output>}
      <SuggestionMark suggestion={control.suggestion} />
      <ProblemLine message={control.problem} id={problemId} />
    </div>
  );
}
