import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { invalidate } from "../api/queries";
import { configFromResults } from "../config/fromResults";
import { fitToColumns, starters, type Starter } from "../config/starters";
import { detectColumns, guessLabels } from "./columns";
import { createProject, ImportFailed, nothingCreated, type Creation } from "./createProject";
import { importProblems } from "./importErrors";
import { takeFiles } from "./inbox";
import type { RowProblem } from "./rows";
import { readSources, sampleTexts, type Source } from "./sources";

const TITLE_LENGTH = { least: 3, most: 50 };
const FROM_DATA = "from-data";

/** A title from the name of the first file: "support_mails.csv" → "Support mails". */
export function titleFrom(fileName: string): string {
  const words = fileName.replace(/\.\w+$/, "").replace(/[_-]+/g, " ").trim();
  const title = words.length < TITLE_LENGTH.least ? `${words} project`.trim() : words;
  return (title.charAt(0).toUpperCase() + title.slice(1, TITLE_LENGTH.most)).trim();
}

/** What the person has put together so far, and the verbs of the page. `sample`: begin with made-up data of that kind. */
export function useNewProject(sample: string | undefined) {
  const [title, setTitle] = useState<string | null>(null);
  const [sources, setSources] = useState<readonly Source[]>([]);
  const [refused, setRefused] = useState<readonly RowProblem[]>([]);
  // null = follow the suggestion for the data; a text = chosen or edited by hand.
  const [picked, setPicked] = useState<{ id: string | null; config: string } | null>(null);
  const [creation, setCreation] = useState<Creation>(nothingCreated);
  const [creating, setCreating] = useState<number | null>(null);
  const [failure, setFailure] = useState<unknown>(null);

  const rows = useMemo(() => sources.flatMap((source) => source.rows), [sources]);
  const columns = useMemo(() => detectColumns(rows), [rows]);
  const suggestions = useMemo<Starter[]>(() => {
    const rebuilt = configFromResults(sources.flatMap((source) => source.results), columns);
    const own = rebuilt ? [{ id: FROM_DATA, title: "As your annotations", hint: "The controls and labels found in the data", config: rebuilt }] : [];
    return [...own, ...starters(columns, guessLabels(columns))];
  }, [sources, columns]);

  const suggestion = suggestions[0];
  const config = picked?.config ?? suggestion?.config ?? "<View></View>";
  const first = sources[0];
  const shownTitle = title ?? (first ? titleFrom(first.files.length > 1 ? `${first.format} project` : first.name) : "");

  const addFiles = useCallback((files: readonly File[]) => {
    void readSources(files).then((read) => {
      setSources((now) => [...now, ...read.sources]);
      setRefused(read.refused);
      setFailure(null);
    });
  }, []);
  const begun = useRef(false);
  useEffect(() => {
    const files = takeFiles();
    if (files.length > 0) addFiles(files);
    else if (sample === "texts" && !begun.current) addFiles([sampleTexts()]);
    begun.current = true;
  }, [addFiles, sample]);

  const create = async (): Promise<{ projectId: number; tasks: number } | null> => {
    if (creating !== null) return null;
    if (shownTitle.trim().length < TITLE_LENGTH.least) {
      setFailure(new Error(`Give the project a title of at least ${TITLE_LENGTH.least} characters.`));
      return null;
    }
    const unreadable = sources.find((source) => source.problems.some((problem) => problem.row === null));
    if (unreadable) {
      setFailure(new Error(`${unreadable.name} cannot be read. Mend it, or take it off the list.`));
      return null;
    }
    setCreating(0);
    setFailure(null);
    setRefused([]);
    let done = creation;
    try {
      done = await createProject({
        title: shownTitle.trim(),
        config,
        sources,
        from: creation,
        onStep: (step) => setCreation(step),
        onProgress: setCreating,
      });
    } catch (error) {
      setFailure(error);
      if (error instanceof ImportFailed) setRefused(importProblems(error.cause));
      setCreating(null);
      return null;
    }
    await invalidate(["projects"]);
    return done.projectId === null ? null : { projectId: done.projectId, tasks: done.tasks };
  };

  return {
    title: shownTitle,
    setTitle,
    sources,
    rows,
    total: sources.some((source) => source.total === null) ? null : sources.reduce((sum, source) => sum + (source.total ?? 0), 0),
    columns,
    suggestions,
    config,
    chosen: picked ? picked.id : (suggestion?.id ?? null),
    problems: refused,
    creating,
    failure,
    isCreated: creation.projectId !== null,
    addFiles,
    removeSource: (source: Source) => setSources((now) => now.filter((each) => each !== source)),
    choose: (id: string, template: string) => setPicked(id === suggestion?.id ? null : { id, config: fitToColumns(template, columns) }),
    editConfig: (xml: string) => setPicked({ id: null, config: xml }),
    create,
  };
}
