import { useContext, useMemo } from "react";
import type { TagViewProps } from "../define";
import { scopeSheet } from "../shared/css";
import { ScopeContext } from "../shared/scope";

/** The config's CSS, confined to this editor. */
export function Style({ node }: TagViewProps) {
  const scope = useContext(ScopeContext);
  const css = useMemo(() => scopeSheet(node.text, scope), [node.text, scope]);
  return <style>{css}</style>;
}
