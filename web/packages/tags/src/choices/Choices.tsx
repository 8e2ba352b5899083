import type { Option } from "@labelwright/config";
import type { Suggestion } from "@labelwright/engine";
import { cx, KeyCap } from "@labelwright/ui";
import { ChevronRight } from "lucide-react";
import { useId, useState, type CSSProperties } from "react";
import type { TagViewProps } from "../define";
import { useOptionKey } from "../shared/commands";
import { useControl, type Control } from "../shared/control";
import { readStyle } from "../shared/css";
import { ProblemLine } from "../shared/Problem";
import { useRoving } from "../shared/roving";
import { SafeHtml } from "../shared/SafeHtml";
import { isFound, Search, wantsSearch } from "../shared/Search";
import { SuggestionMark } from "../shared/SuggestionMark";
import styles from "./Choices.module.css";
import { SelectChoices } from "./SelectChoices";
import { chosenPaths, isMultiple, pathId, pressChoice } from "./value";

/** Answers as rows with their keys (or a wrapping line, or a drop-down); nested ones unfold. */
export default function Choices({ node, editor }: TagViewProps) {
  const control = useControl(node, editor);
  const problemId = useId();
  const options = editor.optionsOf(node.name);
  const chosen = new Set(chosenPaths(control.value, options));
  const layout = node.attrs.layout ?? (node.attrs.showinline === true ? "inline" : "vertical");
  // one of several boxes that a model ticked is unticked by pressing it, as ever
  const setOrAccept = isMultiple(node) ? control.set : control.press;
  const press = (option: Option) => setOrAccept(pressChoice(node, options, control.value, option));
  return (
    <div className={`${styles.choices} htx-choices lsf-choices`} data-control={node.name} data-suggested={control.suggestion ? "" : undefined}>
      {layout === "select" ? (
        <SelectChoices node={node} options={options} chosen={chosen} disabled={control.disabled} press={press} clear={() => control.set(undefined)} />
      ) : (
        <ChoiceList {...{ node, editor, options, chosen, control, press, problemId }} isInline={layout === "inline"} />
      )}
      {layout === "select" && <SuggestionMark suggestion={control.suggestion} />}
      <ProblemLine message={control.problem} id={problemId} />
    </div>
  );
}

interface ListProps extends TagViewProps {
  readonly options: readonly Option[];
  readonly chosen: ReadonlySet<string>;
  readonly control: Control;
  readonly isInline: boolean;
  readonly problemId: string;
  press(option: Option): void;
}

function ChoiceList({ node, editor, options, chosen, control, press, isInline, problemId }: ListProps) {
  const [query, setQuery] = useState("");
  const [folds, setFolds] = useState<ReadonlyMap<string, boolean>>(new Map());
  const found = query === "" ? options.filter((option) => isUnfolded(option, folds, chosen)) : options.filter((option) => isFound(option, query));
  const [firstChosen] = chosen;
  const roving = useRoving(found.some((option) => pathId(option) === firstChosen) ? firstChosen : found[0] && pathId(found[0]));
  const isTree = query === "" && options.some((option) => option.children.length > 0);
  const pressFirst = () => found[0] && press(found[0]);
  const toggle = (option: Option) => setFolds(new Map(folds).set(pathId(option), !isOpen(option, folds, chosen)));
  return (
    <>
      {wantsSearch(editor, node, options.length) && <Search query={query} setQuery={setQuery} label={`Search ${node.name}`} onEnter={pressFirst} />}
      <div
        {...roving.group}
        role={isMultiple(node) ? "group" : "radiogroup"}
        aria-label={node.name}
        aria-required={node.attrs.required === true && !isMultiple(node) ? true : undefined}
        aria-describedby={control.problem === null ? undefined : problemId}
        className={isInline ? styles.inline : styles.list}
        data-long={options.length > 12 || undefined}
      >
        {found.map((option) => (
          <Choice
            key={pathId(option)}
            {...{ node, editor, option, press }}
            isChosen={chosen.has(pathId(option))}
            suggestion={chosen.has(pathId(option)) ? control.suggestion : null}
            isPartly={option.children.length > 0 && [...chosen].some((id) => id.startsWith(`${pathId(option)}/`))}
            disabled={control.disabled}
            tabIndex={roving.tabIndex(pathId(option))}
            isTree={isTree}
            fold={option.children.length > 0 && query === "" ? { isOpen: isOpen(option, folds, chosen), toggle: () => toggle(option) } : null}
          />
        ))}
        {found.length === 0 && <p className={styles.none}>Nothing found.</p>}
      </div>
    </>
  );
}

function isOpen(option: Option, folds: ReadonlyMap<string, boolean>, chosen: ReadonlySet<string>): boolean {
  const id = pathId(option);
  return folds.get(id) ?? [...chosen].some((each) => each === id || each.startsWith(`${id}/`));
}

/** Whether all options above this one are open. */
function isUnfolded(option: Option, folds: ReadonlyMap<string, boolean>, chosen: ReadonlySet<string>): boolean {
  return option.path.slice(0, -1).every((_, depth) => {
    const id = option.path.slice(0, depth + 1).join("/");
    return folds.get(id) ?? [...chosen].some((each) => each === id || each.startsWith(`${id}/`));
  });
}

interface ChoiceProps extends TagViewProps {
  readonly option: Option;
  readonly isChosen: boolean;
  readonly isPartly: boolean;
  /** Chosen by a model, not by the person yet. */
  readonly suggestion: Suggestion | null;
  readonly disabled: boolean;
  readonly tabIndex: 0 | -1;
  /** Some option of the list unfolds: the others leave the same room. */
  readonly isTree: boolean;
  readonly fold: { readonly isOpen: boolean; toggle(): void } | null;
  press(option: Option): void;
}

function Choice({ node, editor, option, isChosen, isPartly, suggestion, disabled, tabIndex, isTree, fold, press }: ChoiceProps) {
  const keys = useOptionKey(editor, node.name, option);
  const { html, hint, style } = option.node.raw;
  const isBox = isMultiple(node);
  const look = { ...(option.color ? { "--tint": option.color } : {}), ...(option.path.length > 1 ? { paddingInlineStart: (option.path.length - 1) * 22 } : {}), ...readStyle(style) } as CSSProperties;
  return (
    <div className={styles.row} style={look}>
      {isTree && fold === null && <span className={styles.noFold} />}
      {fold && (
        <button type="button" className={styles.fold} aria-expanded={fold.isOpen} aria-label={`${fold.isOpen ? "Fold" : "Unfold"} ${option.text}`} onClick={fold.toggle}>
          <ChevronRight size={14} />
        </button>
      )}
      <button
        type="button"
        role={isBox ? "checkbox" : "radio"}
        aria-checked={isChosen ? true : isBox && isPartly ? "mixed" : false}
        aria-keyshortcuts={keys ?? undefined}
        aria-description={hint}
        title={hint}
        data-roving={pathId(option)}
        tabIndex={tabIndex}
        disabled={disabled}
        className={cx(styles.choice, "lsf-choice", isChosen && "lsf-choice_selected")}
        onClick={() => press(option)}
      >
        <span className={isBox ? styles.box : styles.radio} aria-hidden />
        <span className={styles.text}>{html ? <SafeHtml html={html} fallback={option.text} /> : option.text}</span>
        <SuggestionMark suggestion={suggestion} />
        {keys && <KeyCap keys={keys} quiet />}
      </button>
    </div>
  );
}
