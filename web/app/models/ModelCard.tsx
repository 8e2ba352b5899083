import { Button, Chip, IconButton, Menu, Select, toast } from "@labelwright/ui";
import { useMutation } from "@tanstack/react-query";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { errorText } from "../api/client";
import { modelActions, type ConnectedModel, type ModelVersion, type PredictWishes } from "../api/mlModels";
import { countOf, formatCount, fullTime, timeAgo } from "../format";
import { EditModelDialog, refreshModels } from "./ConnectModel";
import { DoctorDialog } from "./DoctorDialog";
import styles from "./Models.module.css";
import { RemoveModelDialog } from "./RemoveModelDialog";
import { connectHint, formatDuration_ms, modelState } from "./words";

interface ModelCardProps {
  model: ConnectedModel;
  versions: readonly ModelVersion[];
  /** Names of the controls that it may answer, from the config. */
  asks: readonly string[];
}

type Open = "doctor" | "edit" | "remove" | null;

/** One connected model: how it is, what it has done, what can be done with it. */
export function ModelCard({ model, versions, asks }: ModelCardProps) {
  const [open, setOpen] = useState<Open>(null);
  const { id, project } = model;
  const close = () => setOpen(null);
  const failed = (error: unknown) => toast({ message: errorText(error), tone: "danger" });
  const test = useMutation({
    mutationFn: () => modelActions.test(id),
    onSuccess: async (answer) => {
      await refreshModels(project);
      if (answer.problem) toast({ message: answer.problem, tone: "danger" });
      else toast({ message: `${model.title} answers${answer.latency_ms === null ? "" : ` in ${formatDuration_ms(answer.latency_ms)}`}.`, tone: "ok" });
    },
    onError: failed,
  });
  const predict = useMutation({
    mutationFn: (wishes: PredictWishes) => modelActions.predict(project, { ml_backend: id, ...wishes }),
    onSuccess: () => refreshModels(project),
    onError: failed,
  });
  const train = useMutation({
    mutationFn: () => modelActions.train(id),
    onSuccess: () => refreshModels(project),
    onError: failed,
  });
  const [word, tone] = modelState(model);
  const isWell = model.state !== "ER" && model.state !== "DI";
  return (
    <article className={styles.model} aria-label={model.title}>
      <header className={styles.modelHead}>
        <div className={styles.inline}>
          <h3>{model.title}</h3>
          <Chip tone={tone}>{word}</Chip>
          {model.is_interactive && <Chip>Interactive</Chip>}
        </div>
        <Menu
          label={`More of ${model.title}`}
          align="end"
          trigger={(props) => (
            <IconButton label={`More of ${model.title}`} size="small" {...props}>
              <Ellipsis />
            </IconButton>
          )}
          items={[
            { id: "edit", label: "Edit…", onSelect: () => setOpen("edit") },
            { id: "again", label: "Predict all again", onSelect: () => predict.mutate({ again: true }) },
            { id: "remove", label: "Remove…", tone: "danger", separated: true, onSelect: () => setOpen("remove") },
          ]}
        />
      </header>
      {model.description && <p className={styles.words}>{model.description}</p>}
      <code className={styles.url}>{model.url}</code>
      {!isWell && model.error_message && (
        <div className={styles.trouble}>
          <p>{model.error_message}</p>
          <p className={styles.muted}>{connectHint(model.url, model.error_message)} Labeling goes on without it.</p>
        </div>
      )}
      <dl className={styles.facts}>
        {model.latency_ms !== null && (
          <div>
            <dt>Answers in</dt>
            <dd>{formatDuration_ms(model.latency_ms)}</dd>
          </div>
        )}
        <div>
          <dt>Last check</dt>
          <dd title={fullTime(model.checked_at)}>{timeAgo(model.checked_at) || "never"}</dd>
        </div>
        <div>
          <dt>Predicted</dt>
          <dd>{countOf(model.predicted_count, "task")}</dd>
        </div>
        <div>
          <dt>Version</dt>
          <dd className={styles.mono}>{model.model_version || "not told"}</dd>
        </div>
        {asks.length > 0 && (
          <div>
            <dt>Asked about</dt>
            <dd>{asks.join(", ")}</dd>
          </div>
        )}
      </dl>
      <LiveVersion model={model} versions={versions} onFailed={failed} />
      <div className={styles.actions}>
        <Button size="small" busy={test.isPending} onClick={() => test.mutate()}>
          Test
        </Button>
        <Button size="small" onClick={() => setOpen("doctor")}>
          Doctor
        </Button>
        <Button size="small" busy={predict.isPending} onClick={() => predict.mutate({})}>
          Predict missing
        </Button>
        <Button size="small" busy={train.isPending} onClick={() => train.mutate()}>
          Train
        </Button>
      </div>
      {open === "doctor" && <DoctorDialog model={model} onClose={close} />}
      {open === "edit" && <EditModelDialog model={model} onClose={close} />}
      {open === "remove" && <RemoveModelDialog model={model} onClose={close} />}
    </article>
  );
}

const NEWEST = "";

/** Which version's predictions people see of this model; only worth asking when there are several. */
function LiveVersion({ model, versions, onFailed }: Pick<ModelCardProps, "model" | "versions"> & { onFailed: (error: unknown) => void }) {
  const live = model.live_version ?? NEWEST;
  const own = versions.filter((version) => version.ml_backend === model.id && version.version !== "");
  const set = useMutation({
    mutationFn: (version: string) => modelActions.edit(model.id, { live_version: version === NEWEST ? null : version }),
    onSuccess: () => refreshModels(model.project),
    onError: onFailed,
  });
  const names = own.map(({ version }) => version);
  if (live === NEWEST && names.length < 2) return null;
  return (
    <Select
      label="Live version"
      className={styles.short}
      value={live}
      disabled={set.isPending}
      options={[
        { value: NEWEST, label: `Newest${model.model_version ? ` (${model.model_version})` : ""}` },
        ...own.map(({ version, count }) => ({ value: version, label: `${version} (${formatCount(count)})` })),
        ...(live !== NEWEST && !names.includes(live) ? [{ value: live, label: live }] : []),
      ]}
      onChange={(version) => set.mutate(version)}
    />
  );
}
