import { Select, Switch, toast } from "@labelwright/ui";
import { useMutation } from "@tanstack/react-query";
import { errorText } from "../api/client";
import { modelActions, modelsQuery, type Models, type ModelSettingsFields } from "../api/mlModels";
import { invalidate, queryClient } from "../api/queries";
import { Section } from "../shell/Page";
import styles from "./Models.module.css";
import { versionOptions } from "./words";

const WITHHELD = [0, 5, 10, 20, 30, 50];

/** Changes settings at once, and shows what the server made of them. */
export function useModelSettings(project: number, onSaved?: () => void) {
  return useMutation({
    mutationFn: (patch: Partial<ModelSettingsFields>) => modelActions.set(project, patch),
    onSuccess: async (models) => {
      queryClient.setQueryData(modelsQuery(project).queryKey, models);
      onSaved?.();
      await invalidate(["project", project], ["tasks", project], ["jobs", project]);
    },
    onError: (error) => toast({ message: errorText(error), tone: "danger" }),
  });
}

/** What people see of the models' answers. */
export function SuggestionSettings({ project, models }: { project: number; models: Models }) {
  const set = useModelSettings(project);
  // What was pressed stands at once, and goes back if the server refuses.
  const shown = set.isPending ? { ...models, ...set.variables } : models;
  const shares = [...new Set([...WITHHELD, shown.withheld_percent])].sort((a, b) => a - b);
  return (
    <Section title="Suggestions">
      <Switch
        label="Show predictions"
        description="People see what the model says, and accept or change it."
        checked={shown.show_predictions}
        onChange={(show_predictions) => set.mutate({ show_predictions })}
      />
      <Switch
        label="Pre-label new tasks automatically"
        description="Right after an import, in the background. Nobody waits for it."
        checked={shown.prelabel_automatically}
        onChange={(prelabel_automatically) => set.mutate({ prelabel_automatically })}
      />
      <div className={styles.pair}>
        <Select
          label="Shown version"
          value={shown.shown_version ?? ""}
          options={versionOptions(models.versions, models.backends, shown.shown_version)}
          description="Whose predictions people see."
          onChange={(shown_version) => set.mutate({ shown_version })}
        />
        <Select
          label="Tasks without a suggestion"
          value={String(shown.withheld_percent)}
          options={shares.map((percent) => ({ value: String(percent), label: percent === 0 ? "None" : `${percent} % of the tasks` }))}
          description="A small share is labeled without help, so that the saving is measured, not assumed."
          onChange={(percent) => set.mutate({ withheld_percent: Number(percent) })}
        />
      </div>
    </Section>
  );
}
