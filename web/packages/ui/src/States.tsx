import { RotateCw, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./Button";
import styles from "./States.module.css";
import { cx } from "./cx";

interface EmptyStateProps {
  icon?: ReactNode;
  title: ReactNode;
  children?: ReactNode;
  /** What to do next. */
  actions?: ReactNode;
}

/** Nothing here yet, and what to do about it. */
export function EmptyState({ icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className={styles.state}>
      {icon && <div className={styles.icon}>{icon}</div>}
      <h2>{title}</h2>
      {children && <div className={styles.words}>{children}</div>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

/** Something failed: what, why, and a way on. */
export function ErrorState({ title, detail, onRetry, actions }: { title: string; detail?: ReactNode; onRetry?: () => void; actions?: ReactNode }) {
  return (
    <div role="alert">
      <EmptyState
        icon={<TriangleAlert className={styles.danger} />}
        title={title}
        actions={
          <>
            {onRetry && (
              <Button icon={<RotateCw />} onClick={onRetry}>
                Try again
              </Button>
            )}
            {actions}
          </>
        }
      >
        {detail}
      </EmptyState>
    </div>
  );
}

/** A message in the page, not in the way. */
export function Banner({ tone, children, actions }: { tone: "info" | "ok" | "warn" | "danger"; children: ReactNode; actions?: ReactNode }) {
  return (
    <div className={cx(styles.banner, styles[`${tone}Banner`])} role={tone === "danger" ? "alert" : "status"}>
      <div className={styles.bannerWords}>{children}</div>
      {actions}
    </div>
  );
}
