import { Banner, Button, Checkbox, Chip, TextField, toast } from "@labelwright/ui";
import { useMutation } from "@tanstack/react-query";
import { errorText } from "../api/client";
import { modelActions, type Models, type ModelSettingsFields, type TrainingRun } from "../api/mlModels";
import { formatCount, fullTime, timeAgo } from "../format";
import { Section } from "../shell/Page";
import { SaveBar } from "../shell/SaveBar";
import { useDraft } from "../shell/useDraft";
import { refreshModels } from "./ConnectModel";
import styles from "./Models.module.css";
import { useModelSettings } from "./SuggestionSettings";
import { formatPercent, runReasons, runState } from "./words";

type Rule = Pick<ModelSettingsFields, "train_every" | "train_at_least" | "goes_live_if_better">;

/** When connected models are trained, and what became of it. */
export function TrainingSection({ project, models }: { project: number; models: Models }) {
  return (
    <>
      <RuleForm project={project} models={models} />
      <Section title="Trainings">
        {models.runs.length === 0 ? (
          <p className={styles.muted}>None yet. A model is trained by the rule above, or with “Train” at the model.</p>
        ) : (
          <ul className={styles.jobs}>
            {models.runs.map((run) => (
              <li key={run.id}>
                <Run run={run} project={project} title={models.backends.find(({ id }) => id === run.ml_backend)?.title ?? "Built-in model"} />
              </li>
            ))}
          </ul>
        )}
      </Section>
    </>
  );
}

function RuleForm({ project, models }: { project: number; models: Models }) {
  const draft = useDraft<Rule>(models);
  const { value, set } = draft;
  const save = useModelSettings(project, () => {
    draft.reset();
    toast({ message: "Saved.", tone: "ok" });
  });
  const every = Number.isNaN(value.train_every) ? 0 : value.train_every;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(draft.changed);
      }}
    >
      <Section title="Training rule" intro="Connected models are told of every answer. This asks them to train as well." footer={<SaveBar isDirty={draft.isDirty} busy={save.isPending} onReset={draft.reset} />}>
        <div className={styles.pair}>
          <TextField
            label="Train after so many new answers"
            type="number"
            min={0}
            max={1000000}
            step={1}
            required
            value={Number.isNaN(value.train_every) ? "" : value.train_every}
            description={every > 0 ? "0: never by itself." : "0: never by itself. 50 is a good start."}
            onChange={(event) => set("train_every", event.target.valueAsNumber)}
          />
          <TextField
            label="But not before there are"
            type="number"
            min={0}
            max={1000000}
            step={1}
            required
            disabled={every === 0}
            value={Number.isNaN(value.train_at_least) ? "" : value.train_at_least}
            description="Answers in the whole project."
            onChange={(event) => set("train_at_least", event.target.valueAsNumber)}
          />
        </div>
        <Checkbox
          label="A new version goes live only if it is better"
          description="Both versions predict the labels that are held out; the better one is shown. Off: the newest is always live."
          checked={value.goes_live_if_better}
          onChange={(on) => set("goes_live_if_better", on)}
        />
        {save.isError && <Banner tone="danger">{errorText(save.error)}</Banner>}
      </Section>
    </form>
  );
}

function Run({ run, project, title }: { run: TrainingRun; project: number; title: string }) {
  const [word, tone] = runState(run);
  const use = useMutation({
    mutationFn: () => modelActions.useRun(run.id),
    onSuccess: () => refreshModels(project),
    onError: (error) => toast({ message: errorText(error), tone: "danger" }),
  });
  const mayUse = run.state === "done" && !run.is_live && run.version_after && run.ml_backend !== null;
  return (
    <div className={styles.job}>
      <div className={styles.jobHead}>
        <strong>{title}</strong>
        <Chip tone={tone}>{word}</Chip>
        {run.is_live && <Chip tone="ok">Live</Chip>}
        <span className={styles.muted}>
          {formatCount(run.label_count)} answers, {runReasons[run.reason] ?? run.reason}
        </span>
        <span className={styles.push} />
        <time className={styles.muted} dateTime={run.created_at} title={fullTime(run.created_at)}>
          {timeAgo(run.created_at)}
        </time>
        {mayUse && (
          <Button size="small" busy={use.isPending} aria-label={`Use ${run.version_after} anyway`} onClick={() => use.mutate()}>
            Use anyway
          </Button>
        )}
      </div>
      <dl className={styles.facts}>
        <div>
          <dt>Version</dt>
          <dd className={styles.mono}>{change(run.version_before, run.version_after, "none")}</dd>
        </div>
        <div>
          <dt>On held-out labels</dt>
          <dd>{change(score(run.score_before), score(run.score_after), "not measured")}</dd>
        </div>
      </dl>
      {run.log && (
        <details className={styles.more} open={run.state === "failed" || undefined}>
          <summary>Log</summary>
          <pre className={styles.code} tabIndex={0} aria-label={`Log of ${title}`}>
            {run.log}
          </pre>
        </details>
      )}
    </div>
  );
}

const score = (part: number | null) => (part === null ? null : formatPercent(part, 1));

/** What it was and what it became; only one of them when nothing was before or came of it. */
function change(before: string | null, after: string | null, neither: string): string {
  if (before && after && before !== after) return `${before} → ${after}`;
  return after || before || neither;
}
