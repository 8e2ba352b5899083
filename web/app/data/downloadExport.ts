import { ApiError, readError, withQuery } from "../api/client";

export interface ExportWishes {
  format: string;
  /** Also tasks that have no annotation. */
  everyTask: boolean;
  /** Only these tasks; empty = all. */
  ids: readonly number[];
  onBytes: (bytes: number) => void;
}

/** Fetches an export and hands it to the browser as a file; the file's name. Rejects with ApiError. */
export async function downloadExport(project: number, { format, everyTask, ids, onBytes }: ExportWishes): Promise<string> {
  const path = withQuery(`/api/projects/${project}/export`, { exportType: format, download_all_tasks: everyTask, "ids[]": ids });
  let answer: Response;
  try {
    answer = await fetch(path, { credentials: "same-origin" });
  } catch {
    throw new ApiError(0, "The server cannot be reached. Check that it runs and try again.");
  }
  if (!answer.ok) throw readError(answer.status, await answer.json().catch(() => null));
  const blob = await new Response(answer.body?.pipeThrough(counting(onBytes)), { headers: answer.headers }).blob();
  const name = fileName(answer.headers.get("Content-Disposition")) ?? `project-${project}.${format.toLowerCase()}`;
  save(blob, name);
  return name;
}

function counting(onBytes: (bytes: number) => void): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      onBytes(bytes);
      controller.enqueue(chunk);
    },
  });
}

/** The name in `attachment; filename="project-5.json"`. */
export function fileName(disposition: string | null): string | null {
  return /filename="?([^";]+)"?/.exec(disposition ?? "")?.[1] ?? null;
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
