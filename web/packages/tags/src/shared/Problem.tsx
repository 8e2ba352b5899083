import styles from "./shared.module.css";

/** What hindered the submit, at its control; announced when it appears. */
export function ProblemLine({ message, id }: { message: string | null; id?: string }) {
  return message === null ? null : (
    <p className={styles.problem} id={id} role="alert">
      {message}
    </p>
  );
}
