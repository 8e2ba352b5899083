import type { BoundCommand, CommandRegistry } from "@labelwright/engine";
import { Dialog, KeyCap, TextField } from "@labelwright/ui";
import { useState } from "react";
import styles from "./CheatSheet.module.css";

interface CheatSheetProps {
  readonly registry: CommandRegistry;
  /** Opened to find a command, not to read. */
  readonly searching: boolean;
  onClose(): void;
}

/** Every command of this screen with its keys; typing narrows the list, Enter runs the first. */
export function CheatSheet({ registry, searching, onClose }: CheatSheetProps) {
  const [words, setWords] = useState("");
  const found = matching(registry.list(), words);
  const groups = [...new Set(found.map(({ command }) => command.group))];
  const run = (id: string | undefined) => {
    onClose();
    // after the dialog has given the focus back
    if (id !== undefined) setTimeout(() => registry.run(id), 0);
  };
  return (
    <Dialog title={searching ? "Find a command" : "Keys of this screen"} size="large" onClose={onClose} onSubmit={() => words.trim() !== "" && run(found[0]?.command.id)}>
      <TextField label="Find" hideLabel placeholder="Find a command" value={words} onChange={(event) => setWords(event.target.value)} data-autofocus autoComplete="off" />
      <div className={styles.groups} data-testid="cheat-sheet">
        {groups.map((group) => (
          <section key={group} className={styles.group}>
            <h3>{group}</h3>
            <ul>
              {found
                .filter(({ command }) => command.group === group)
                .map(({ command, keys }) => (
                  <li key={command.id}>
                    <button type="button" className={styles.command} onClick={() => run(command.id)}>
                      <span>{command.title}</span>
                      <Keys keys={keys} />
                    </button>
                  </li>
                ))}
            </ul>
          </section>
        ))}
        {found.length === 0 && <p>No command has these words.</p>}
      </div>
    </Dialog>
  );
}

function matching(commands: readonly BoundCommand[], words: string): readonly BoundCommand[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter(({ command }) => {
    const text = `${command.group} ${command.title}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

function Keys({ keys }: { keys: readonly string[] }) {
  return (
    <span className={styles.keys}>
      {keys.map((chord, index) => (
        <span key={chord} className={styles.combo}>
          {index > 0 && <i>or</i>}
          <KeyCap keys={chord} />
        </span>
      ))}
    </span>
  );
}
