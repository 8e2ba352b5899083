import { Banner, Button } from "@labelwright/ui";
import { useId, useState, type FormEvent, type ReactNode } from "react";
import { errorText } from "../api/client";
import { Logo } from "../shell/Logo";
import styles from "./Door.module.css";

interface DoorProps {
  title: string;
  intro?: ReactNode;
  submitLabel: string;
  onSubmit: (fields: Record<string, string>) => Promise<void>;
  children: ReactNode;
  /** Links under the form. */
  footer?: ReactNode;
}

/** The frame of log-in and sign-up: the mark, one form, the server's answer above the button. */
export function Door({ title, intro, submitLabel, onSubmit, children, footer }: DoorProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const heading = useId();

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const fields = Object.fromEntries([...new FormData(event.currentTarget)].map(([key, value]) => [key, String(value)]));
    try {
      await onSubmit(fields);
    } catch (reason) {
      setError(errorText(reason));
      setBusy(false);
    }
  };

  return (
    <main className={styles.door}>
      <div className={styles.brand}>
        <Logo size={32} />
        <span>Labelwright</span>
      </div>
      <div className={styles.card}>
        <div>
          <h1 id={heading}>{title}</h1>
          {intro && <p className={styles.intro}>{intro}</p>}
        </div>
        <form className={styles.form} onSubmit={submit} aria-labelledby={heading}>
          {children}
          {error && <Banner tone="danger">{error}</Banner>}
          <Button type="submit" variant="primary" size="large" busy={busy} keys="enter">
            {submitLabel}
          </Button>
        </form>
      </div>
      {footer && <p className={styles.footer}>{footer}</p>}
    </main>
  );
}
