/** A small Label Studio in memory, behind `fetch`: enough for this screen's calls. */
import type { ResultItem } from "@labelwright/engine";

interface Row {
  id: number;
  task: number;
  result: ResultItem[];
  was_cancelled: boolean;
  ground_truth: boolean;
  completed_by: number;
  unique_id?: string;
  parent_prediction?: number | null;
}

export interface FakeServer {
  readonly fetch: typeof fetch;
  readonly annotations: Row[];
  readonly drafts: { id: number; task: number; annotation: number | null; result: ResultItem[] }[];
  /** "POST /api/tasks/1/annotations" …, in the order they arrived. */
  readonly log: string[];
  readonly bodies: Record<string, unknown>[];
  predictions: { id: number; task: number; result: ResultItem[]; score: number; model_version: string | null }[];
  /** What is said of a task's suggestion. */
  suggesting: Map<number, { suggestion: string; suggestion_reason?: string }>;
  project: Record<string, unknown>;
  isOnline: boolean;
  /** Turns of the event loop that the next task takes. */
  lag: number;
  /** Answer the next requests whose line contains the key with this status. */
  fail: Map<string, number>;
}

export const CONFIG = `<View><Text name="text" value="$text"/><Choices name="mood" toName="text" choice="single"><Choice value="Good"/><Choice value="Bad"/></Choices></View>`;

export function fakeServer(taskCount: number): FakeServer {
  const taskIds = Array.from({ length: taskCount }, (_, index) => index + 1);
  let lastId = 100;
  const person = { id: 7, first_name: "", last_name: "", email: "ann@example.com", initials: "an" };
  const server: FakeServer = {
    annotations: [], drafts: [], log: [], bodies: [], predictions: [], suggesting: new Map(), isOnline: true, lag: 0, fail: new Map(),
    project: { id: 1, title: "Mails", label_config: CONFIG, show_skip_button: true, enable_empty_annotation: false, task_number: taskCount, queue_total: taskCount, queue_done: 0 },
    fetch: async (input, init) => {
      const url = new URL(String(input), "http://fake");
      const method = init?.method ?? "GET";
      const line = `${method} ${url.pathname}`;
      if (url.pathname.endsWith("/next")) for (let turn = 0; turn < server.lag; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      if (!server.isOnline) throw new TypeError("Failed to fetch");
      server.log.push(line + (url.searchParams.has("exclude") ? `?exclude=${url.searchParams.get("exclude")}` : ""));
      for (const [part, status] of server.fail) if (line.includes(part)) return answer(status, { detail: `told to fail with ${status}` });
      const body = init?.body ? (JSON.parse(String(init.body)) as Record<string, unknown>) : {};
      if (init?.body) server.bodies.push(body);
      return route(method, url, body);
    },
  };

  const answer = (status: number, body?: unknown) => new Response(status === 204 ? null : JSON.stringify(body ?? {}), { status });
  const task = (id: number) => ({
    id, project: 1, data: { text: `text ${id}` }, allow_skip: true,
    annotations: server.annotations.filter((row) => row.task === id).map((row) => ({ ...row, completed_by: row.completed_by === 7 ? person : { id: row.completed_by, email: "jo@example.com", initials: "jk" } })),
    drafts: server.drafts.filter((row) => row.task === id),
    predictions: server.predictions.filter((row) => row.task === id),
    ...server.suggesting.get(id),
  });

  function route(method: string, url: URL, body: Record<string, unknown>): Response {
    const parts = url.pathname.split("/").slice(2);
    const id = Number(parts[1]);
    const key = `${method} ${parts.map((part) => (/^\d+$/.test(part) ? "N" : part)).join("/")}`;
    switch (key) {
      case "GET current-user/whoami":
        return answer(200, person);
      case "GET projects/N":
        return answer(200, server.project);
      case "GET projects/N/next": {
        const skip = new Set((url.searchParams.get("exclude") ?? "").split(",").map(Number));
        const next = taskIds.find((one) => !skip.has(one) && !server.annotations.some((row) => row.task === one && row.completed_by === 7));
        if (next === undefined) return answer(404, { detail: "There are no tasks" });
        const { predictions, ...rest } = task(next);
        const chosen = predictions.filter((row) => row.model_version === (server.project.model_version ?? row.model_version));
        return answer(200, { ...rest, annotations: [], predictions: chosen, total_predictions: predictions.length });
      }
      case "GET tasks": {
        const page = Number(url.searchParams.get("page"));
        const size = Number(url.searchParams.get("page_size"));
        const ids = taskIds.slice((page - 1) * size, page * size);
        return ids.length === 0 && page > 1 ? answer(404) : answer(200, { tasks: ids.map((one) => ({ id: one })), total: taskIds.length });
      }
      case "GET tasks/N":
        return taskIds.includes(id) ? answer(200, task(id)) : answer(404, { detail: "No Task matches the given query." });
      case "POST tasks/N/annotations": {
        const stored = server.annotations.find((row) => row.unique_id === body.unique_id);
        if (stored) return answer(409, { detail: "Annotation with this unique id already exists", annotation_id: stored.id });
        const row: Row = {
          id: ++lastId, task: id, result: body.result as ResultItem[], was_cancelled: body.was_cancelled === true, ground_truth: false, completed_by: 7,
          unique_id: body.unique_id as string, parent_prediction: body.parent_prediction as number | null,
        };
        server.annotations.push(row);
        const drafted = server.drafts.findIndex((draft) => draft.id === body.draft_id);
        if (drafted >= 0) server.drafts.splice(drafted, 1);
        return answer(201, row);
      }
      case "PATCH annotations/N": {
        const row = server.annotations.find((one) => one.id === id);
        return row ? answer(200, Object.assign(row, body)) : answer(404, { detail: "gone" });
      }
      case "DELETE annotations/N": {
        const at = server.annotations.findIndex((one) => one.id === id);
        if (at < 0) return answer(404, { detail: "gone" });
        server.annotations.splice(at, 1);
        return answer(204);
      }
      case "GET tasks/N/drafts":
        return answer(200, server.drafts.filter((row) => row.task === id));
      case "POST tasks/N/drafts":
      case "POST tasks/N/annotations/N/drafts": {
        const draft = { id: ++lastId, task: id, annotation: parts[3] ? Number(parts[3]) : null, result: body.result as ResultItem[] };
        server.drafts.push(draft);
        return answer(201, draft);
      }
      case "PATCH drafts/N": {
        const draft = server.drafts.find((one) => one.id === id);
        return draft ? answer(200, Object.assign(draft, { result: body.result })) : answer(404, { detail: "gone" });
      }
      case "DELETE drafts/N": {
        const at = server.drafts.findIndex((one) => one.id === id);
        if (at >= 0) server.drafts.splice(at, 1);
        return answer(at >= 0 ? 204 : 404);
      }
      default:
        throw new Error(`fake server: ${key}`);
    }
  }
  return server;
}
