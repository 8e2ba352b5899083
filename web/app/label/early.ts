/**
 * Requests of the labeling screen that are sent while its code is still loading: the router asks, the screen takes the answer.
 * Small on purpose: it is part of the first chunk.
 */
const KEPT_MS = 10_000;

interface Early {
  readonly answer: Promise<Response>;
  readonly at: number;
}

const asked = new Map<string, Early>();

function ask(path: string): void {
  const known = asked.get(path);
  if (known && Date.now() - known.at < KEPT_MS) return;
  const answer = fetch(path, { credentials: "same-origin" });
  answer.catch(() => undefined);
  asked.set(path, { answer, at: Date.now() });
}

/** The queue of a project is about to open. */
export function askForNext(projectId: number): void {
  ask(`/api/projects/${projectId}/next`);
}

/** This task is about to open. */
export function askForTask(taskId: number): void {
  ask(`/api/tasks/${taskId}`);
}

/** `fetch`, or the answer that was asked for early: once, and only while it is fresh. */
export const fetchEarly: typeof fetch = (input, init) => {
  const early = typeof input === "string" && (init?.method ?? "GET") === "GET" ? asked.get(input) : undefined;
  if (!early) return fetch(input, init);
  asked.delete(input as string);
  return Date.now() - early.at < KEPT_MS ? early.answer : fetch(input, init);
};
