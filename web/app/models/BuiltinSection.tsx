import { Banner, Button, Chip, ProgressBar, Skeleton, Switch, toast } from "@labelwright/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { errorText } from "../api/client";
import { builtinModelQuery, isOpen, modelActions, type BuiltinModel, type ControlReport, type Job } from "../api/mlModels";
import { queryClient } from "../api/queries";
import { countOf, fullTime, timeAgo } from "../format";
import { Section } from "../shell/Page";
import { refreshModels } from "./ConnectModel";
import { JobLine } from "./JobList";
import { LearningCurve, metricName, metricValue } from "./LearningCurve";
import styles from "./Models.module.css";
import { builtinProgress } from "./words";

function useBuiltin(project: number) {
  const model = useQuery(builtinModelQuery(project));
  const take = async (answer: BuiltinModel) => {
    queryClient.setQueryData(builtinModelQuery(project).queryKey, answer);
    await refreshModels(project);
  };
  const failed = (error: unknown) => toast({ message: errorText(error), tone: "danger" });
  const set = useMutation({ mutationFn: (patch: Parameters<typeof modelActions.setBuiltin>[1]) => modelActions.setBuiltin(project, patch), onSuccess: take, onError: failed });
  const train = useMutation({ mutationFn: () => modelActions.trainBuiltin(project), onSuccess: take, onError: failed });
  return { model, set, train };
}

const TITLE = "Suggest labels as I work";
const WHAT = "The server learns from your answers by itself and suggests the rest. Nothing to install or run, and nothing leaves this server.";

/** The offer, for a project that has no model of any kind yet. */
export function BuiltinCard({ project }: { project: number }) {
  const { model, set } = useBuiltin(project);
  return (
    <section className={styles.choice} aria-labelledby="builtin-model">
      <h2 id="builtin-model">Suggest as I work</h2>
      <p className={styles.muted}>{WHAT}</p>
      {model.isPending ? (
        <Skeleton height={20} />
      ) : model.isError ? (
        <Banner tone="warn">{errorText(model.error)}</Banner>
      ) : (
        <>
          <Switch
            label={TITLE}
            description={`Learns after ${countOf(model.data.label_count + model.data.needs || 20, "answer")}, and again as more come in.`}
            checked={model.data.is_on}
            disabled={!model.data.can_learn || set.isPending}
            onChange={(is_on) => set.mutate({ is_on })}
          />
          <Reason model={model.data} />
        </>
      )}
    </section>
  );
}

/** Why it cannot learn this project, and that a model of one's own could. */
function Reason({ model: { can_learn, reason } }: { model: BuiltinModel }) {
  return can_learn || !reason ? null : <p className={styles.notice}>{reason}</p>;
}

export function BuiltinSection({ project, jobs }: { project: number; jobs: readonly Job[] }) {
  const { model, set, train } = useBuiltin(project);
  if (model.isPending) return <Section title={TITLE}><Skeleton height={64} /></Section>;
  if (model.isError) return <Section title={TITLE}><Banner tone="warn" actions={<Button size="small" onClick={() => void model.refetch()}>Try again</Button>}>{errorText(model.error)}</Banner></Section>;
  const now = model.data;
  const job = jobs.find(({ id }) => id === now.job);
  const isLearning = job !== undefined && isOpen(job);
  const progress = builtinProgress(now);
  return (
    <Section title={TITLE} intro={WHAT}>
      <Switch
        label="On"
        description={now.is_on ? "Switched off, its suggestions go; answers stay." : "Learns after some 20 answers, and again as more come in."}
        checked={now.is_on}
        disabled={(!now.can_learn && !now.is_on) || set.isPending}
        onChange={(is_on) => set.mutate({ is_on })}
      />
      <Reason model={now} />
      {now.is_on && (
        <>
          {isLearning ? (
            <JobLine job={job} project={project} />
          ) : (
            progress && (
              <div className={styles.stack}>
                <p>
                  {now.version === 0 ? "First training" : "Next training"}: <strong>{progress.words}</strong>
                </p>
                <ProgressBar label="Labels before the next training" value={progress.value} max={progress.max} valueText={progress.words} />
              </div>
            )
          )}
          {now.message && <p className={styles.notice}>{now.message}</p>}
          {now.version > 0 && <Learned model={now} />}
          <Switch
            label="Least certain tasks first"
            description="Orders the queue so that each answer teaches the model most. Off: the project's own order."
            checked={now.orders_queue}
            disabled={set.isPending}
            onChange={(orders_queue) => set.mutate({ orders_queue })}
          />
          <div className={styles.actions}>
            <Button size="small" busy={train.isPending} disabled={isLearning || now.label_count === 0} onClick={() => train.mutate()}>
              Train now
            </Button>
          </div>
        </>
      )}
    </Section>
  );
}

function Learned({ model: { version, trained_label_count, report, updated_at } }: { model: BuiltinModel }) {
  const controls = report?.controls ?? [];
  return (
    <div className={styles.stack}>
      <p className={styles.muted}>
        Version {version}, learned from {countOf(trained_label_count, "answer")}
        {updated_at && (
          <>
            , <time dateTime={updated_at} title={fullTime(updated_at)}>{timeAgo(updated_at)}</time>
          </>
        )}
        .
      </p>
      {report?.advice && <Banner tone={report.should_stop ? "ok" : "info"}>{report.advice}</Banner>}
      {report?.warnings?.map((warning) => (
        <Banner key={warning} tone="warn">
          {warning}
        </Banner>
      ))}
      {controls.map((control) => (
        <Control key={control.control} report={control} isOnly={controls.length === 1} hasAdvice={report?.advice === control.advice} />
      ))}
      {report?.left_out?.map(({ control, reason }) => (
        <p key={control} className={styles.muted}>
          <strong>{control}</strong> is not learned: {reason}
        </p>
      ))}
    </div>
  );
}

function Control({ report, isOnly, hasAdvice }: { report: ControlReport; isOnly: boolean; hasAdvice: boolean }) {
  const main = report.metrics?.[0];
  return (
    <section className={styles.block}>
      <h3 className={styles.inline}>
        {report.control}
        {report.should_stop && <Chip tone="ok">More labels hardly help</Chip>}
      </h3>
      {!report.is_learned && report.reason && <p className={styles.muted}>{report.reason}</p>}
      {report.is_learned && main && (
        <p>
          {metricName(main.metric)}: <strong>{metricValue(main.metric, main.value)}</strong>{" "}
          <span className={styles.muted}>
            ({metricValue(main.metric, main.low)} to {metricValue(main.metric, main.high)}, on {countOf(main.n, "task")} it did not learn from)
          </span>
        </p>
      )}
      <LearningCurve report={report} />
      {!isOnly && !hasAdvice && report.advice && <p className={styles.muted}>{report.advice}</p>}
      {report.unseen_labels && report.unseen_labels.length > 0 && <p className={styles.muted}>Never suggested, since no answer has them yet: {report.unseen_labels.join(", ")}.</p>}
    </section>
  );
}
