import { Check } from "lucide-react";
import type { KeyboardEvent, ReactNode } from "react";
import { KeyCap } from "./KeyCap";
import styles from "./Menu.module.css";
import { Popover, type TriggerProps } from "./Popover";
import { cx } from "./cx";

export interface MenuItem {
  id: string;
  label: ReactNode;
  icon?: ReactNode;
  keys?: string;
  onSelect: () => void;
  tone?: "danger";
  disabled?: boolean;
  /** Given: the item is one of several to choose from, and shows a tick. */
  checked?: boolean;
  /** A line above it. */
  separated?: boolean;
}

interface MenuProps {
  label: string;
  trigger: (props: TriggerProps) => ReactNode;
  items: readonly MenuItem[];
  align?: "start" | "end";
  header?: ReactNode;
}

/** Moves the focus among the items: arrows, Home, End, or the first letter of an item. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role^=menuitem]:not(:disabled)")];
  const now = items.indexOf(document.activeElement as HTMLElement);
  const to = (index: number) => {
    event.preventDefault();
    items[(index + items.length) % items.length]?.focus();
  };
  if (event.key === "ArrowDown") to(now + 1);
  else if (event.key === "ArrowUp") to(now < 0 ? -1 : now - 1);
  else if (event.key === "Home") to(0);
  else if (event.key === "End") to(-1);
  else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && event.key !== " ") {
    const letter = event.key.toLowerCase();
    const found = [...items.slice(now + 1), ...items].find((item) => item.textContent?.trim().toLowerCase().startsWith(letter));
    if (found) to(items.indexOf(found));
  }
}

export function Menu({ label, trigger, items, align = "start", header }: MenuProps) {
  return (
    <Popover role="menu" label={label} trigger={trigger} align={align}>
      {(close) => (
        <div role="none" onKeyDown={moveFocus}>
          {header && <div className={styles.header}>{header}</div>}
          {items.map((item) => (
            <div key={item.id} role="none" className={cx(item.separated && styles.separated)}>
              <button
                type="button"
                role={item.checked === undefined ? "menuitem" : "menuitemradio"}
                aria-checked={item.checked}
                tabIndex={-1}
                disabled={item.disabled}
                className={cx(styles.item, item.tone === "danger" && styles.danger)}
                onClick={() => {
                  close();
                  item.onSelect();
                }}
              >
                <span className={styles.icon}>{item.checked ? <Check /> : item.icon}</span>
                <span className={styles.label}>{item.label}</span>
                {item.keys && <KeyCap keys={item.keys} />}
              </button>
            </div>
          ))}
        </div>
      )}
    </Popover>
  );
}
