import { Dialog, KeyCap } from "@labelwright/ui";
import { useQuery } from "@tanstack/react-query";
import { bootQuery } from "../api/queries";
import { useRegisteredCommands } from "./commands";
import styles from "./Help.module.css";

/** Every key of the page behind it. */
export default function Help({ onClose }: { onClose: () => void }) {
  const commands = useRegisteredCommands();
  const version = useQuery(bootQuery).data?.version;
  const groups = [...new Set(commands.map((command) => command.group))].reverse();
  return (
    <Dialog
      title="Keyboard and help"
      onClose={onClose}
      footer={
        <p className={styles.footer}>
          <a href="/docs/api">API reference</a>
          {version && <span>Labelwright {version}</span>}
        </p>
      }
    >
      {groups.map((group) => (
        <section key={group}>
          <h3 className={styles.group}>{group}</h3>
          <dl className={styles.list}>
            {commands
              .filter((command) => command.group === group)
              .map((command) => (
                <div key={command.keys} className={styles.row}>
                  <dt>{command.title}</dt>
                  <dd>
                    <KeyCap keys={command.keys.replace("arrow", "")} />
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
      <p className={styles.note}>
        The labeling screen has its own list: press <KeyCap keys="?" /> there. Change its keys under Account, Hotkeys.
      </p>
    </Dialog>
  );
}
