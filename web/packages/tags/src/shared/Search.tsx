import type { Option } from "@labelwright/config";
import type { ConfigNode } from "@labelwright/config";
import { walk } from "@labelwright/config";
import type { Editor } from "@labelwright/engine";
import styles from "./shared.module.css";

const longFrom = 13;

/** A list gets a search field when it is long, or when a Filter tag points to it. */
export function wantsSearch(editor: Editor, node: ConfigNode, count: number): boolean {
  if (count >= longFrom) return true;
  for (const each of walk(editor.config.root)) if (each.tag === "Filter" && each.toName.includes(node.name)) return true;
  return false;
}

/** Whether an option's text, alias or hint contains what was typed. */
export function isFound(option: Option, query: string): boolean {
  const wanted = query.trim().toLowerCase();
  return wanted === "" || [option.value, option.alias ?? "", option.node.raw.hint ?? ""].some((text) => text.toLowerCase().includes(wanted));
}

export function Search({ query, setQuery, label, onEnter }: { query: string; setQuery(query: string): void; label: string; onEnter?: () => void }) {
  return (
    <input
      type="search"
      className={styles.search}
      placeholder="Search"
      aria-label={label}
      value={query}
      onChange={(event) => setQuery(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter" && onEnter) {
          event.preventDefault();
          onEnter();
          setQuery("");
        } else if (event.key === "Escape") {
          event.stopPropagation();
          if (query === "") event.currentTarget.blur();
          setQuery("");
        }
      }}
    />
  );
}
