/** The calls this screen makes. Every failure is an `ApiError`; `status` 0 = the server could not be reached. */
import type { ResultItem } from "@labelwright/engine";
import type { InteractiveModel } from "./interactive";
import type { LabelTask, Person, Project, Proposal, StoredDraft } from "./model";
import { readDetail, readDrafts, readInteractiveModels, readPerson, readProject, readProposal, readTask, type WireRequest } from "./wire";

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly body: unknown = null,
    /** Seconds the server asks us to wait (Retry-After), else null. */
    readonly retryAfterS: number | null = null,
  ) {
    super(message);
  }

  /** Worth another try later: no connection, timeout, overload, a failure of the server. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 425 || this.status === 429 || this.status >= 500;
  }
}

export interface LabelApi {
  me(): Promise<Person>;
  project(id: number): Promise<Project>;
  task(id: number): Promise<LabelTask>;
  /** My drafts of a task. */
  drafts(taskId: number): Promise<readonly StoredDraft[]>;
  /** The next task of the server's queue, leased to me, none of `exclude`; null = nothing left. */
  next(projectId: number, exclude: readonly number[]): Promise<LabelTask | null>;
  /** Ids of one page of the data view's list, in its order; null = past the end. Pages count from 1. */
  viewPage(query: string, page: number, pageSize: number): Promise<{ ids: number[]; total: number } | null>;
  /** The project's connected models that answer prompts. */
  interactiveModels(projectId: number): Promise<readonly InteractiveModel[]>;
  /** What a model makes of these prompts; `problem`: why it makes nothing, in words. */
  askInteractively(modelId: number, taskId: number, prompts: readonly ResultItem[], signal: AbortSignal): Promise<Proposal>;
  /** keepalive: the request outlives the page (≤ 64 kB). */
  send(request: WireRequest, options?: { keepalive?: boolean }): Promise<unknown>;
}

export function createApi(doFetch: typeof fetch = (...args) => fetch(...args)): LabelApi {
  async function call(path: string, init?: RequestInit): Promise<unknown> {
    let answer: Response;
    try {
      answer = await doFetch(path, { credentials: "same-origin", ...init });
    } catch {
      throw new ApiError(0, "The server cannot be reached.");
    }
    const body: unknown = answer.status === 204 ? null : await answer.json().catch(() => null);
    if (answer.ok) return body;
    const wait = Number(answer.headers.get("Retry-After") ?? "");
    throw new ApiError(answer.status, readDetail(body, answer.status), body, Number.isFinite(wait) && wait > 0 ? wait : null);
  }

  return {
    me: async () => readPerson(await call("/api/current-user/whoami")) ?? { id: 0, name: "You", initials: "ME" },
    project: async (id) => readProject(await call(`/api/projects/${id}`)),
    task: async (id) => readTask(await call(`/api/tasks/${id}`)),
    drafts: async (taskId) => readDrafts(await call(`/api/tasks/${taskId}/drafts`)),
    next: async (projectId, exclude) => {
      try {
        const skip = exclude.length > 0 ? `?exclude=${exclude.join(",")}` : "";
        return readTask(await call(`/api/projects/${projectId}/next${skip}`));
      } catch (error) {
        // 404 of /next: nothing left, or the project is gone; the caller has the project at hand and can tell
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
    viewPage: async (query, page, pageSize) => {
      try {
        const body = (await call(`/api/tasks?${query}&page=${page}&page_size=${pageSize}&include=id`)) as { tasks?: { id: number }[]; total?: number };
        return { ids: (body.tasks ?? []).map((task) => task.id), total: body.total ?? 0 };
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
    interactiveModels: async (projectId) => readInteractiveModels(await call(`/api/ml?project=${projectId}`)),
    askInteractively: async (modelId, taskId, prompts, signal) =>
      readProposal(
        await call(`/api/ml/${modelId}/interactive-annotating`, {
          method: "POST", signal, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ task: taskId, context: { result: prompts } }),
        }),
      ),
    send: (request, options) =>
      call(request.path, {
        method: request.method,
        keepalive: options?.keepalive ?? false,
        ...(request.body ? { headers: { "Content-Type": "application/json" }, body: JSON.stringify(request.body) } : {}),
      }),
  };
}

/** A random UUID. `crypto.randomUUID` is missing on plain http, where many laptops in a team reach the server. */
export function newUniqueId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
