/** How an editor is opened, and what a person has set. */
import type { EditorOptions, Origin, ResultItem, Suggestion, TagRules } from "./types";

export const defaultOptions: EditorOptions = {
  readOnly: false,
  hotkeys: true,
  hotkeyPreset: "labelwright",
  customHotkeys: {},
  keepLabel: true,
  selectNewRegions: true,
  showLabels: true,
  textSize: 16,
};

export interface CreateOptions extends Partial<EditorOptions> {
  /** What is known of tags beyond their schemas (`allTags()` of packages/tags). */
  readonly tags?: readonly TagRules[];
  /** Stored answer to start from; where there is none yet the config's defaults (`selected`, `defaultValue`) apply. */
  readonly result?: readonly ResultItem[];
  /** Origin of items in `result` that name none. */
  readonly origin?: Origin;
  /** Items of `result` with the origin "prediction" are suggestions to accept or reject; the score of those that have none. */
  readonly suggestions?: Suggestion;
}
