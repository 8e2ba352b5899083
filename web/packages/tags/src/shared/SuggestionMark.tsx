import { shownScore, type Suggestion } from "@labelwright/engine";
import { Sparkles } from "lucide-react";
import styles from "./shared.module.css";

/** What a screen reader says of an answer that a model proposed. */
export function suggestionWords(suggestion: Suggestion): string {
  const score = shownScore({ suggestion });
  return score === null ? "Suggested by the model" : `Suggested by the model, score ${score.toFixed(2)}`;
}

/** A model proposes this answer; how sure it is of it. Nothing once the answer is the person's. */
export function SuggestionMark({ suggestion }: { suggestion: Suggestion | null }) {
  if (!suggestion) return null;
  return (
    <span className={styles.suggested} title={suggestionWords(suggestion)} data-testid="suggested">
      <Sparkles size={12} aria-hidden />
      <span className="visually-hidden">{suggestionWords(suggestion)}</span>
      <span aria-hidden>{shownScore({ suggestion })?.toFixed(2)}</span>
    </span>
  );
}
