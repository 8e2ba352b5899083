import { useEffect, useId, useRef, type InputHTMLAttributes, type ReactNode } from "react";
import styles from "./Toggle.module.css";
import { cx } from "./cx";

interface ToggleProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "type" | "onChange" | "id"> {
  label: ReactNode;
  hideLabel?: boolean;
  description?: ReactNode;
  onChange?: (checked: boolean) => void;
}

type Words = Pick<ToggleProps, "label" | "hideLabel" | "description" | "className">;

function Toggle({ label, hideLabel, description, className, input }: Words & { input: (id: string, help: string | undefined) => ReactNode }) {
  const id = useId();
  const help = description ? `${id}-help` : undefined;
  return (
    <div className={cx(styles.toggle, className)}>
      {input(id, help)}
      <div className={hideLabel ? "visually-hidden" : styles.words}>
        <label htmlFor={id}>{label}</label>
        {description && (
          <p id={help} className={styles.description}>
            {description}
          </p>
        )}
      </div>
    </div>
  );
}

/** `indeterminate` draws a dash: some, not all. */
export function Checkbox({ label, hideLabel, description, onChange, className, indeterminate = false, ...rest }: ToggleProps & { indeterminate?: boolean }) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = indeterminate;
  }, [indeterminate]);
  return (
    <Toggle label={label} hideLabel={hideLabel} description={description} className={className}
      input={(id, help) => (
        <input {...rest} ref={box} id={id} type="checkbox" aria-describedby={help} className={styles.checkbox} onChange={(event) => onChange?.(event.target.checked)} />
      )}
    />
  );
}

/** On or off, at once; inside a form with a Save button use Checkbox. */
export function Switch({ label, hideLabel, description, onChange, className, ...rest }: ToggleProps) {
  return (
    <Toggle label={label} hideLabel={hideLabel} description={description} className={className}
      input={(id, help) => (
        <input {...rest} id={id} type="checkbox" role="switch" aria-describedby={help} className={styles.switch} onChange={(event) => onChange?.(event.target.checked)} />
      )}
    />
  );
}

interface RadioGroupProps<V extends string> {
  legend: string;
  hideLegend?: boolean;
  value: V;
  options: readonly { value: V; label: ReactNode; description?: ReactNode }[];
  onChange: (value: V) => void;
}

/** One of a few, each with a line that says what it does. */
export function RadioGroup<V extends string>({ legend, hideLegend, value, options, onChange }: RadioGroupProps<V>) {
  const name = useId();
  return (
    <fieldset className={styles.group}>
      <legend className={hideLegend ? "visually-hidden" : styles.legend}>{legend}</legend>
      {options.map((option) => (
        <Toggle key={option.value} label={option.label} description={option.description}
          input={(id, help) => (
            <input id={id} type="radio" name={name} aria-describedby={help} className={styles.radio} checked={option.value === value} onChange={() => onChange(option.value)} />
          )}
        />
      ))}
    </fieldset>
  );
}
