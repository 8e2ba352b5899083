import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import styles from "./Button.module.css";
import { cx } from "./cx";
import { KeyCap } from "./KeyCap";
import { Spinner } from "./Spinner";

export type ButtonVariant = "primary" | "secondary" | "ghost" | "danger";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: ButtonVariant;
  size?: "small" | "medium" | "large";
  icon?: ReactNode;
  /** Key that does the same, shown as a cap: "enter", "ctrl+k". */
  keys?: string;
  /** Shows a spinner and refuses clicks, keeping the focus. */
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

/** Classes of a button, for a link that looks like one. */
export function buttonClass(variant: ButtonVariant = "secondary", size: "small" | "medium" | "large" = "medium"): string {
  return cx(styles.button, styles[variant], styles[size]);
}

export function Button({ variant = "secondary", size = "medium", icon, keys, busy, className, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={cx(buttonClass(variant, size), className)}
      aria-disabled={busy || rest["aria-disabled"]}
      aria-keyshortcuts={keys}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy ? <Spinner /> : icon}
      {children}
      {keys && <KeyCap keys={keys} quiet />}
    </button>
  );
}

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "aria-label"> {
  /** Name for screen readers, and the tooltip. */
  label: string;
  keys?: string;
  size?: "small" | "medium";
  pressed?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

/** A button that is only an icon; its tooltip (see Tooltip.tsx) shows the label and the key. */
export function IconButton({ label, keys, size = "medium", pressed, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={cx(styles.button, styles.ghost, styles.icon, styles[size], className)}
      aria-label={label}
      aria-pressed={pressed}
      aria-keyshortcuts={keys}
      data-tip={label}
      data-tip-keys={keys}
    />
  );
}
