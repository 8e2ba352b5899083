/**
 * What happens to the predictions on the screen. An accepted one vanishes at once; if the server refuses it, it comes back (the
 * server could not be reached) or stays away with its reason (somebody else has answered).
 */
import { toast } from "@labelwright/ui";
import { useCallback, useEffect, useRef, useState } from "react";
import { errorText } from "../api/client";
import { invalidate, queryClient } from "../api/queries";
import { acceptPredictions, newBatch, undoBatch, type AcceptRequest, type SkimSummary } from "./skimQuery";

export interface Done {
  readonly batch: string;
  readonly count: number;
  /** When, for the clock of the chip. */
  readonly at: number;
}

/** By project: what was left out since the page was loaded. Stays while a task is opened and left again. */
const leftOutBefore = new Map<number, ReadonlySet<number>>();

/** More than this in front of one task is a pause. */
const LONGEST_LOOK_S = 120;
const COUNT_AFTER_MS = 3000;

export function useSkim(project: number, onChanged: () => void) {
  const [accepted, setAccepted] = useState<ReadonlySet<number>>(new Set());
  const [leftOut, setLeftOut] = useState<ReadonlySet<number>>(() => leftOutBefore.get(project) ?? new Set());
  const [done, setDone] = useState<Done | null>(null);
  const [count, setCount] = useState(0);
  const since = useRef(performance.now());

  const hide = useCallback((id: number) => setAccepted((now) => new Set([...now, id])), []);
  const show = useCallback((id: number) => setAccepted((now) => new Set([...now].filter((other) => other !== id))), []);
  const look_s = useCallback(() => {
    const passed = (performance.now() - since.current) / 1000;
    since.current = performance.now();
    return Math.min(passed, LONGEST_LOOK_S);
  }, []);

  const changed = useCallback(() => {
    void invalidate(["skim-summary", project], ["project", project], ["tasks", project]);
  }, [project]);
  // Counting is dear: not after each of many, but once they are through.
  const soon = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(soon.current), []);
  const changedByOne = useCallback(() => {
    queryClient.setQueriesData<SkimSummary>({ queryKey: ["skim-summary", project] }, (now) => now && { ...now, total: Math.max(0, now.total - 1) });
    clearTimeout(soon.current);
    soon.current = setTimeout(changed, COUNT_AFTER_MS);
  }, [project, changed]);

  const accept = useCallback(
    async (id: number) => {
      hide(id);
      const batch = newBatch();
      try {
        const answer = await acceptPredictions(project, { predictions: [id], batch, lead_time: look_s() });
        const refused = answer.refused[0];
        if (refused) toast({ message: refused.reason, tone: "danger" });
        else {
          setDone({ batch, count: 1, at: Date.now() });
          setCount((now) => now + 1);
        }
        changedByOne();
      } catch (error) {
        show(id);
        toast({ message: errorText(error), tone: "danger" });
      }
    },
    [project, hide, show, look_s, changedByOne],
  );

  /** Rejects with the reason. */
  const acceptAbove = useCallback(
    async (request: Pick<AcceptRequest, "above" | "version" | "label">) => {
      const batch = newBatch();
      const answer = await acceptPredictions(project, { ...request, batch, lead_time: look_s() });
      setDone(answer.added > 0 ? { batch, count: answer.added, at: Date.now() } : null);
      setCount((now) => now + answer.added);
      if (answer.refused.length > 0) toast(`${answer.refused.length} were answered by others meanwhile.`);
      if (answer.more) toast(`Accepted ${answer.added}. There are more: accept again to go on.`);
      changed();
      onChanged();
    },
    [project, look_s, changed, onChanged],
  );

  const undo = useCallback(
    async (batch?: string) => {
      setDone(null);
      try {
        const answer = await undoBatch(project, batch);
        const kept = answer.kept > 0 ? ` ${answer.kept} stay: they were changed since.` : "";
        toast(answer.batch === null ? "There is nothing to take back." : `Took back ${answer.removed}.${kept}`);
        setCount((now) => Math.max(0, now - answer.removed));
        setAccepted(new Set());
        changed();
        onChanged();
      } catch (error) {
        toast({ message: errorText(error), tone: "danger" });
      }
    },
    [project, changed, onChanged],
  );

  const leave = (ids: ReadonlySet<number>) => {
    leftOutBefore.set(project, ids);
    setLeftOut(ids);
  };
  return {
    accepted,
    leftOut,
    done,
    count,
    accept,
    acceptAbove,
    undo,
    leaveOut: (id: number) => leave(new Set([...leftOut, id])),
    bringBack: () => leave(new Set()),
  };
}
