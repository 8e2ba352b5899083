import { Flame, Heart, Smile, Star } from "lucide-react";
import { useId, useState } from "react";
import type { TagViewProps } from "../define";
import { useControl } from "../shared/control";
import { ProblemLine } from "../shared/Problem";
import { useRoving } from "../shared/roving";
import { SuggestionMark } from "../shared/SuggestionMark";
import styles from "./Rating.module.css";

const icons = { star: Star, heart: Heart, fire: Flame, smile: Smile };
const sizes: Readonly<Record<string, number>> = { small: 18, medium: 24, large: 32 };

/** Stars. Pressing the given rating again takes it away. */
export default function Rating({ node, editor }: TagViewProps) {
  const control = useControl(node, editor);
  const [pointed, setPointed] = useState<number | null>(null);
  const problemId = useId();
  const count = Number(node.attrs.maxrating ?? 5);
  const value = typeof control.value === "number" ? control.value : 0;
  const roving = useRoving(String(Math.max(1, value)));
  const Icon = icons[String(node.attrs.icon) as keyof typeof icons] ?? Star;
  return (
    <div className={`${styles.rating} htx-rating lsf-rating`} data-control={node.name} data-suggested={control.suggestion ? "" : undefined}>
      <div {...roving.group} role="radiogroup" aria-label={node.name} aria-required={node.attrs.required === true} aria-describedby={control.problem === null ? undefined : problemId} className={styles.stars} onPointerLeave={() => setPointed(null)}>
        {Array.from({ length: count }, (_, index) => index + 1).map((stars) => (
          <button
            key={stars}
            type="button"
            role="radio"
            aria-checked={value === stars}
            aria-label={`${stars} of ${count}`}
            data-roving={stars}
            data-lit={stars <= (pointed ?? value) || undefined}
            tabIndex={roving.tabIndex(String(stars))}
            disabled={control.disabled}
            className={styles.star}
            onPointerEnter={(event) => event.pointerType === "mouse" && setPointed(stars)}
            onClick={() => {
              setPointed(null);
              control.press(value === stars ? undefined : stars);
            }}
          >
            <Icon size={sizes[String(node.attrs.size)] ?? 24} strokeWidth={1.5} aria-hidden />
          </button>
        ))}
        <span className={styles.words} aria-hidden>
          {value > 0 ? `${value} / ${count}` : ""}
        </span>
        <SuggestionMark suggestion={control.suggestion} />
      </div>
      <ProblemLine message={control.problem} id={problemId} />
    </div>
  );
}
