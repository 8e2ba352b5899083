/** Makes the project and sends its data, one file after the other; what is done stays done when a later step fails. */
import { api, upload } from "../api/client";
import type { ImportAnswer, Project } from "../api/models";
import type { Source } from "./sources";

export interface Creation {
  /** Set once the project exists: a second attempt goes on from there. */
  readonly projectId: number | null;
  readonly imported: ReadonlySet<string>;
  readonly tasks: number;
}

export const nothingCreated: Creation = { projectId: null, imported: new Set(), tasks: 0 };

export interface CreateOptions {
  title: string;
  config: string;
  sources: readonly Source[];
  /** What an earlier attempt has done. */
  from: Creation;
  /** After each step. */
  onStep: (creation: Creation) => void;
  /** Part of the bytes sent, in [0, 1]. */
  onProgress: (part: number) => void;
}

export class ImportFailed extends Error {
  constructor(
    readonly source: Source,
    override readonly cause: unknown,
  ) {
    super(`${source.name} could not be imported`);
  }
}

const BATCH_FILES = 50;
const BATCH_BYTES = 24_000_000;

/** Files in groups that one request can carry. */
export function batches(files: readonly File[]): File[][] {
  const groups: File[][] = [];
  let bytes = Infinity;
  for (const file of files) {
    const last = groups.at(-1);
    if (!last || last.length >= BATCH_FILES || bytes + file.size > BATCH_BYTES) {
      groups.push([file]);
      bytes = file.size;
    } else {
      last.push(file);
      bytes += file.size;
    }
  }
  return groups;
}

async function makeProject(options: CreateOptions): Promise<number> {
  const body = { title: options.title, label_config: options.config };
  if (options.from.projectId === null) return (await api.post<Project>("/api/projects", body)).id;
  await api.patch<Project>(`/api/projects/${options.from.projectId}`, body);
  return options.from.projectId;
}

/** Rejects with ApiError (the project) or ImportFailed (one of its files). */
export async function createProject(options: CreateOptions): Promise<Creation> {
  const { sources, onStep, onProgress } = options;
  const projectId = await makeProject(options);
  let creation: Creation = { ...options.from, projectId };
  onStep(creation);

  const waiting = sources.filter((source) => !creation.imported.has(source.id));
  const total = waiting.reduce((sum, source) => sum + source.bytes, 0);
  let sent = 0;
  for (const source of waiting) {
    try {
      const tasks = await importFiles(projectId, source.files, (bytes) => onProgress(total ? (sent + bytes) / total : 0));
      creation = { projectId, imported: new Set([...creation.imported, source.id]), tasks: creation.tasks + tasks };
    } catch (error) {
      throw new ImportFailed(source, error);
    }
    sent += source.bytes;
    onStep(creation);
  }
  return creation;
}

/** Sends files to a project's import; the number of tasks made. `onBytes`: bytes sent so far. */
export async function importFiles(projectId: number, files: readonly File[], onBytes: (bytes: number) => void): Promise<number> {
  let tasks = 0;
  let before = 0;
  for (const batch of batches(files)) {
    const bytes = batch.reduce((sum, file) => sum + file.size, 0);
    const answer = await upload<ImportAnswer>(`/api/projects/${projectId}/import`, batch, (part) => onBytes(before + part * bytes));
    tasks += answer.task_count;
    before += bytes;
  }
  return tasks;
}
