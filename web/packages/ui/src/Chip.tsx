import type { ReactNode } from "react";
import styles from "./Chip.module.css";
import { cx } from "./cx";

export type ChipTone = "neutral" | "accent" | "ok" | "warn" | "danger";

/** A word in a box: a state (by tone) or a label (by colour). */
export function Chip({ children, tone = "neutral", color, title }: { children: ReactNode; tone?: ChipTone; color?: string | undefined; title?: string }) {
  return (
    <span className={cx(styles.chip, color ? styles.label : styles[tone])} style={color ? ({ "--tint": color } as React.CSSProperties) : undefined} title={title}>
      {children}
    </span>
  );
}
