import { Button, buttonClass, cx, EmptyState, KeyCap, Select, Skeleton } from "@labelwright/ui";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Check, CheckCheck, EyeOff, PencilLine, Sparkles, Undo2 } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { Project } from "../api/models";
import { projectQuery, queryClient } from "../api/queries";
import { labelColors } from "../data/answers";
import { formatCount, timeAgo } from "../format";
import { useCommands } from "../shell/commands";
import { Failed } from "../shell/Page";
import { useTitle } from "../shell/title";
import { AcceptAbove } from "./AcceptAbove";
import { Card } from "./Card";
import styles from "./Skim.module.css";
import { skimQuery, summaryQuery, type SkimOrder, type SkimSummary, type SkimTask, type Which } from "./skimQuery";
import { useSkim, type Done } from "./useSkim";

const route = getRouteApi("/shell/projects/$projectId/skim");

/** A grid of predicted tasks, the most confident first: accept with one key, send to full labeling with another. */
export function SkimPage() {
  const { projectId } = route.useParams();
  const { version, label, order } = route.useSearch();
  const which = useMemo(() => ({ version, label }), [version, label]);
  return <Skim key={projectId} projectId={projectId} which={which} order={order === "uncertain" ? "uncertain" : "confident"} />;
}

function Skim({ projectId, which, order }: { projectId: number; which: Which; order: SkimOrder }) {
  const navigate = route.useNavigate();
  const project = useQuery(projectQuery(projectId));
  const summary = useQuery(summaryQuery(projectId, which.version));
  const list = useInfiniteQuery(skimQuery(projectId, which, order));
  const [isAsking, setAsking] = useState(false);
  const [active, setActive] = useState(0);
  const focusWanted = useRef(true);
  useTitle(project.data && `Skim ${project.data.title}`);

  const reload = useCallback(() => {
    focusWanted.current = true;
    void queryClient.resetQueries({ queryKey: ["skim", projectId] });
  }, [projectId]);
  const skim = useSkim(projectId, reload);
  const { accepted, leftOut } = skim;
  const tasks = useMemo(
    () => (list.data?.pages ?? []).flatMap((page) => page.tasks).filter(({ prediction }) => !accepted.has(prediction.id) && !leftOut.has(prediction.id)),
    [list.data, accepted, leftOut],
  );
  const current = Math.max(0, Math.min(active, tasks.length - 1));
  const task = tasks[current];
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError && tasks.length - current < 40) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, tasks.length, current]);

  const open = (one: SkimTask | undefined) => {
    if (one) void navigate({ to: "/projects/$projectId/data", params: { projectId }, search: { task: one.id, from: "skim" } });
  };
  const acceptCurrent = () => {
    if (!task) return;
    focusWanted.current = true;
    void skim.accept(task.prediction.id);
  };
  const leaveOut = () => {
    if (!task) return;
    focusWanted.current = true;
    skim.leaveOut(task.prediction.id);
  };
  const undo = () => void skim.undo(skim.done?.batch); // without one the server knows which was last
  useCommands([
    { title: "Accept", keys: "a", group: "Skim", run: acceptCurrent },
    { title: "Open in full labeling", keys: "e", group: "Skim", run: () => open(task) },
    { title: "Leave out", keys: "x", group: "Skim", run: leaveOut },
    { title: "Accept all above a score", keys: "shift+a", group: "Skim", run: () => setAsking(true) },
    { title: "Take back what was accepted last", keys: "mod+z", group: "Skim", run: undo },
  ]);

  const colors = useMemo(() => labelColors(project.data?.parsed_label_config), [project.data]);
  const controls = project.data?.parsed_label_config ?? {};
  const go = (search: Partial<{ version: string | undefined; label: string | undefined; order: string | undefined }>) => {
    focusWanted.current = false;
    setActive(0);
    void navigate({ search: (now) => ({ ...now, ...search }), replace: true });
  };

  if (project.isError) return <Failed error={project.error} what="This project" onRetry={() => void project.refetch()} />;
  const isLoading = list.isPending || project.isPending;
  const left = hasNextPage ? Math.max(tasks.length, (summary.data?.total ?? 0) - leftOut.size) : tasks.length;
  return (
    <div className={styles.view}>
      <h1 className="visually-hidden">Skim suggestions of {project.data?.title}</h1>
      <Toolbar which={which} order={order} summary={summary.data} shownVersion={list.data?.pages[0]?.version} onChange={go} onAcceptAbove={() => setAsking(true)} />
      {list.isError && !list.data ? (
        <Failed error={list.error} what="The list of suggestions" onRetry={() => void list.refetch()} />
      ) : isLoading ? (
        <Loading />
      ) : tasks.length === 0 && !hasNextPage ? (
        <Nothing project={project.data} which={which} summary={summary.data} count={skim.count} leftOut={leftOut.size} onShowAll={() => go({ label: undefined })} onBringBack={skim.bringBack} />
      ) : (
        <Grid
          tasks={tasks}
          total={left}
          hasMore={hasNextPage}
          active={current}
          setActive={setActive}
          focusWanted={focusWanted}
          onAccept={acceptCurrent}
          card={(one, index) => (
            <Card
              key={one.prediction.id}
              task={one}
              controls={controls}
              colors={colors}
              index={index}
              total={left}
              active={index === current}
              onFocus={() => setActive(index)}
              onOpen={() => open(one)}
            />
          )}
        />
      )}
      {isFetchNextPageError && (
        <div className={styles.more} role="alert">
          More suggestions could not be loaded. <Button size="small" onClick={() => void fetchNextPage()}>Try again</Button>
        </div>
      )}
      <div className={styles.bottom}>
        <div className={styles.actions}>
          <Button variant="primary" icon={<Check />} keys="a" disabled={!task} onClick={acceptCurrent}>
            Accept
          </Button>
          <Button icon={<PencilLine />} keys="e" disabled={!task} onClick={() => open(task)}>
            Label
          </Button>
          <Button icon={<EyeOff />} keys="x" disabled={!task} onClick={leaveOut}>
            Leave out
          </Button>
        </div>
        <UndoBar count={skim.count} done={skim.done} summary={summary.data} onUndo={undo} />
      </div>
      {isAsking && (
        <AcceptAbove
          projectId={projectId}
          which={{ ...which, version: which.version ?? list.data?.pages[0]?.version }}
          summary={summary.data}
          controls={controls}
          colors={colors}
          onAccept={(above) => skim.acceptAbove({ above, version: which.version ?? list.data?.pages[0]?.version, label: which.label })}
          onClose={() => {
            focusWanted.current = true;
            setAsking(false);
          }}
        />
      )}
    </div>
  );
}

// ---------------------------------------------------------------- above
interface ToolbarProps {
  which: Which;
  order: SkimOrder;
  summary: SkimSummary | undefined;
  shownVersion: string | undefined;
  onChange: (search: { version?: string | undefined; label?: string | undefined; order?: string | undefined }) => void;
  onAcceptAbove: () => void;
}

function Toolbar({ which, order, summary, shownVersion, onChange, onAcceptAbove }: ToolbarProps) {
  const version = which.version ?? shownVersion ?? "";
  const versions = [...(summary?.versions ?? [])];
  if (!versions.some((one) => one.version === version)) versions.unshift({ version, count: 0 });
  const labels = [...(summary?.by_label ?? [])];
  if (which.label && !labels.some((one) => one.label === which.label)) labels.unshift({ label: which.label, count: 0 });
  return (
    <div className={styles.toolbar}>
      <span className={styles.total}>{summary ? `${formatCount(summary.total)}${summary.is_whole ? "" : "+"} to skim` : <Skeleton width={80} />}</span>
      <Select
        label="Model version"
        hideLabel
        className={styles.select}
        value={version}
        options={versions.map((one) => ({ value: one.version, label: `${one.version || "No version"} (${formatCount(one.count)})` }))}
        onChange={(value) => onChange({ version: value, label: undefined })}
      />
      {(labels.length > 0 || which.label) && (
        <Select
          label="Suggested label"
          hideLabel
          className={styles.select}
          value={which.label ?? ""}
          options={[{ value: "", label: "All labels" }, ...labels.map((one) => ({ value: one.label, label: `${one.label} (${formatCount(one.count)})` }))]}
          onChange={(value) => onChange({ label: value || undefined })}
        />
      )}
      <Select
        label="Order"
        hideLabel
        className={styles.select}
        value={order}
        options={[
          { value: "confident", label: "Most confident first" },
          { value: "uncertain", label: "Least confident first" },
        ]}
        onChange={(value) => onChange({ order: value === "confident" ? undefined : value })}
      />
      <Button icon={<CheckCheck />} keys="shift+a" className={styles.above} disabled={!summary || summary.scored === 0} onClick={onAcceptAbove}>
        Accept all above…
      </Button>
    </div>
  );
}

// ---------------------------------------------------------------- the grid
const LEAST_CARD_PX = 230;
const GAP_PX = 12;
const CARD_PX = 218;

interface GridProps {
  tasks: readonly SkimTask[];
  total: number;
  hasMore: boolean;
  active: number;
  setActive: (index: number) => void;
  focusWanted: React.RefObject<boolean>;
  onAccept: () => void;
  card: (task: SkimTask, index: number) => React.ReactNode;
}

/** Rows of cards of one size; only those in sight are in the page. */
function Grid({ tasks, total, hasMore, active, setActive, focusWanted, onAccept, card }: GridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [columns, setColumns] = useState(0); // not known before the first layout
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      // Cards that change rows are made anew and lose the focus.
      if (element.contains(document.activeElement)) focusWanted.current = true;
      setColumns(Math.max(1, Math.floor((entry.contentRect.width + GAP_PX) / (LEAST_CARD_PX + GAP_PX))));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [focusWanted]);
  const count = columns === 0 ? 0 : Math.ceil(tasks.length / columns) + Number(hasMore);
  const rows = useVirtualizer({ count, getScrollElement: () => scroller.current, estimateSize: () => CARD_PX + GAP_PX, overscan: 3, scrollPaddingStart: GAP_PX, scrollPaddingEnd: GAP_PX });

  useEffect(() => {
    // The list was read again and took the focus with it.
    if (document.activeElement === document.body) focusWanted.current = true;
  }, [focusWanted]);
  useEffect(() => {
    if (!focusWanted.current) return;
    const element = scroller.current?.querySelector<HTMLElement>(`[data-card="${active}"]`);
    if (!element) return;
    focusWanted.current = false;
    element.focus({ preventScroll: true });
  });

  const move = (to: number) => {
    const index = Math.max(0, Math.min(tasks.length - 1, to));
    focusWanted.current = true;
    setActive(index);
    rows.scrollToIndex(Math.floor(index / columns));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const page = columns * Math.max(1, Math.floor((scroller.current?.clientHeight ?? CARD_PX) / (CARD_PX + GAP_PX)));
    const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    if (step !== undefined) move(active + step);
    else if (event.key === "Enter" && !event.repeat) onAccept();
    else return;
    event.preventDefault();
  };
  return (
    <div ref={scroller} className={styles.scroller}>
      <div role="listbox" aria-label={`Suggestions, ${total} in all`} className={styles.rows} style={{ height: rows.getTotalSize() }} onKeyDown={onKeyDown}>
        {rows.getVirtualItems().map(({ index: row, start }) => (
          <div key={row} role="presentation" className={styles.row} style={{ transform: `translateY(${start}px)`, height: CARD_PX, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
            {row * columns < tasks.length
              ? tasks.slice(row * columns, (row + 1) * columns).map((task, place) => card(task, row * columns + place))
              : Array.from({ length: columns }, (_, place) => <div key={place} className={styles.pending} aria-hidden />)}
          </div>
        ))}
      </div>
    </div>
  );
}

function Loading() {
  return (
    <div className={cx(styles.scroller, styles.loading)} role="status" aria-label="Loading suggestions">
      {Array.from({ length: 12 }, (_, index) => (
        <div key={index} className={styles.pending} style={{ height: CARD_PX }} />
      ))}
    </div>
  );
}

// ---------------------------------------------------------------- below
const CHIP_MS = 10_000;

/** What was accepted last and the way back: in colour for ten seconds, then quiet, but there, also after a reload. */
function UndoBar({ count, done, summary, onUndo }: { count: number; done: Done | null; summary: SkimSummary | undefined; onUndo: () => void }) {
  const last = summary?.last_batch;
  const size = done?.count ?? last?.count ?? 0;
  return (
    <div className={styles.undoBar}>
      <span role="status" className={styles.accepted}>
        {count > 0 && `${formatCount(count)} accepted`}
      </span>
      {size > 0 && (
        <button
          key={done?.batch}
          type="button"
          className={cx(styles.undo, done && styles.fresh)}
          style={{ "--stay": `${CHIP_MS}ms` } as React.CSSProperties}
          title={!done && last ? `Accepted ${timeAgo(last.created_at)}` : undefined}
          onClick={onUndo}
        >
          <Undo2 aria-hidden />
          Undo last{size > 1 && ` ${formatCount(size)}`} <KeyCap keys="mod+z" quiet />
          {done && <span className={styles.time} aria-hidden />}
        </button>
      )}
    </div>
  );
}

interface NothingProps {
  project: Project | undefined;
  which: Which;
  summary: SkimSummary | undefined;
  count: number;
  leftOut: number;
  onShowAll: () => void;
  onBringBack: () => void;
}

function Nothing({ project, which, summary, count, leftOut, onShowAll, onBringBack }: NothingProps) {
  const projectId = project?.id ?? 0;
  const never = summary?.versions.length === 0;
  const title = never ? "No suggestions yet" : which.label ? `Nothing left with ${which.label}` : "Nothing left to skim";
  return (
    <EmptyState
      icon={<Sparkles />}
      title={title}
      actions={
        <>
          {leftOut > 0 && <Button onClick={onBringBack}>Show the {formatCount(leftOut)} left out</Button>}
          {which.label && <Button onClick={onShowAll}>Show all labels</Button>}
          {never ? (
            <Link to="/projects/$projectId/settings/$section" params={{ projectId, section: "model" }} className={buttonClass("primary")}>
              Set up a model
            </Link>
          ) : (
            <Link to="/projects/$projectId/label" params={{ projectId }} className={buttonClass("primary")}>
              Go on labeling
            </Link>
          )}
        </>
      }
    >
      {never
        ? "Connect a model, let the server learn as you label, or import predictions. What they suggest can be accepted here."
        : count > 0
          ? `You accepted ${formatCount(count)}. Tasks that others hold, or that you began by hand, are not shown here.`
          : "Tasks that are labeled, that others hold, or that you began by hand are not shown here."}
    </EmptyState>
  );
}
