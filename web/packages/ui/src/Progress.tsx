import styles from "./Progress.module.css";

interface ProgressBarProps {
  label: string;
  value: number;
  max: number;
  /** Words for the value: "812 of 1,000 tasks". */
  valueText?: string;
}

/** How much of something is done; `max` 0 is an empty bar. */
export function ProgressBar({ label, value, max, valueText }: ProgressBarProps) {
  const part = max > 0 ? Math.min(1, value / max) : 0;
  return (
    <div className={styles.bar} role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={max} aria-valuenow={value} aria-valuetext={valueText}>
      <div className={styles.fill} style={{ width: `${part * 100}%` }} data-complete={part === 1 || undefined} />
    </div>
  );
}

/** A grey block where content will be. */
export function Skeleton({ width = "100%", height = 14 }: { width?: number | string; height?: number | string }) {
  return <span className={styles.skeleton} style={{ width, height }} aria-hidden />;
}
