import { useEffect, useRef, type ReactNode } from "react";
import styles from "./SideNav.module.css";

interface SideNavProps {
  label: string;
  items: readonly { id: string; label: string; link: (props: { className: string | undefined; children: ReactNode }) => ReactNode }[];
  children: ReactNode;
}

/** Sections of a page: a column at the left, on narrow screens a row that scrolls. */
export function SideNav({ label, items, children }: SideNavProps) {
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  return (
    <div className={styles.layout}>
      <nav ref={nav} className={styles.nav} aria-label={label}>
        {items.map((item) => (
          <span key={item.id} className={styles.item}>
            {item.link({ className: styles.link, children: item.label })}
          </span>
        ))}
      </nav>
      <div className={styles.content}>{children}</div>
    </div>
  );
}

