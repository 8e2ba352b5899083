import { useId, type KeyboardEvent, type ReactNode } from "react";
import styles from "./Tabs.module.css";

interface TabsProps<V extends string> {
  label: string;
  value: V;
  onChange: (value: V) => void;
  tabs: readonly { value: V; label: ReactNode; panel: () => ReactNode }[];
  /** Beside the tabs, at the right. */
  aside?: ReactNode;
}

/** A small switch between views of one thing; arrows move, the chosen panel alone is mounted. */
export function Tabs<V extends string>({ label, value, onChange, tabs, aside }: TabsProps<V>) {
  const id = useId();
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const now = tabs.findIndex((tab) => tab.value === value);
    const next = tabs[(now + step + tabs.length) % tabs.length];
    if (!next) return;
    onChange(next.value);
    document.getElementById(`${id}-${next.value}`)?.focus();
  };
  return (
    <div className={styles.tabs}>
      <div className={styles.bar}>
        <div role="tablist" aria-label={label} className={styles.list} onKeyDown={move}>
          {tabs.map((tab) => (
            <button
              key={tab.value}
              type="button"
              role="tab"
              id={`${id}-${tab.value}`}
              aria-selected={tab.value === value}
              aria-controls={tab.value === value ? `${id}-panel` : undefined}
              tabIndex={tab.value === value ? 0 : -1}
              className={styles.tab}
              onClick={() => onChange(tab.value)}
            >
              {tab.label}
            </button>
          ))}
        </div>
        {aside}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${value}`} className={styles.panel}>
        {tabs.find((tab) => tab.value === value)?.panel()}
      </div>
    </div>
  );
}
