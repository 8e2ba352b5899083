import { Button, Chip, Dialog, DropZone, IconButton, Menu, TextArea } from "@labelwright/ui";
import { ClipboardPaste, FlaskConical, Image, Text, X } from "lucide-react";
import { useState } from "react";
import { formatBytes, formatCount } from "../format";
import type { Column } from "./columns";
import styles from "./DataColumn.module.css";
import { guessFormat, type RowProblem } from "./rows";
import { acceptedFiles, pastedFile, sampleImages, sampleTexts, type Source } from "./sources";

interface DataColumnProps {
  sources: readonly Source[];
  columns: readonly Column[];
  /** Files that cannot be used, and what the server refused. */
  problems: readonly RowProblem[];
  onFiles: (files: readonly File[]) => void;
  onRemove: (source: Source) => void;
}

export function DataColumn({ sources, columns, problems, onFiles, onRemove }: DataColumnProps) {
  const [pasting, setPasting] = useState(false);
  const [problemsShown, setProblemsShown] = useState(8);
  const all = [...problems, ...sources.flatMap((source) => source.problems.map((problem) => ({ ...problem, message: describe(source, problem) })))];
  return (
    <>
      <DropZone compact onFiles={onFiles} accept={acceptedFiles} title={sources.length > 0 ? "Add more files" : "Drop files or click to browse"}>
        JSON, JSONL, CSV, TSV, TXT, images
      </DropZone>
      <div className={styles.ways}>
        <Button size="small" icon={<ClipboardPaste />} onClick={() => setPasting(true)}>
          Paste text
        </Button>
        <Menu
          label="Sample data"
          trigger={(props) => (
            <Button size="small" icon={<FlaskConical />} {...props}>
              Sample data
            </Button>
          )}
          items={[
            { id: "texts", label: "Customer reviews", icon: <Text />, onSelect: () => onFiles([sampleTexts()]) },
            { id: "images", label: "Pictures of shapes", icon: <Image />, onSelect: () => void sampleImages().then(onFiles) },
          ]}
        />
      </div>
      {sources.length > 0 && (
        <ul className={styles.sources} aria-label="Data of the project">
          {sources.map((source) => (
            <li key={source.id} className={styles.source}>
              <div className={styles.file}>
                <strong title={source.name}>{source.name}</strong>
                <span>
                  {source.total === null ? "large file" : `${formatCount(source.total)} ${source.total === 1 ? "row" : "rows"}`} · {formatBytes(source.bytes)}
                  {source.results.length > 0 && " · annotated"}
                </span>
              </div>
              <IconButton label={`Remove ${source.name}`} size="small" onClick={() => onRemove(source)}>
                <X />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      {columns.length > 0 && <Columns columns={columns} />}
      {all.length > 0 && (
        <div className={styles.problems} role="alert">
          <ul>
            {all.slice(0, problemsShown).map((problem, index) => (
              <li key={index}>
                {problem.row !== null && <strong>Row {problem.row}</strong>} {problem.message}
              </li>
            ))}
          </ul>
          {all.length > problemsShown && (
            <Button size="small" onClick={() => setProblemsShown(all.length)}>
              Show {all.length - problemsShown} more
            </Button>
          )}
        </div>
      )}
      {pasting && <PasteDialog onClose={() => setPasting(false)} onFiles={onFiles} />}
    </>
  );
}

function describe(source: Source, problem: RowProblem): string {
  return problem.row === null ? `${source.name}: ${problem.message}` : `of ${source.name} ${problem.message}`;
}

const kindWords: Readonly<Record<Column["kind"], string>> = {
  image: "image", audio: "audio", video: "video", pdf: "PDF", html: "HTML", dialogue: "dialogue", text: "text", class: "classes", number: "number", id: "id", list: "list", other: "data",
};

function Columns({ columns }: { columns: readonly Column[] }) {
  return (
    <section>
      <h3 className={styles.heading}>Columns</h3>
      <ul className={styles.columns}>
        {columns.map((column) => (
          <li key={column.name}>
            <span className={styles.column} title={column.name}>
              {column.name}
            </span>
            <Chip tone={column.kind === "id" || column.kind === "number" || column.kind === "other" ? "neutral" : "accent"}>{kindWords[column.kind]}</Chip>
          </li>
        ))}
      </ul>
    </section>
  );
}

const formatWords = { json: "JSON", jsonl: "JSON, one object a line", csv: "CSV with a header", tsv: "a table with tabs", txt: "plain text, one item a line" } as const;

function PasteDialog({ onClose, onFiles }: { onClose: () => void; onFiles: (files: readonly File[]) => void }) {
  const [text, setText] = useState("");
  const add = () => {
    onFiles([pastedFile(text)]);
    onClose();
  };
  return (
    <Dialog
      title="Paste text"
      size="large"
      onClose={onClose}
      onSubmit={add}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={text.trim() === ""}>
            Add
          </Button>
        </>
      }
    >
      <TextArea
        label="Lines of text, CSV, TSV or JSON"
        rows={12}
        mono
        value={text}
        data-autofocus
        onChange={(event) => setText(event.target.value)}
        description={text.trim() ? `Read as ${formatWords[guessFormat(text)]}.` : "One item on each line, or a table with a header."}
      />
    </Dialog>
  );
}
