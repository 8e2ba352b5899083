import { useEffect, useRef } from "react";
import { isOpen, type Job } from "../api/mlModels";
import { invalidate } from "../api/queries";

/** When the last open job has ended, what it wrote is read: counts, the built-in model, the table of tasks. */
export function useFinishedJobs(project: number, jobs: readonly Job[] | undefined): void {
  const wasRunning = useRef(false);
  const isRunning = jobs?.some(isOpen) ?? false;
  useEffect(() => {
    if (wasRunning.current && !isRunning) {
      void invalidate(["models", project], ["builtin-model", project], ["suggestion-stats", project], ["tasks", project], ["project", project], ["columns", project]);
    }
    wasRunning.current = isRunning;
  }, [isRunning, project]);
}
