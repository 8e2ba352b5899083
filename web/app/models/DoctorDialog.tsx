import { Banner, Button, Dialog, Spinner } from "@labelwright/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check, X } from "lucide-react";
import { errorText } from "../api/client";
import { modelActions, type ConnectedModel, type DoctorAnswer } from "../api/mlModels";
import styles from "./Models.module.css";
import { formatDuration_ms } from "./words";

const stepTitles: Readonly<Record<DoctorAnswer["steps"][number]["name"], string>> = {
  connect: "Reach it",
  health: "Is it up?",
  setup: "Show it the interface",
  predict: "Send it a task",
  check: "Does the answer fit?",
};

/** Sends one task to the model, step by step, and explains in words what does not fit. */
export function DoctorDialog({ model, onClose }: { model: ConnectedModel; onClose: () => void }) {
  const found = useQuery({
    queryKey: ["doctor", model.id],
    queryFn: () => modelActions.examine(model.id),
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
  return (
    <Dialog
      title={`Doctor: ${model.title}`}
      size="large"
      onClose={onClose}
      footer={
        <>
          <Button busy={found.isFetching} onClick={() => void found.refetch()}>
            Examine again
          </Button>
          <Button variant="primary" onClick={onClose} data-autofocus>
            Close
          </Button>
        </>
      }
    >
      {found.isFetching ? (
        <p className={styles.waiting} role="status">
          <Spinner /> Sending one task to {model.url}
        </p>
      ) : found.isError ? (
        <Banner tone="danger">{errorText(found.error)}</Banner>
      ) : (
        found.data && <Findings answer={found.data} project={model.project} />
      )}
    </Dialog>
  );
}

function Findings({ answer: { steps, task, prediction, problems }, project }: { answer: DoctorAnswer; project: number }) {
  const faults = problems.filter(({ place }) => place !== "note");
  const notes = problems.filter(({ place }) => place === "note");
  const isWell = steps.every(({ is_ok }) => is_ok) && faults.length === 0;
  return (
    <>
      {isWell && <Banner tone="ok">All is well: what it predicts fits the interface.</Banner>}
      <ol className={styles.steps}>
        {steps.map((step) => (
          <li key={step.name} className={styles.step}>
            <span className={step.is_ok ? styles.good : styles.bad}>
              {step.is_ok ? <Check aria-hidden /> : <X aria-hidden />}
              <span className="visually-hidden">{step.is_ok ? "Works: " : "Fails: "}</span>
            </span>
            <div className={styles.grow}>
              <strong>{stepTitles[step.name] ?? step.name}</strong>
              <p className={styles.words}>{step.words}</p>
            </div>
            {step.ms !== null && <span className={styles.muted}>{formatDuration_ms(step.ms)}</span>}
          </li>
        ))}
      </ol>
      {faults.length > 0 && (
        <section className={styles.block}>
          <h3>What does not fit</h3>
          <Problems problems={faults} />
        </section>
      )}
      {notes.length > 0 && (
        <section className={styles.block}>
          <h3>Worth knowing</h3>
          <Problems problems={notes} />
        </section>
      )}
      {prediction !== null && prediction !== undefined && (
        <section className={styles.block}>
          <h3>
            Its answer
            {task !== null && (
              <>
                {" "}
                to{" "}
                <Link to="/projects/$projectId/data" params={{ projectId: project }} search={{ task }}>
                  task {task}
                </Link>
              </>
            )}
          </h3>
          <pre className={styles.code} tabIndex={0} aria-label="Prediction">
            {JSON.stringify(prediction, null, 2)}
          </pre>
        </section>
      )}
    </>
  );
}

function Problems({ problems }: Pick<DoctorAnswer, "problems">) {
  return (
    <ul className={styles.problems}>
      {problems.map(({ place, reason, hint }, index) => (
        <li key={index}>
          {place && place !== "note" && <code>{place}</code>} <span>{reason}</span>
          {hint && <p className={styles.muted}>{hint}</p>}
        </li>
      ))}
    </ul>
  );
}
