import { resolveText, type Option } from "@labelwright/config";
import { IconButton } from "@labelwright/ui";
import { ChevronRight, X } from "lucide-react";
import { useId, useMemo, useState } from "react";
import type { TagViewProps } from "../define";
import { useControl } from "../shared/control";
import { readStyle } from "../shared/css";
import { ProblemLine } from "../shared/Problem";
import { useRoving } from "../shared/roving";
import { isFound, Search } from "../shared/Search";
import { SuggestionMark } from "../shared/SuggestionMark";
import styles from "./Taxonomy.module.css";

type Paths = readonly (readonly string[])[];

const shownAtMost = 300;
const idOf = (path: readonly string[]): string => path.join("\u0000");

function pathsOf(value: unknown): Paths {
  return Array.isArray(value) ? value.map((path) => (Array.isArray(path) ? path.map(String) : [String(path)])) : [];
}

/** Chosen nodes as chips above a tree that unfolds and can be searched. */
export default function Taxonomy({ node, editor }: TagViewProps) {
  const control = useControl(node, editor);
  const problemId = useId();
  const options = editor.optionsOf(node.name);
  const byId = useMemo(() => new Map(options.map((option) => [idOf(option.path), option])), [options]);
  const paths = pathsOf(control.value);
  const limit = Number(node.attrs.maxusages ?? Infinity);
  const toggle = (path: readonly string[]) => {
    const rest = paths.filter((each) => idOf(each) !== idOf(path));
    const next = rest.length < paths.length ? rest : limit === 1 ? [path] : [...paths, path];
    if (next.length > limit) editor.notice(`At most ${limit} may be chosen.`);
    else control.set(next.length === 0 ? undefined : next.map((each) => [...each]));
  };
  const nameOf = (path: readonly string[]) => {
    const names = path.map((part, depth) => byId.get(idOf(path.slice(0, depth + 1)))?.text ?? part);
    return node.attrs.showfullpath === true ? names.join(String(node.attrs.pathseparator ?? " / ")) : (names.at(-1) ?? "");
  };
  return (
    <div className={`${styles.taxonomy} htx-taxonomy lsf-taxonomy`} data-control={node.name} data-suggested={control.suggestion ? "" : undefined} style={{ ...readStyle(`min-width:${node.raw.minwidth ?? ""};max-width:${node.raw.maxwidth ?? ""}`) }}>
      <div className={styles.chosen} aria-live="polite">
        {paths.map((path) => (
          <span key={idOf(path)} className={styles.chip} title={path.join(" / ")}>
            {nameOf(path)}
            {!control.disabled && (
              <IconButton label={`Take away ${nameOf(path)}`} size="small" onClick={() => toggle(path)}>
                <X size={12} />
              </IconButton>
            )}
          </span>
        ))}
        {paths.length === 0 && <span className={styles.placeholder}>{resolveText(node.raw.placeholder, editor.taskData) || "Nothing chosen"}</span>}
      </div>
      <Tree {...{ node, options, toggle }} chosen={new Set(paths.map(idOf))} disabled={control.disabled} />
      <SuggestionMark suggestion={control.suggestion} />
      <ProblemLine message={control.problem} id={problemId} />
    </div>
  );
}

interface TreeProps {
  readonly node: TagViewProps["node"];
  readonly options: readonly Option[];
  readonly chosen: ReadonlySet<string>;
  readonly disabled: boolean;
  toggle(path: readonly string[]): void;
}

function Tree({ node, options, chosen, disabled, toggle }: TreeProps) {
  const [query, setQuery] = useState("");
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const unfold = (id: string, isOpen: boolean) => setOpen(new Set(isOpen ? [...open, id] : [...open].filter((each) => each !== id)));
  const rows = query === "" ? options.filter((option) => option.path.slice(0, -1).every((_, depth) => open.has(idOf(option.path.slice(0, depth + 1))))) : options.filter((option) => isFound(option, query));
  const roving = useRoving(rows[0] && idOf(rows[0].path));
  const mayChoose = (option: Option) => !disabled && !(node.attrs.leafsonly === true && option.children.length > 0);
  return (
    <>
      {options.length > 8 && <Search query={query} setQuery={setQuery} label={`Search ${node.name}`} />}
      <div {...roving.group} role="tree" aria-label={node.name} aria-multiselectable className={styles.tree}>
        {rows.slice(0, shownAtMost).map((option) => {
          const id = idOf(option.path);
          const isParent = option.children.length > 0;
          return (
            <div
              key={id}
              role="treeitem"
              data-roving={id}
              data-hotkeys="choice"
              tabIndex={roving.tabIndex(id)}
              aria-level={option.path.length}
              aria-expanded={isParent ? open.has(id) : undefined}
              aria-selected={chosen.has(id)}
              aria-disabled={!mayChoose(option) || undefined}
              className={styles.row}
              style={{ paddingInlineStart: 6 + (query === "" ? (option.path.length - 1) * 18 : 0) }}
              onClick={() => (mayChoose(option) ? toggle(option.path) : unfold(id, !open.has(id)))}
              onKeyDown={(event) => {
                if (event.key === " " && mayChoose(option)) toggle(option.path);
                else if (event.key === "ArrowRight" && isParent && !open.has(id)) unfold(id, true);
                else if (event.key === "ArrowLeft" && isParent && open.has(id)) unfold(id, false);
                else return;
                event.preventDefault();
                event.stopPropagation();
              }}
            >
              <span
                className={styles.fold}
                data-open={open.has(id) || undefined}
                onClick={(event) => {
                  event.stopPropagation();
                  if (isParent) unfold(id, !open.has(id));
                }}
              >
                {isParent && query === "" && <ChevronRight size={14} aria-hidden />}
              </span>
              <span className={styles.box} aria-hidden />
              <span style={option.color ? { color: option.color } : undefined}>{option.text}</span>
              {query !== "" && option.path.length > 1 && <span className={styles.path}>{option.path.slice(0, -1).join(" / ")}</span>}
            </div>
          );
        })}
        {rows.length > shownAtMost && <p className={styles.placeholder}>{rows.length - shownAtMost} more: type to find them.</p>}
        {rows.length === 0 && <p className={styles.placeholder}>Nothing found.</p>}
      </div>
    </>
  );
}
