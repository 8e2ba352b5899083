import styles from "./Avatar.module.css";
import { paletteColor } from "./palette";

export interface Person {
  id: number;
  first_name?: string;
  last_name?: string;
  email?: string;
  username?: string;
  initials?: string;
  avatar?: string | null;
}

/** "Ada Lovelace", or the e-mail address when there is no name. */
export function personName(person: Person): string {
  return `${person.first_name ?? ""} ${person.last_name ?? ""}`.trim() || person.email || person.username || `User ${person.id}`;
}

export function personInitials(person: Person): string {
  const names = [person.first_name, person.last_name].filter((name): name is string => Boolean(name));
  const letters = names.length > 0 ? names.map((name) => name[0]).join("") : (person.email || person.username || "?").slice(0, 2);
  return letters.toUpperCase();
}

/** A person as a small disc; the name is its tooltip and its text for screen readers. */
export function Avatar({ person, size = 24 }: { person: Person; size?: number }) {
  const name = personName(person);
  return (
    <span
      className={styles.avatar}
      style={{ width: size, height: size, fontSize: size * 0.4, "--tint": paletteColor(person.id) } as React.CSSProperties}
      role="img"
      aria-label={name}
      data-tip={name}
    >
      {person.avatar ? <img src={person.avatar} alt="" /> : personInitials(person)}
    </span>
  );
}
