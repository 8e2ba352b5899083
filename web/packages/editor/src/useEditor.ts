import { parseConfig, walk, type LabelConfig } from "@labelwright/config";
import { createEditor, isEqual, type Editor } from "@labelwright/engine";
import { allTags, loadViews, tagFor, viewFor } from "@labelwright/tags";
import { useEffect, useMemo, useRef, useState } from "react";
import type { LabelEditorProps } from "./LabelEditor";

/** The same object as long as it says the same. */
function useSame<T>(value: T): T {
  const held = useRef(value);
  if (!isEqual(held.current, value)) held.current = value;
  return held.current;
}

/** The editor of these props; a new one for another task, config, result or options. */
export function useEditor({ config, task, result, suggestions, options }: LabelEditorProps): Editor {
  const parsed = useMemo(() => parseConfig(config), [config]);
  const data = useSame(task.data);
  const sameSuggestions = useSame(suggestions);
  const sameOptions = useSame(options);
  return useMemo(
    () => createEditor(parsed, data, { tags: allTags(), ...(result ? { result } : {}), ...(sameSuggestions ? { suggestions: sameSuggestions } : {}), ...sameOptions }),
    // task.id: two tasks may have the same data
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [parsed, data, task.id, result, sameSuggestions, sameOptions],
  );
}

/** True once the views of all tags in the config are there: at once for the second task of a project. */
export function useViews(config: LabelConfig): boolean {
  const names = useMemo(() => [...new Set([...walk(config.root)].map((node) => node.tag))], [config]);
  const areThere = names.every((name) => tagFor(name) === undefined || tagFor(name)?.view === null || viewFor(name) !== undefined);
  const [loadedFor, setLoadedFor] = useState<LabelConfig | null>(null);
  useEffect(() => {
    let isCurrent = true;
    if (!areThere) void loadViews(names).then(() => isCurrent && setLoadedFor(config));
    return () => {
      isCurrent = false;
    };
  }, [areThere, names, config]);
  return areThere || loadedFor === config;
}
