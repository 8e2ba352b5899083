import type { ReactNode } from "react";
import { cx } from "@labelwright/ui";
import { ApiError, errorText } from "../api/client";
import { Button, ErrorState } from "@labelwright/ui";
import styles from "./Page.module.css";

/** A page of text and forms: one column, a heading, room around it. */
export function Page({ title, intro, actions, children, wide }: { title: string; intro?: ReactNode; actions?: ReactNode; children: ReactNode; wide?: boolean }) {
  return (
    <div className={cx(styles.page, wide && styles.wide)}>
      <header className={styles.header}>
        <div>
          <h1>{title}</h1>
          {intro && <p className={styles.intro}>{intro}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A group of a form with its heading and, at the foot, its buttons. */
export function Section({ title, intro, children, footer, tone }: { title?: string; intro?: ReactNode; children?: ReactNode; footer?: ReactNode; tone?: "danger" }) {
  return (
    <section className={cx(styles.section, tone === "danger" && styles.danger)}>
      <div className={styles.content}>
        {title && <h2>{title}</h2>}
        {intro && <p className={styles.intro}>{intro}</p>}
        {children}
      </div>
      {footer && <div className={styles.footer}>{footer}</div>}
    </section>
  );
}

/** What a failed read looks like in place of the page. */
export function Failed({ error, what, onRetry }: { error: unknown; what: string; onRetry?: () => void }) {
  const missing = error instanceof ApiError && error.status === 404;
  return (
    <ErrorState
      title={missing ? `${what} does not exist` : `${what} could not be loaded`}
      detail={missing ? "It was deleted, or it belongs to an organization you are not in." : errorText(error)}
      {...(missing || !onRetry ? {} : { onRetry })}
      actions={missing ? <Button onClick={() => location.assign("/projects/")}>All projects</Button> : null}
    />
  );
}
