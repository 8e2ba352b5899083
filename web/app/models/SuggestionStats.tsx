import { Banner, Skeleton } from "@labelwright/ui";
import { useQuery } from "@tanstack/react-query";
import { errorText } from "../api/client";
import { isMissing, suggestionStatsQuery } from "../api/mlModels";
import { Section } from "../shell/Page";

export function SuggestionStats({ project }: { project: number }) {
  const stats = useQuery(suggestionStatsQuery(project));
  if (stats.isError && isMissing(stats.error)) return null;
  return (
    <Section title="What suggestions save">
      {stats.isPending && <Skeleton height={56} />}
      {stats.isError && <Banner tone="warn">{errorText(stats.error)}</Banner>}
    </Section>
  );
}
