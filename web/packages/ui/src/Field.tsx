import { Eye, EyeOff } from "lucide-react";
import { useId, useState, type InputHTMLAttributes, type ReactNode, type Ref, type SelectHTMLAttributes, type TextareaHTMLAttributes } from "react";
import styles from "./Field.module.css";
import { cx } from "./cx";

interface FieldProps {
  label: ReactNode;
  /** Keeps the label for screen readers only. */
  hideLabel?: boolean;
  description?: ReactNode;
  error?: string | null;
}

/** Label above, help or error below; hands the input its id and aria attributes. */
function Field({ label, hideLabel, description, error, className, children }: FieldProps & { className?: string; children: (wiring: Wiring) => ReactNode }) {
  const id = useId();
  const help = error || description ? `${id}-help` : undefined;
  return (
    <div className={cx(styles.field, className)}>
      <label htmlFor={id} className={hideLabel ? "visually-hidden" : styles.label}>
        {label}
      </label>
      {children({ id, "aria-describedby": help, "aria-invalid": error ? true : undefined })}
      {help && (
        <p id={help} className={error ? styles.error : styles.description}>
          {error ?? description}
        </p>
      )}
    </div>
  );
}

interface Wiring {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

type TextFieldProps = FieldProps & Omit<InputHTMLAttributes<HTMLInputElement>, "id"> & { icon?: ReactNode; ref?: Ref<HTMLInputElement> };

export function TextField({ label, hideLabel, description, error, icon, className, type, ...input }: TextFieldProps) {
  const [shown, setShown] = useState(false);
  const password = type === "password";
  return (
    <Field label={label} hideLabel={hideLabel} description={description} error={error} className={className}>
      {(wiring) => (
        <span className={styles.box}>
          {icon && <span className={styles.icon}>{icon}</span>}
          <input
            {...input}
            {...wiring}
            type={password && shown ? "text" : type}
            className={cx(styles.input, icon ? styles.withIcon : null, password && styles.withToggle)}
          />
          {password && (
            <button
              type="button"
              className={styles.toggle}
              aria-label={shown ? "Hide password" : "Show password"}
              aria-pressed={shown}
              onClick={() => setShown(!shown)}
            >
              {shown ? <EyeOff size={16} /> : <Eye size={16} />}
            </button>
          )}
        </span>
      )}
    </Field>
  );
}

type TextAreaProps = FieldProps & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "id"> & { mono?: boolean; ref?: Ref<HTMLTextAreaElement> };

export function TextArea({ label, hideLabel, description, error, mono, className, ...area }: TextAreaProps) {
  return (
    <Field label={label} hideLabel={hideLabel} description={description} error={error} className={className}>
      {(wiring) => <textarea rows={4} {...area} {...wiring} className={cx(styles.input, styles.area, mono && styles.mono)} />}
    </Field>
  );
}

export interface Option<V extends string = string> {
  value: V;
  label: string;
}

type SelectProps<V extends string> = FieldProps &
  Omit<SelectHTMLAttributes<HTMLSelectElement>, "id" | "value" | "onChange"> & {
    options: readonly Option<V>[];
    value: V;
    onChange: (value: V) => void;
  };

/** The browser's own select: right on every device, nothing to download. */
export function Select<V extends string>({ label, hideLabel, description, error, options, value, onChange, className, ...select }: SelectProps<V>) {
  return (
    <Field label={label} hideLabel={hideLabel} description={description} error={error} className={className}>
      {(wiring) => (
        <select {...select} {...wiring} value={value} onChange={(event) => onChange(event.target.value as V)} className={cx(styles.input, styles.select)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
