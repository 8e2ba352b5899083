import styles from "./Spinner.module.css";

/** A turning ring; hidden from screen readers, so say in words what is going on beside it. */
export function Spinner() {
  return <span className={styles.spinner} aria-hidden />;
}
