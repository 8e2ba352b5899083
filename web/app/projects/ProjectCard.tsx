import { buttonClass, Chip, IconButton, KeyCap, Menu, ProgressBar } from "@labelwright/ui";
import { Link, useNavigate } from "@tanstack/react-router";
import { Ellipsis, Settings, Trash2 } from "lucide-react";
import type { Project } from "../api/models";
import { countOf, formatCount, timeAgo } from "../format";
import { describeConfig } from "./kind";
import styles from "./ProjectCard.module.css";

/** One project: the title leads to its data, Label to the first task; L labels the card that has the focus. */
export function ProjectCard({ project, onDelete }: { project: Project; onDelete: () => void }) {
  const navigate = useNavigate();
  const params = { projectId: project.id };
  const total = project.task_number ?? 0;
  const done = project.finished_task_number ?? 0;
  const kind = describeConfig(project.parsed_label_config);
  const title = project.title || "Untitled";
  const color = project.color && !/^#f{3,8}$/i.test(project.color) ? project.color : "var(--accent)";

  return (
    <li
      className={styles.card}
      data-project-card={project.id}
      onKeyDown={(event) => {
        if (event.key.toLowerCase() !== "l" || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        void navigate({ to: "/projects/$projectId/label", params });
      }}
    >
      <div className={styles.head}>
        <span className={styles.dot} style={{ background: color }} aria-hidden />
        <h2 className={styles.title}>
          <Link to="/projects/$projectId/data" params={params} title={title}>
            {title}
          </Link>
        </h2>
        <Menu
          label={`More of ${title}`}
          align="end"
          trigger={(props) => (
            <IconButton label={`More of ${title}`} size="small" className={styles.more} {...props}>
              <Ellipsis />
            </IconButton>
          )}
          items={[
            { id: "settings", label: "Settings", icon: <Settings />, onSelect: () => void navigate({ to: "/projects/$projectId/settings/$section", params: { ...params, section: "general" } }) },
            { id: "delete", label: "Delete…", icon: <Trash2 />, tone: "danger", separated: true, onSelect: onDelete },
          ]}
        />
      </div>
      <p className={styles.kind}>{kind || <Chip tone="warn">No interface yet</Chip>}</p>
      {project.description && <p className={styles.description}>{project.description}</p>}
      <div className={styles.progress}>
        <ProgressBar label={`Progress of ${title}`} value={done} max={total} valueText={`${formatCount(done)} of ${countOf(total, "task")}`} />
        <div className={styles.numbers}>
          <span>{total === 0 ? "No tasks yet" : `${formatCount(done)} / ${formatCount(total)}`}</span>
          <span>
            {(project.skipped_annotations_number ?? 0) > 0 && `${formatCount(project.skipped_annotations_number)} skipped · `}
            {timeAgo(project.created_at)}
          </span>
        </div>
      </div>
      <div className={styles.actions}>
        {total > 0 && kind && (
          <Link to="/projects/$projectId/label" params={params} className={buttonClass(done < total ? "primary" : "secondary", "small")} aria-label={`Label ${title}`}>
            Label <KeyCap keys="l" quiet />
          </Link>
        )}
        <Link to="/projects/$projectId/data" params={params} className={buttonClass("secondary", "small")} aria-label={`Data of ${title}`}>
          {total === 0 ? "Add data" : "Data"}
        </Link>
        {total > 0 && kind && (
          <Link
            to="/projects/$projectId/settings/$section"
            params={{ ...params, section: "model" }}
            className={buttonClass("secondary", "small")}
            aria-label={`Model of ${title}`}
          >
            Model
          </Link>
        )}
      </div>
    </li>
  );
}
