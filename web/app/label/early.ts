/**
 * What other pages do for the labeling screen: send its first requests while its code is still loading, and send what an
 * earlier visit left unsent. Small on purpose: it is part of the first chunk.
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

const UNSENT = "labelwright.unsent";

/** How many answers and drafts wait on this device. */
export function noteUnsent(count: number): void {
  if (localStorage.getItem(UNSENT) !== String(count)) localStorage.setItem(UNSENT, String(count));
}

/** Answers of an earlier visit are sent from whatever page comes first; nothing is loaded where there are none. */
export function resumeSending(): void {
  if (Number(localStorage.getItem(UNSENT)) > 0) void import("./sending").then(({ labelingOffice }) => labelingOffice());
}
