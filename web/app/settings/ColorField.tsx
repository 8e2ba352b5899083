import { cx, labelPalette } from "@labelwright/ui";
import { useId } from "react";
import styles from "./Settings.module.css";

const NONE = "#FFFFFF";

/** The project's colour in lists: one of the palette, or none (stored as white). */
export function ColorField({ value, onChange }: { value: string | null; onChange: (color: string) => void }) {
  const name = useId();
  const current = (value ?? NONE).toUpperCase();
  return (
    <fieldset>
      <legend className={styles.legend}>Colour</legend>
      <div className={styles.colors}>
        {[NONE, ...labelPalette].map((color) => (
          <label key={color} className={cx(styles.color, color === NONE && styles.none)} style={color === NONE ? undefined : { background: color }}>
            <input type="radio" name={name} checked={color === current} onChange={() => onChange(color)} className="visually-hidden" />
            <span className="visually-hidden">{color === NONE ? "No colour" : color}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
