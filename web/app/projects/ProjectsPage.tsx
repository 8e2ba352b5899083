import { Button, buttonClass, DropZone, EmptyState, PageDrop, Select, Skeleton, TextField, type Option } from "@labelwright/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus, Search, SearchX } from "lucide-react";
import { useCallback, useDeferredValue, useRef, useState } from "react";
import type { Project } from "../api/models";
import { projectsQuery, type ProjectOrder } from "../api/queries";
import { leaveFiles } from "../create/inbox";
import { formatCount } from "../format";
import { useCommands } from "../shell/commands";
import { Failed } from "../shell/Page";
import { useTitle } from "../shell/title";
import { DeleteProjectDialog } from "./DeleteProjectDialog";
import { ProjectCard } from "./ProjectCard";
import styles from "./ProjectsPage.module.css";

const orders: readonly Option<ProjectOrder>[] = [
  { value: "-created_at", label: "Newest first" },
  { value: "created_at", label: "Oldest first" },
  { value: "title", label: "Title A to Z" },
  { value: "-title", label: "Title Z to A" },
];

export function ProjectsPage() {
  useTitle("Projects");
  const navigate = useNavigate();
  const [words, setWords] = useState("");
  const [order, setOrder] = useState<ProjectOrder>("-created_at");
  const [doomed, setDoomed] = useState<Project | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const title = useDeferredValue(words.trim());
  const query = useInfiniteQuery(projectsQuery(title, order));

  const start = useCallback(
    (files: File[]) => {
      leaveFiles(files);
      void navigate({ to: "/projects/new" });
    },
    [navigate],
  );
  useCommands([
    { title: "New project", keys: "n", group: "Projects", run: () => start([]) },
    { title: "Search", keys: "/", group: "Projects", run: () => search.current?.focus() },
  ]);

  const projects = query.data?.pages.flatMap((page) => page.results) ?? [];
  const total = query.data?.pages[0]?.count ?? 0;
  const none = query.isSuccess && total === 0 && title === "";

  return (
    <div className={styles.page}>
      <PageDrop onFiles={start} message="Drop to start a project" />
      <div className={styles.head}>
        <h1>Projects</h1>
        {!none && (
          <div className={styles.tools}>
            <TextField
              ref={search}
              type="search"
              label="Search projects"
              hideLabel
              placeholder="Search…"
              icon={<Search />}
              value={words}
              onChange={(event) => setWords(event.target.value)}
              className={styles.search}
            />
            <Select label="Order" hideLabel options={orders} value={order} onChange={setOrder} className={styles.order} />
            <Link to="/projects/new" className={buttonClass("primary")} aria-keyshortcuts="n" data-tip="New project" data-tip-keys="n">
              <Plus /> New project
            </Link>
          </div>
        )}
      </div>

      {query.isPending && <Loading />}
      {query.isError && <Failed error={query.error} what="The list of projects" onRetry={() => void query.refetch()} />}
      {none && <FirstProject onFiles={start} />}
      {query.isSuccess && total === 0 && title !== "" && (
        <EmptyState icon={<SearchX />} title={`No project with “${title}” in its title`} actions={<Button onClick={() => setWords("")}>Show all</Button>} />
      )}
      {total > 0 && (
        <>
          <ul className={styles.grid}>
            {projects.map((project) => (
              <ProjectCard key={project.id} project={project} onDelete={() => setDoomed(project)} />
            ))}
          </ul>
          <footer className={styles.foot}>
            {query.hasNextPage ? (
              <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                Show more ({formatCount(total - projects.length)})
              </Button>
            ) : (
              <p className={styles.hint}>Drop files anywhere on this page to start a project from them.</p>
            )}
          </footer>
        </>
      )}
      {doomed && <DeleteProjectDialog project={doomed} onClose={() => setDoomed(null)} />}
    </div>
  );
}

function FirstProject({ onFiles }: { onFiles: (files: File[]) => void }) {
  return (
    <div className={styles.first}>
      <DropZone onFiles={onFiles} title="Drop your data here to start a project">
        JSON, JSONL, CSV, TSV, a text file with one item a line, or images. Click to browse.
      </DropZone>
      <p>
        No data at hand?{" "}
        <Link to="/projects/new" search={{ sample: "texts" }}>
          Start with a sample
        </Link>{" "}
        or with{" "}
        <Link to="/projects/new">an empty project</Link>.
      </p>
    </div>
  );
}

function Loading() {
  return (
    <div className={styles.grid} role="status" aria-label="Loading projects">
      {[1, 2, 3].map((n) => (
        <div key={n} className={styles.ghost}>
          <Skeleton width="60%" height={16} />
          <Skeleton width="35%" />
          <Skeleton height={6} />
        </div>
      ))}
    </div>
  );
}
