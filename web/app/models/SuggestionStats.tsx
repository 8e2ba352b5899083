import { Banner, Button, Skeleton } from "@labelwright/ui";
import { useQuery } from "@tanstack/react-query";
import { errorText } from "../api/client";
import { suggestionStatsQuery, type Acceptance, type SuggestionStats as Stats } from "../api/mlModels";
import { countOf } from "../format";
import { Section } from "../shell/Page";
import styles from "./Models.module.css";
import { formatPercent, formatSeconds, savingWords } from "./words";

/** How often suggestions are accepted and what they save, each figure with what it rests on. */
export function SuggestionStats({ project }: { project: number }) {
  const stats = useQuery(suggestionStatsQuery(project));
  return (
    <Section title="What suggestions save">
      {stats.isPending ? (
        <Skeleton height={56} />
      ) : stats.isError ? (
        <Banner tone="warn" actions={<Button size="small" onClick={() => void stats.refetch()}>Try again</Button>}>
          {errorText(stats.error)}
        </Banner>
      ) : stats.data.shown === 0 ? (
        <p className={styles.muted}>Nothing to measure yet: nobody has answered a task whose suggestion was shown.</p>
      ) : (
        <Figures stats={stats.data} />
      )}
    </Section>
  );
}

function Figures({ stats }: { stats: Stats }) {
  const { times } = stats;
  const saving = savingWords(stats);
  return (
    <>
      <dl className={styles.numbers}>
        <Figure value={rate(stats)} name="accepted as they are" basis={`of ${countOf(stats.shown, "suggestion")}${between(stats.acceptance_interval)}`} />
        <Figure value={stats.mean_edits === null ? "–" : stats.mean_edits.toFixed(1)} name="corrections per task" basis={`over ${countOf(stats.compared, "answer")}`} />
        <Figure value={formatSeconds(times.with_median_s)} name="per task with a suggestion" basis={`median of ${countOf(times.with_n, "answer")}`} />
        <Figure value={formatSeconds(times.without_median_s)} name="per task without" basis={`median of ${countOf(times.without_n, "answer")}`} />
      </dl>
      <p className={saving.isMeasured ? undefined : styles.muted}>{saving.words}</p>
      {stats.by_version.length > 1 && <Versions versions={stats.by_version} />}
    </>
  );
}

function Figure({ value, name, basis }: { value: string; name: string; basis: string }) {
  return (
    <div className={styles.number}>
      <dt>{name}</dt>
      <dd className={styles.value}>{value}</dd>
      <dd className={styles.muted}>{basis}</dd>
    </div>
  );
}

function Versions({ versions }: { versions: Stats["by_version"] }) {
  return (
    <details className={styles.more}>
      <summary>By version</summary>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Accepted</th>
            <th scope="col">Corrections</th>
            <th scope="col">Suggestions</th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version) => (
            <tr key={version.version}>
              <th scope="row" className={styles.mono}>
                {version.version || "no name"}
              </th>
              <td>{rate(version)}</td>
              <td>{version.mean_edits === null ? "–" : version.mean_edits.toFixed(1)}</td>
              <td>{version.shown}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

const rate = ({ acceptance_rate }: Acceptance) => (acceptance_rate === null ? "–" : formatPercent(acceptance_rate));

const between = (interval: Acceptance["acceptance_interval"]) => (interval ? `, ${formatPercent(interval.low)} to ${formatPercent(interval.high)}` : "");
