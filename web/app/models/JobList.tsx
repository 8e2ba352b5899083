import { Button, Chip, ProgressBar, toast } from "@labelwright/ui";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { errorText } from "../api/client";
import { isOpen, modelActions, type Job } from "../api/mlModels";
import { invalidate } from "../api/queries";
import { countOf, fullTime, timeAgo } from "../format";
import { Section } from "../shell/Page";
import styles from "./Models.module.css";
import { jobProgress, jobState } from "./words";

const MOST_PROBLEMS = 20;

export function useJobActions(project: number) {
  const after = {
    onSuccess: () => invalidate(["models", project], ["jobs", project], ["builtin-model", project]),
    onError: (error: unknown) => toast({ message: errorText(error), tone: "danger" }),
  };
  return { cancel: useMutation({ mutationFn: modelActions.cancel, ...after }), retry: useMutation({ mutationFn: modelActions.retry, ...after }) };
}

/** Running jobs with their progress; the last ones that ended are folded away, but for a failed one that nothing came after. */
export function JobSection({ project, jobs }: { project: number; jobs: readonly Job[] }) {
  const open = jobs.filter(isOpen);
  const shown = open.length === 0 && jobs[0]?.state === "failed" ? jobs.slice(0, 1) : open;
  const earlier = jobs.filter((job) => !shown.includes(job));
  return (
    <Section title="Jobs">
      {shown.length > 0 && <Lines project={project} jobs={shown} />}
      {earlier.length > 0 && (
        <details className={styles.more}>
          <summary>{countOf(earlier.length, "earlier job")}</summary>
          <Lines project={project} jobs={earlier} />
        </details>
      )}
    </Section>
  );
}

function Lines({ project, jobs }: { project: number; jobs: readonly Job[] }) {
  return (
    <ul className={styles.jobs}>
      {jobs.map((job) => (
        <li key={job.id}>
          <JobLine job={job} project={project} />
        </li>
      ))}
    </ul>
  );
}

export function JobLine({ job, project }: { job: Job; project: number }) {
  const { cancel, retry } = useJobActions(project);
  const [word, tone] = jobState(job);
  const progress = jobProgress(job);
  const isRunning = isOpen(job);
  return (
    <div className={styles.job} data-job={job.id}>
      <div className={styles.jobHead}>
        <strong>{job.title}</strong>
        <Chip tone={tone}>{word}</Chip>
        <span className={styles.muted}>{progress}</span>
        <span className={styles.push} />
        {isRunning ? (
          <Button size="small" busy={cancel.isPending} aria-label={`Cancel: ${job.title}`} onClick={() => cancel.mutate(job.id)}>
            Cancel
          </Button>
        ) : (
          <time className={styles.muted} dateTime={job.finished_at ?? job.created_at} title={fullTime(job.finished_at ?? job.created_at)}>
            {timeAgo(job.finished_at ?? job.created_at)}
          </time>
        )}
        {(job.state === "failed" || job.state === "cancelled" || (job.state === "done" && job.failed > 0)) && (
          <Button size="small" busy={retry.isPending} aria-label={`Try again: ${job.title}`} onClick={() => retry.mutate(job.id)}>
            Try again
          </Button>
        )}
      </div>
      {isRunning && <ProgressBar label={job.title} value={job.done} max={job.total ?? 0} valueText={progress} />}
      {job.message && <p className={job.state === "failed" ? styles.bad : styles.muted}>{job.message}</p>}
      {job.problems.length > 0 && (
        <details className={styles.more}>
          <summary>{countOf(job.problems.length, "problem")}</summary>
          <ul className={styles.problems}>
            {job.problems.slice(0, MOST_PROBLEMS).map(({ task, reason }, index) => (
              <li key={index}>
                {task !== null && (
                  <>
                    <Link to="/projects/$projectId/data" params={{ projectId: project }} search={{ task }}>
                      Task {task}
                    </Link>
                    {": "}
                  </>
                )}
                {reason}
              </li>
            ))}
            {job.problems.length > MOST_PROBLEMS && <li>and {job.problems.length - MOST_PROBLEMS} more</li>}
          </ul>
        </details>
      )}
    </div>
  );
}
