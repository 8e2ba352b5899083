import type { Option } from "@labelwright/config";
import type { Session } from "@labelwright/engine";
import { cx, KeyCap } from "@labelwright/ui";
import { useState, type CSSProperties } from "react";
import type { TagViewProps } from "../define";
import { useDoc, useSession } from "../hooks";
import { useOptionKey } from "../shared/commands";
import { readStyle } from "../shared/css";
import { useRoving } from "../shared/roving";
import { SafeHtml } from "../shared/SafeHtml";
import { isFound, Search, wantsSearch } from "../shared/Search";
import styles from "./Palette.module.css";

const firstSelected = (session: Session) => session.selection.values().next().value ?? "";
const separator = "\u0000";

/** Chips of a label control with their keys. They show what the next region gets or, with a region selected, what it has. */
export default function Palette({ node, editor }: TagViewProps) {
  const [query, setQuery] = useState("");
  const options = editor.optionsOf(node.name);
  const checked = useChecked({ node, editor });
  const found = options.filter((option) => isFound(option, query));
  const roving = useRoving(found.find((option) => checked.has(option.stored))?.stored ?? found[0]?.stored);
  const isSeveral = node.attrs.choice === "multiple";
  const pick = (option: Option) => editor.pickLabel(node.name, option.stored);
  return (
    <div className={`${styles.palette} htx-labels lsf-labels`} data-control={node.name}>
      {wantsSearch(editor, node, options.length) && (
        <div className={styles.search}>
          <Search query={query} setQuery={setQuery} label={`Search ${node.name}`} onEnter={() => found[0] && pick(found[0])} />
        </div>
      )}
      <div {...roving.group} role={isSeveral ? "group" : "radiogroup"} aria-label={`Labels: ${node.name}`} className={cx(styles.chips, node.attrs.showinline === false && styles.column)}>
        {found.map((option) => (
          <LabelChip key={option.stored} {...{ node, editor, option, isSeveral }} isOn={checked.has(option.stored)} tabIndex={roving.tabIndex(option.stored)} pick={() => pick(option)} />
        ))}
        {found.length === 0 && <span className={styles.none}>No label found.</span>}
      </div>
    </div>
  );
}

/** Stored labels that are shown as picked. As one string inside, so that React sees when nothing changed. */
function useChecked({ node, editor }: TagViewProps): ReadonlySet<string> {
  const selected = useSession(editor, firstSelected);
  const active = useSession(editor, (session) => (session.activeLabels.get(node.name) ?? []).join(separator));
  const ofRegion = useDoc(editor, (doc) => {
    const region = doc.regions.get(selected);
    if (region === undefined || !node.toName.includes(region.object)) return null;
    const value = region.values.get(node.name);
    return Array.isArray(value) ? value.join(separator) : "";
  });
  const shown = ofRegion ?? active;
  return new Set(shown === "" ? [] : shown.split(separator));
}

interface ChipProps extends TagViewProps {
  readonly option: Option;
  readonly isOn: boolean;
  readonly isSeveral: boolean;
  readonly tabIndex: 0 | -1;
  pick(): void;
}

function LabelChip({ node, editor, option, isOn, isSeveral, tabIndex, pick }: ChipProps) {
  const keys = useOptionKey(editor, node.name, option);
  const { html, hint, style } = option.node.raw;
  const look = { "--tint": editor.labelColor(node.name, option.stored), ...readStyle(style) } as CSSProperties;
  return (
    <button
      type="button"
      role={isSeveral ? "checkbox" : "radio"}
      aria-checked={isOn}
      aria-keyshortcuts={keys ?? undefined}
      aria-description={hint}
      title={hint}
      data-roving={option.stored}
      tabIndex={tabIndex}
      disabled={editor.options.readOnly}
      className={cx(styles.chip, "lsf-label", isOn && "lsf-label_selected")}
      style={look}
      onClick={pick}
    >
      <span className={styles.text}>{html ? <SafeHtml html={html} fallback={option.text} /> : option.text}</span>
      {option.alias !== null && option.node.attrs.showalias === true && option.alias !== option.text && <span className={styles.alias}>{option.alias}</span>}
      {keys && <KeyCap keys={keys} quiet />}
    </button>
  );
}
