import type { ConfigNode, Option } from "@labelwright/config";
import { useState } from "react";
import { isFound, Search } from "../shared/Search";
import styles from "./Choices.module.css";
import { isMultiple, pathId } from "./value";

interface SelectProps {
  readonly node: ConfigNode;
  readonly options: readonly Option[];
  readonly chosen: ReadonlySet<string>;
  readonly disabled: boolean;
  press(option: Option): void;
  clear(): void;
}

/** Choices as a drop-down: the browser's own for one answer, a list of boxes for several. */
export function SelectChoices({ node, options, chosen, disabled, press, clear }: SelectProps) {
  if (isMultiple(node)) return <SelectSeveral {...{ node, options, chosen, disabled, press }} />;
  const [value = ""] = chosen;
  return (
    <select
      className={styles.select}
      aria-label={node.name}
      aria-required={node.attrs.required === true}
      disabled={disabled}
      value={value}
      onChange={(event) => {
        const option = options.find((each) => pathId(each) === event.target.value);
        if (option) press(option);
        else clear();
      }}
    >
      <option value="">Choose…</option>
      {options.map((option) => (
        <option key={pathId(option)} value={pathId(option)}>
          {"\u00a0\u00a0".repeat(option.path.length - 1) + option.text}
        </option>
      ))}
    </select>
  );
}

function SelectSeveral({ node, options, chosen, disabled, press }: Omit<SelectProps, "clear">) {
  const [query, setQuery] = useState("");
  const names = options.filter((option) => chosen.has(pathId(option))).map((option) => option.text);
  return (
    <details className={styles.several}>
      <summary className={styles.select} aria-label={`${node.name}: ${names.join(", ") || "nothing chosen"}`}>
        {names.length > 0 ? names.join(", ") : <span className={styles.placeholder}>Choose…</span>}
      </summary>
      <div className={styles.menu} role="group" aria-label={node.name}>
        {options.length > 12 && <Search query={query} setQuery={setQuery} label={`Search ${node.name}`} />}
        {options.filter((option) => isFound(option, query)).map((option) => (
          <label key={pathId(option)} className={styles.item} style={{ paddingInlineStart: 8 + (option.path.length - 1) * 16 }}>
            <input type="checkbox" disabled={disabled} checked={chosen.has(pathId(option))} onChange={() => press(option)} />
            {option.text}
          </label>
        ))}
      </div>
    </details>
  );
}
