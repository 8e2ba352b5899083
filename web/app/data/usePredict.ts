import { toast } from "@labelwright/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { errorText } from "../api/client";
import { isOpen, jobsQuery, modelActions, modelsQuery } from "../api/mlModels";
import { invalidate } from "../api/queries";
import type { TaskQuery } from "./filter";
import { useFinishedJobs } from "../models/useFinishedJobs";
import { selectedItems, type Selection } from "./selection";

/** Asks the connected models about the ticked tasks; `run` is undefined where no model is connected. */
export function usePredict(project: number, query: TaskQuery, selection: Selection, onStarted: () => void) {
  const jobs = useQuery(jobsQuery(project)).data;
  useFinishedJobs(project, jobs);
  const isSelecting = selection.all || selection.ids.size > 0;
  const models = useQuery({ ...modelsQuery(project), enabled: isSelecting, refetchInterval: false });
  const predict = useMutation({
    mutationFn: () => modelActions.predict(project, { selectedItems: selectedItems(selection), filters: query.filters ?? { conjunction: "and", items: [] } }),
    onSuccess: async () => {
      onStarted();
      await invalidate(["jobs", project], ["models", project]);
    },
    onError: (error) => toast({ message: errorText(error), tone: "danger" }),
  });
  return {
    run: models.data && models.data.backends.length > 0 ? () => predict.mutate() : undefined,
    isBusy: predict.isPending,
    hasJobs: jobs?.some(isOpen) ?? false,
  };
}
