import { Button, IconButton, KeyCap, cx } from "@labelwright/ui";
import { Plus, RotateCcw, X } from "lucide-react";
import { useEffect, useState } from "react";
import styles from "./Account.module.css";
import { spellPress, type HotkeyRow } from "./hotkeys";

interface HotkeyRowViewProps {
  row: HotkeyRow;
  /** null = the default again. */
  onKeys: (keys: readonly string[] | null) => void;
}

export function HotkeyRowView({ row, onKeys }: HotkeyRowViewProps) {
  const [listening, setListening] = useState(false);

  useEffect(() => {
    if (!listening) return;
    const scope = new AbortController();
    const onKeyDown = (event: KeyboardEvent) => {
      event.preventDefault();
      event.stopPropagation();
      const spelled = spellPress(event);
      if (spelled === null) return;
      setListening(false);
      if (spelled !== "escape" && !row.keys.includes(spelled)) onKeys([...row.keys, spelled]);
    };
    addEventListener("keydown", onKeyDown, { capture: true, signal: scope.signal });
    addEventListener("pointerdown", () => setListening(false), { capture: true, signal: scope.signal });
    return () => scope.abort();
  }, [listening, row, onKeys]);

  return (
    <li className={cx(styles.command, row.conflicts.length > 0 && styles.clash)}>
      <div className={styles.title}>
        {row.title}
        {row.conflicts.length > 0 && <span className={styles.conflict}>Also: {row.conflicts.join(", ")}</span>}
      </div>
      <div className={styles.keys}>
        {row.keys.map((key) => (
          <span key={key} className={styles.key}>
            <KeyCap keys={key} />
            <button type="button" className={styles.drop} aria-label={`Take ${key} away from “${row.title}”`} onClick={() => onKeys(row.keys.filter((other) => other !== key))}>
              <X aria-hidden />
            </button>
          </span>
        ))}
        {listening ? (
          <span className={styles.listening} role="status">
            Press the keys (Esc cancels)
          </span>
        ) : (
          <Button size="small" variant="ghost" icon={<Plus />} aria-label={`Add a key for “${row.title}”`} onClick={() => setListening(true)}>
            {row.keys.length === 0 && "Key"}
          </Button>
        )}
        <IconButton
          label={row.isChanged ? `Default keys for “${row.title}”: ${row.defaults.join(", ") || "none"}` : "Default keys"}
          size="small"
          className={row.isChanged ? undefined : styles.hidden}
          disabled={!row.isChanged}
          onClick={() => onKeys(null)}
        >
          <RotateCcw />
        </IconButton>
      </div>
    </li>
  );
}
