import { Button } from "@labelwright/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { isOpen, jobsQuery } from "../api/mlModels";
import styles from "./JobBar.module.css";
import { useJobActions } from "./JobList";
import { jobProgress } from "./words";

/** A thin line over the table while something runs for the project: "Pre-label tasks: 340 of 1,000 · Cancel". */
export function JobBar({ project }: { project: number }) {
  const jobs = useQuery(jobsQuery(project)).data;
  const { cancel } = useJobActions(project);
  const open = jobs?.filter(isOpen) ?? [];
  const job = open.find(({ state }) => state === "running") ?? open[0];
  if (!job) return null;
  const progress = jobProgress(job);
  const part = job.total ? Math.min(1, job.done / job.total) : 0;
  return (
    <div className={styles.bar} role="region" aria-label="Jobs" style={{ "--part": `${part * 100}%` } as React.CSSProperties}>
      <span className={styles.words}>
        {job.title}
        {progress && `: ${progress}`}
        {open.length > 1 && `, and ${open.length - 1} more`}
      </span>
      <Link to="/projects/$projectId/settings/$section" params={{ projectId: project, section: "model" }}>
        Details
      </Link>
      <Button size="small" variant="ghost" busy={cancel.isPending} onClick={() => cancel.mutate(job.id)}>
        Cancel
      </Button>
    </div>
  );
}
