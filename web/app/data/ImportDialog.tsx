import { Button, Dialog, DropZone, ProgressBar, toast } from "@labelwright/ui";
import { useEffect, useRef, useState } from "react";
import { invalidate } from "../api/queries";
import { importFiles } from "../create/createProject";
import { importProblems } from "../create/importErrors";
import type { RowProblem } from "../create/rows";
import { acceptedFiles } from "../create/sources";
import { countOf, formatBytes } from "../format";
import styles from "./ImportDialog.module.css";

interface Upload {
  readonly name: string;
  readonly bytes: number;
  readonly files: readonly File[];
  /** Part sent in [0, 1]. */
  readonly part: number;
  readonly tasks: number | null;
  readonly problems: readonly RowProblem[];
}

const isTable = (file: File) => /\.(json|jsonl|ndjson|csv|tsv|txt)$/i.test(file.name);

/** Tables one by one, so that a bad one does not hold the others up; media together. */
function uploadsOf(files: readonly File[]): Upload[] {
  const media = files.filter((file) => !isTable(file));
  const groups = [...files.filter(isTable).map((file) => [file]), ...(media.length > 0 ? [media] : [])];
  return groups.map((group) => ({
    name: group.length === 1 ? (group[0]?.name ?? "") : countOf(group.length, "file"),
    bytes: group.reduce((sum, file) => sum + file.size, 0),
    files: group,
    part: 0,
    tasks: null,
    problems: [],
  }));
}

/** Takes files and sends them at once; each shows its progress, then its tasks or what was wrong with it, by row. */
export function ImportDialog({ projectId, files: dropped, onClose }: { projectId: number; files: readonly File[]; onClose: () => void }) {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const [busy, setBusy] = useState(false);
  const change = (files: readonly File[], patch: Partial<Upload>) => setUploads((now) => now.map((upload) => (upload.files === files ? { ...upload, ...patch } : upload)));

  const start = async (files: readonly File[]) => {
    const added = uploadsOf(files);
    setUploads((now) => [...now, ...added]);
    setBusy(true);
    let tasks = 0;
    for (const upload of added) {
      try {
        const made = await importFiles(projectId, upload.files, (bytes) => change(upload.files, { part: upload.bytes ? bytes / upload.bytes : 0 }));
        tasks += made;
        change(upload.files, { part: 1, tasks: made });
      } catch (error) {
        change(upload.files, { problems: importProblems(error) });
      }
    }
    setBusy(false);
    if (tasks > 0) {
      await invalidate(["tasks", projectId], ["project", projectId], ["projects"], ["columns", projectId], ["export-formats", projectId], ["jobs", projectId]);
      toast({ message: `Imported ${countOf(tasks, "task")}.`, tone: "ok" });
    }
  };

  const begun = useRef(false);
  useEffect(() => {
    if (begun.current || dropped.length === 0) return;
    begun.current = true;
    void start(dropped);
    // Once, with the files that opened the dialog.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  return (
    <Dialog title="Import data" onClose={onClose} footer={<Button onClick={onClose}>{busy ? "Go on in the background" : "Close"}</Button>}>
      <DropZone onFiles={(files) => void start(files)} accept={acceptedFiles} title="Drop files here or click to browse">
        JSON, JSONL, CSV, TSV, TXT or images. All rows of a file are imported, or none.
      </DropZone>
      {uploads.length > 0 && (
        <ul className={styles.list} aria-live="polite">
          {uploads.map((upload, index) => (
            <li key={index} className={styles.upload}>
              <div className={styles.line}>
                <strong>{upload.name}</strong>
                <span className={styles.muted}>
                  {upload.tasks !== null ? countOf(upload.tasks, "task") : upload.problems.length > 0 ? "not imported" : formatBytes(upload.bytes)}
                </span>
              </div>
              {upload.tasks === null && upload.problems.length === 0 && <ProgressBar label={`Upload of ${upload.name}`} value={upload.part} max={1} />}
              {upload.problems.length > 0 && <Problems problems={upload.problems} />}
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}

const MOST_SHOWN = 20;

function Problems({ problems }: { problems: readonly RowProblem[] }) {
  return (
    <ul className={styles.problems} aria-label="What is wrong">
      {problems.slice(0, MOST_SHOWN).map((problem, index) => (
        <li key={index}>
          {problem.row !== null && <strong>Row {problem.row}: </strong>}
          {problem.message}
        </li>
      ))}
      {problems.length > MOST_SHOWN && <li>and {problems.length - MOST_SHOWN} more rows</li>}
    </ul>
  );
}
