import { Button, Skeleton, buttonClass } from "@labelwright/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { builtinModelQuery, isOpen, modelsQuery, type Models } from "../api/mlModels";
import type { Project } from "../api/models";
import { Failed, Page, Section } from "../shell/Page";
import { BuiltinCard, BuiltinSection } from "./BuiltinSection";
import { ConnectCard, ConnectDialog } from "./ConnectModel";
import { JobSection } from "./JobList";
import { ModelCard } from "./ModelCard";
import styles from "./Models.module.css";
import { SuggestionSettings } from "./SuggestionSettings";
import { SuggestionStats } from "./SuggestionStats";
import { TrainingSection } from "./TrainingSection";
import { useFinishedJobs } from "./useFinishedJobs";

/** Models of a project: connected ones, the built-in one, what people see of them and what they save. */
export function ModelSettings({ project }: { project: Project }) {
  const models = useQuery(modelsQuery(project.id));
  const builtin = useQuery(builtinModelQuery(project.id));
  if (models.isError && !models.data) return <Failed error={models.error} what="The models" onRetry={() => void models.refetch()} />;
  return (
    <Page
      title="Model"
      intro="A model suggests answers; people accept or correct them."
      actions={
        models.data && models.data.versions.some(({ count }) => count > 0) ? (
          <Link to="/projects/$projectId/label" params={{ projectId: project.id }} className={buttonClass("primary")}>
            Label
          </Link>
        ) : null
      }
    >
      {models.data && !builtin.isPending ? (
        <Loaded project={project} models={models.data} isBuiltinOn={builtin.data?.is_on ?? false} />
      ) : (
        <div role="status" aria-label="Loading the models">
          <Skeleton height={320} />
        </div>
      )}
    </Page>
  );
}

function Loaded({ project, models, isBuiltinOn }: { project: Project; models: Models; isBuiltinOn: boolean }) {
  const [isConnecting, setIsConnecting] = useState(false);
  useFinishedJobs(project.id, models.jobs);
  const { id } = project;
  const { backends, jobs } = models;
  const hasPredictions = models.versions.some(({ count }) => count > 0);
  const isEmpty = backends.length === 0 && !isBuiltinOn;
  const hasNews = jobs.some(isOpen) || jobs[0]?.state === "failed";
  const asks = Object.keys(project.parsed_label_config);
  return (
    <>
      {isEmpty && (
        <div className={styles.choices}>
          <ConnectCard project={id} />
          <BuiltinCard project={id} />
        </div>
      )}
      {hasNews && <JobSection project={id} jobs={jobs} />}
      {backends.length > 0 && (
        <Section
          title="Connected models"
          footer={
            <Button size="small" icon={<Plus />} onClick={() => setIsConnecting(true)}>
              Connect another model
            </Button>
          }
        >
          <div className={styles.list}>
            {backends.map((model) => (
              <ModelCard key={model.id} model={model} versions={models.versions} asks={asks} />
            ))}
          </div>
        </Section>
      )}
      {!isEmpty && <BuiltinSection project={id} jobs={jobs} />}
      {!isEmpty && backends.length === 0 && (
        <Section title="Connected models" intro="A model of your own beside the built-in one.">
          <div className={styles.actions}>
            <Button icon={<Plus />} onClick={() => setIsConnecting(true)}>
              Connect a model
            </Button>
          </div>
        </Section>
      )}
      {(!isEmpty || hasPredictions) && (
        <>
          <SuggestionSettings project={id} models={models} />
          <SuggestionStats project={id} />
        </>
      )}
      {backends.length > 0 && <TrainingSection project={id} models={models} />}
      {!hasNews && jobs.length > 0 && <JobSection project={id} jobs={jobs} />}
      {isConnecting && <ConnectDialog project={id} onClose={() => setIsConnecting(false)} />}
    </>
  );
}
