import { Component, type ReactNode } from "react";
import styles from "./editor.module.css";

/** A tag that throws is replaced by a note; its answers are in the document all the same, and other tags go on. */
export class TagBoundary extends Component<{ tag: string; children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <p className={styles.broken} role="alert">
        {this.props.tag} could not be shown ({error.message}). Its answers are kept.{" "}
        <button type="button" className={styles.retry} onClick={() => this.setState({ error: null })}>
          Try again
        </button>
      </p>
    );
  }
}
