import { Banner, Button, Checkbox, Chip, Dialog, RadioGroup, Skeleton, toast } from "@labelwright/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { errorText } from "../api/client";
import type { Project } from "../api/models";
import { exportFormatsQuery } from "../api/queries";
import { countOf, formatBytes } from "../format";
import { downloadExport } from "./downloadExport";
import styles from "./ExportDialog.module.css";
import { countSelected, type Selection } from "./selection";

/** More ids do not fit into an address. */
const MOST_IDS = 500;

interface ExportDialogProps {
  project: Project;
  selection: Selection;
  total: number;
  onClose: () => void;
}

export function ExportDialog({ project, selection, total, onClose }: ExportDialogProps) {
  const formats = useQuery(exportFormatsQuery(project.id));
  const [format, setFormat] = useState("JSON");
  const ids = !selection.all && selection.ids.size > 0 && selection.ids.size <= MOST_IDS ? [...selection.ids] : [];
  const [onlySelected, setOnlySelected] = useState(ids.length > 0);
  const [everyTask, setEveryTask] = useState(false);
  const [received, setReceived] = useState(0);
  const selected = countSelected(selection, total);

  const download = useMutation({
    mutationFn: () => downloadExport(project.id, { format, everyTask: everyTask || onlySelected, ids: onlySelected ? ids : [], onBytes: setReceived }),
    onSuccess: (name) => {
      toast({ message: `Saved ${name}.`, tone: "ok" });
      onClose();
    },
  });

  return (
    <Dialog
      title="Export"
      onClose={onClose}
      onSubmit={() => download.mutate()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={download.isPending || formats.isPending} disabled={formats.isError} data-autofocus>
            {download.isPending ? `Downloading ${formatBytes(received)}` : "Download"}
          </Button>
        </>
      }
    >
      {formats.isPending && <Skeleton height={200} />}
      {formats.isError && <Banner tone="danger">{errorText(formats.error)}</Banner>}
      {formats.data && (
        <div className={styles.formats}>
          <RadioGroup
            legend="Format"
            hideLegend
            value={format}
            onChange={setFormat}
            options={formats.data
              .filter((each) => !each.disabled)
              .map((each) => ({
                value: each.name,
                label: (
                  <span className={styles.format}>
                    {each.title} {each.tags?.slice(0, 3).map((tag) => <Chip key={tag}>{tag}</Chip>)}
                  </span>
                ),
                description: each.description,
              }))}
          />
        </div>
      )}
      <div className={styles.options}>
        {ids.length > 0 && <Checkbox label={`Only the ${countOf(ids.length, "selected task")}`} checked={onlySelected} onChange={setOnlySelected} />}
        {ids.length === 0 && selected > 0 && <p className={styles.note}>Only up to {MOST_IDS} ticked tasks can be exported by themselves; this exports the whole project.</p>}
        {!onlySelected && <Checkbox label="Also tasks without annotations" checked={everyTask} onChange={setEveryTask} />}
      </div>
      {download.isError && <Banner tone="danger">{errorText(download.error)}</Banner>}
    </Dialog>
  );
}
