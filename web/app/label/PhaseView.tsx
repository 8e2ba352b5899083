import { Button, EmptyState, ErrorState, Skeleton } from "@labelwright/ui";
import { Link } from "@tanstack/react-router";
import { CircleCheckBig, CloudOff, FileQuestion, Inbox, Lock, SlidersHorizontal } from "lucide-react";
import type { ReactNode } from "react";
import type { Session } from "./core/session";
import type { Phase, SessionState } from "./core/sessionState";
import { EditorBoundary } from "./EditorBoundary";
import styles from "./PhaseView.module.css";

interface PhaseViewProps {
  readonly session: Session;
  readonly state: SessionState;
  readonly projectId: number;
  onBack(): void;
  /** The editor. */
  readonly children: ReactNode;
}

/** The editor while there is a task; else what is going on and where to go. */
export function PhaseView({ session, state, projectId, onBack, children }: PhaseViewProps) {
  const { phase } = state;
  const hasEditor = phase.is === "labeling" || (phase.is === "loading" && phase.quiet);
  if (hasEditor) {
    return (
      <div className={styles.editor} inert={phase.is === "loading"}>
        <EditorBoundary task={state.task} answers={state.answers} open={state.open}>
          {children}
        </EditorBoundary>
      </div>
    );
  }
  return (
    <div className={styles.words} data-testid={`phase-${phase.is}`} role="status">
      {phase.is === "loading" && <Loading />}
      {phase.is === "empty" && <Empty why={phase.why} session={session} state={state} projectId={projectId} onBack={onBack} />}
      {phase.is === "failed" && <Failed phase={phase} session={session} projectId={projectId} onBack={onBack} />}
    </div>
  );
}

function Loading() {
  return (
    <div className={styles.loading} role="status" aria-label="Loading the task">
      <Skeleton width="38%" height={18} />
      <Skeleton height={18} />
      <Skeleton width="82%" height={18} />
      <Skeleton width="64%" height={18} />
      <div className={styles.loadingRow}>
        <Skeleton width={140} height={40} />
        <Skeleton width={140} height={40} />
        <Skeleton width={140} height={40} />
      </div>
    </div>
  );
}

type EmptyProps = Omit<PhaseViewProps, "children"> & { readonly why: Extract<Phase, { is: "empty" }>["why"] };

function Empty({ why, session, state, projectId, onBack }: EmptyProps) {
  const back = (
    <Button key="back" variant="primary" onClick={onBack}>
      Back to the data
    </Button>
  );
  switch (why) {
    case "finished":
      return (
        <EmptyState icon={<CircleCheckBig />} title="Nothing left to label" actions={[back, <LookAgain key="again" session={session} />]}>
          {finishedText(state)}
        </EmptyState>
      );
    case "end-of-view":
      return (
        <EmptyState icon={<CircleCheckBig />} title="End of this list" actions={[back, <LookAgain key="again" session={session} />]}>
          {state.place ? `All ${state.place.total} tasks of this view were shown. ` : ""}Press [ to go back through them.
        </EmptyState>
      );
    case "no-tasks":
      return (
        <EmptyState icon={<Inbox />} title="This project has no tasks yet" actions={back}>
          Import a file in the data view, then come back.
        </EmptyState>
      );
    case "no-controls":
      return (
        <EmptyState
          icon={<SlidersHorizontal />}
          title="The interface asks nothing yet"
          actions={[
            <Link key="settings" to="/projects/$projectId/settings/$section" params={{ projectId, section: "interface" }}>
              Set up the interface
            </Link>,
            back,
          ]}
        >
          The label config shows data but has no control (labels, choices, a text field) to answer with.
        </EmptyState>
      );
  }
}

function LookAgain({ session }: { session: Session }) {
  return <Button onClick={() => void session.lookAgain()}>Look again</Button>;
}

function finishedText({ done, project, unsent, phase }: SessionState): string {
  const elsewhere = phase.is === "empty" ? phase.elsewhere : 0;
  if (elsewhere > 0) return `${elsewhere === 1 ? "The last task is" : `The last ${elsewhere} tasks are`} open in another tab of yours.`;
  const mine = done === 1 ? "You answered 1 task." : `You answered ${done} tasks.`;
  const all = project && project.taskCount > done ? ` The project has ${project.taskCount}; the others are done or with somebody else.` : "";
  return `${mine}${all}${unsent.length > 0 ? ` ${unsent.length} of your answers are still on this device and will be sent.` : ""}`;
}

const FAILURES: Readonly<Record<Extract<Phase, { is: "failed" }>["why"], { title: string; detail?: string; icon: ReactNode; retry: boolean }>> = {
  offline: { title: "No connection", detail: "The next task cannot be fetched. Your answers are kept on this device and are sent when the connection is back.", icon: <CloudOff />, retry: true },
  gone: { title: "This task was deleted", detail: "Somebody removed it from the project meanwhile.", icon: <FileQuestion />, retry: false },
  "no-project": { title: "There is no such project", detail: "It was deleted, or it belongs to another organization.", icon: <FileQuestion />, retry: false },
  forbidden: { title: "You may not label here", detail: "Ask an owner or manager of the project to add you.", icon: <Lock />, retry: false },
  "logged-out": { title: "You are logged out", detail: "Log in again; what you did is kept on this device.", icon: <Lock />, retry: true },
  broken: { title: "The task could not be shown", icon: null, retry: true },
};

function Failed({ phase, session, projectId, onBack }: { phase: Extract<Phase, { is: "failed" }>; session: Session; projectId: number; onBack: () => void }) {
  const { title, detail, icon, retry } = FAILURES[phase.why];
  const toLogin = phase.why === "logged-out" && <a href={`/user/login/?next=${encodeURIComponent(location.pathname + location.search)}`}>Log in</a>;
  const goOn = phase.why === "gone" && session.state.task !== null && <Button onClick={() => void session.goNext()}>Next task</Button>;
  const back =
    phase.why === "no-project" ? (
      <Link to="/projects">All projects</Link>
    ) : (
      <Button onClick={onBack} key={projectId}>
        Back to the data
      </Button>
    );
  if (icon === null) return <ErrorState title={title} detail={phase.message} onRetry={() => session.wake()} actions={back} />;
  return (
    <EmptyState
      icon={icon}
      title={title}
      actions={
        <>
          {retry && (
            <Button variant="primary" onClick={() => session.wake()}>
              Try again
            </Button>
          )}
          {toLogin}
          {goOn}
          {back}
        </>
      }
    >
      {detail}
    </EmptyState>
  );
}
