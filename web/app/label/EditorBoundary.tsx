import { Button, ErrorState } from "@labelwright/ui";
import { Component, type ReactNode } from "react";
import type { LabelTask, OpenAnswer } from "./core/model";
import styles from "./PhaseView.module.css";

interface EditorBoundaryProps {
  readonly task: LabelTask | null;
  readonly answers: readonly OpenAnswer[];
  readonly open: string | null;
  readonly children: ReactNode;
}

interface Broken {
  readonly error: Error | null;
  /** What was open when it broke: another task or answer gets its chance. */
  readonly at: string;
}

/** An editor that throws takes nothing with it: the answer is shown as it is stored, other tasks work. */
export class EditorBoundary extends Component<EditorBoundaryProps, Broken> {
  override state: Broken = { error: null, at: "" };

  static getDerivedStateFromProps({ task, open }: EditorBoundaryProps, state: Broken): Broken | null {
    const at = `${task?.id}/${open}`;
    return at === state.at ? null : { error: null, at };
  }

  static getDerivedStateFromError(error: unknown): Partial<Broken> {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    const { task, answers, open } = this.props;
    const result = answers.find((answer) => answer.key === open)?.result ?? [];
    return (
      <div className={styles.broken}>
        <ErrorState
          title="The editor could not show this answer"
          detail={`${error.message} Nothing is lost: this is the answer as it is stored.`}
          onRetry={() => this.setState({ error: null })}
          actions={<Button onClick={() => void navigator.clipboard.writeText(JSON.stringify(result, null, 2))}>Copy the result</Button>}
        />
        <pre>{JSON.stringify({ task: task?.id, data: task?.data, result }, null, 2)}</pre>
      </div>
    );
  }
}
