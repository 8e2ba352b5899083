import { Button, IconButton, Menu } from "@labelwright/ui";
import { Download, Ellipsis, Trash2, X } from "lucide-react";
import { countOf } from "../format";
import { useCommands } from "../shell/commands";
import type { DeleteWhat } from "./DeleteDialog";
import styles from "./SelectionBar.module.css";

interface SelectionBarProps {
  count: number;
  onClear: () => void;
  /** Given: a model is connected that can be asked. */
  onPredict?: (() => void) | undefined;
  isPredicting?: boolean;
  onExport: () => void;
  onDelete: (what: DeleteWhat) => void;
}

/** What can be done with the ticked tasks; lies over the foot of the table while there are any. */
export function SelectionBar({ count, onClear, onPredict, isPredicting, onExport, onDelete }: SelectionBarProps) {
  useCommands([
    { title: "Clear the selection", keys: "escape", group: "Data", run: onClear },
    { title: "Delete the selected tasks", keys: "delete", group: "Data", run: () => onDelete("tasks") },
  ]);
  return (
    <div className={styles.bar} role="region" aria-label="Selected tasks">
      <strong className={styles.count} role="status">
        {countOf(count, "task")} selected
      </strong>
      {onPredict && (
        <Button size="small" busy={isPredicting ?? false} onClick={onPredict}>
          Predict
        </Button>
      )}
      <Button size="small" className={styles.action} icon={<Download />} onClick={onExport}>
        Export
      </Button>
      <Button size="small" className={styles.action} icon={<Trash2 />} onClick={() => onDelete("tasks")}>
        Delete
      </Button>
      <Menu
        label="More for the selected tasks"
        align="end"
        trigger={(props) => (
          <IconButton label="More" size="small" {...props}>
            <Ellipsis />
          </IconButton>
        )}
        items={[
          { id: "annotations", label: "Delete their annotations…", tone: "danger", onSelect: () => onDelete("annotations") },
          { id: "predictions", label: "Delete their predictions…", tone: "danger", onSelect: () => onDelete("predictions") },
        ]}
      />
      <IconButton label="Clear the selection" keys="escape" size="small" onClick={onClear}>
        <X />
      </IconButton>
    </div>
  );
}
