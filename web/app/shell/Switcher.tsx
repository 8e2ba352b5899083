import { Dialog, ProgressBar, Skeleton, TextField, cx } from "@labelwright/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Plus, Search } from "lucide-react";
import { useDeferredValue, useId, useState, type KeyboardEvent, type ReactNode } from "react";
import { projectsQuery } from "../api/queries";
import styles from "./Switcher.module.css";

interface Choice {
  id: string;
  to: string;
  label: ReactNode;
}

/** Go to any project by typing a part of its title: arrows choose, Enter goes, ctrl+Enter labels. */
export default function Switcher({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const list = useId();
  const navigate = useNavigate();
  const words = useDeferredValue(text.trim());
  const projects = useInfiniteQuery(projectsQuery(words, "-created_at"));

  const found = (projects.data?.pages.flatMap((page) => page.results) ?? []).slice(0, 12);
  const choices: Choice[] = [
    ...found.map((project) => ({
      id: String(project.id),
      to: `/projects/${project.id}/data`,
      label: (
        <>
          <span className={styles.title}>{project.title || "Untitled"}</span>
          <span className={styles.bar}>
            <ProgressBar label="Progress" value={project.finished_task_number ?? 0} max={project.task_number ?? 0} />
          </span>
        </>
      ),
    })),
    {
      id: "new",
      to: "/projects/new",
      label: (
        <>
          <Plus /> New project
        </>
      ),
    },
  ];

  const choose = (choice: Choice | undefined, label: boolean) => {
    if (!choice) return;
    onClose();
    void navigate({ to: label ? choice.to.replace(/\/data$/, "/label") : choice.to });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) setActive((now) => (now + step + choices.length) % choices.length);
    else if (event.key === "Enter") choose(choices[active], event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog title="Go to a project" onClose={onClose}>
      <TextField
        label="Part of the title"
        hideLabel
        icon={<Search />}
        placeholder="Part of the title…"
        value={text}
        data-autofocus
        role="combobox"
        aria-expanded={!projects.isPending}
        {...(projects.isPending ? {} : { "aria-controls": list, "aria-activedescendant": `${list}-${active}` })}
        autoComplete="off"
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      {projects.isPending ? (
        <Skeleton height={120} />
      ) : (
        <ul id={list} role="listbox" aria-label="Projects" className={styles.list}>
          {choices.map((choice, index) => (
            <li
              key={choice.id}
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === active}
              className={cx(styles.option, index === active && styles.active)}
              onPointerMove={() => setActive(index)}
              onClick={(event) => choose(choice, event.ctrlKey || event.metaKey)}
            >
              {choice.label}
            </li>
          ))}
        </ul>
      )}
      <p className={styles.hint}>Enter opens the data, ctrl+Enter starts to label.</p>
    </Dialog>
  );
}
