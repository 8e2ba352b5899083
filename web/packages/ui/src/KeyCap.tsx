import styles from "./KeyCap.module.css";
import { cx } from "./cx";

const mac = typeof navigator !== "undefined" && /Mac|iP(hone|ad)/.test(navigator.platform);

const glyphs: Readonly<Record<string, string>> = {
  enter: "⏎",
  escape: "Esc",
  backspace: "⌫",
  delete: "Del",
  space: "Space",
  up: "↑",
  down: "↓",
  left: "←",
  right: "→",
  tab: "Tab",
  ctrl: mac ? "⌃" : "Ctrl",
  mod: mac ? "⌘" : "Ctrl",
  meta: mac ? "⌘" : "Win",
  alt: mac ? "⌥" : "Alt",
  shift: "⇧",
};

/** The keys of a chord as written on the keyboard: "mod+k" → ["Ctrl", "K"]. A lone "+" stays a key. */
export function keyNames(keys: string): string[] {
  return keys
    .split(/\+(?=.)/)
    .filter(Boolean)
    .map((key) => glyphs[key.toLowerCase()] ?? (key.length === 1 ? key.toUpperCase() : key[0]?.toUpperCase() + key.slice(1)));
}

/** A chord drawn as key caps; `quiet` inherits the colour, for use on buttons. */
export function KeyCap({ keys, quiet }: { keys: string; quiet?: boolean }) {
  return (
    <span className={cx(styles.chord, quiet && styles.quiet)} aria-hidden={quiet || undefined}>
      {keyNames(keys).map((name) => (
        <kbd key={name} className={styles.cap}>
          {name}
        </kbd>
      ))}
    </span>
  );
}
