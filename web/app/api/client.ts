/** The one way to the server: JSON in, JSON out, every failure an `ApiError`. The session cookie goes along by itself. */

/** Messages by field, or under `non_field_errors`; items of an import may be objects (`{}` = this item is fine). */
export type FieldErrors = Readonly<Record<string, readonly unknown[]>>;

export class ApiError extends Error {
  constructor(
    /** HTTP status; 0 = the server could not be reached. */
    readonly status: number,
    detail: string,
    readonly fields: FieldErrors = {},
    /** Id under which the server logged it. */
    readonly id: string | null = null,
  ) {
    super(detail);
    this.name = "ApiError";
  }

  /** What to show under one field of a form. */
  field(name: string): string | null {
    const messages = this.fields[name];
    return messages ? messages.map(String).join(" ") : null;
  }

  /** Everything the server said, one message a line. */
  get lines(): string[] {
    const all = Object.values(this.fields)
      .flat()
      .filter((message) => typeof message === "string");
    return all.length > 0 ? all : [this.message];
  }
}

/** The words for a failure of any kind. */
export function errorText(error: unknown): string {
  if (error instanceof ApiError) return error.lines.join("\n");
  return error instanceof Error ? error.message : String(error);
}

type Query = Readonly<Record<string, string | number | boolean | readonly (string | number)[] | undefined>>;

export function withQuery(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const item of Array.isArray(value) ? value : [value]) params.append(key, String(item));
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

/** An error answer (contract §0.3, or a plain `{"label_config": [...]}`) as an ApiError. */
export function readError(status: number, body: unknown): ApiError {
  const fallback = status === 413 ? "The server refuses files this large." : `The server answered with status ${status}.`;
  if (typeof body !== "object" || body === null) return new ApiError(status, fallback);
  const { detail, validation_errors, id } = body as Record<string, unknown>;
  const named = typeof validation_errors === "object" && validation_errors !== null ? validation_errors : detail === undefined ? body : {};
  const fields = Object.fromEntries(Object.entries(named).map(([name, messages]) => [name, Array.isArray(messages) ? messages : [messages]]));
  const text = typeof detail === "string" ? detail : Object.values(fields).flat().filter((item) => typeof item === "string").join(" ");
  return new ApiError(status, text || fallback, fields, typeof id === "string" ? id : null);
}

/** Leaves for the log-in page and comes back to this address afterwards. */
export function goToLogin(): void {
  if (location.pathname.startsWith("/user/")) return;
  location.assign(withQuery("/user/login/", { next: location.pathname + location.search }));
}

interface CallOptions {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
}

async function send(method: string, path: string, { query, body, signal }: CallOptions): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(withQuery(path, query), {
      method,
      credentials: "same-origin",
      signal: signal ?? null,
      headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      body: body === undefined ? null : JSON.stringify(body),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, "The server cannot be reached. Check that it runs and try again.");
  }
  if (answer.ok) return answer;
  if (answer.status === 401) goToLogin();
  throw readError(answer.status, await answer.json().catch(() => null));
}

/** The parsed body; null when there is none. */
async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const answer = await send(method, path, options);
  const text = await answer.text();
  return (text ? JSON.parse(text) : null) as T;
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) => call<T>("GET", path, { ...(query && { query }), ...(signal && { signal }) }),
  post: <T>(path: string, body?: unknown, query?: Query) => call<T>("POST", path, { body, ...(query && { query }) }),
  patch: <T>(path: string, body: unknown) => call<T>("PATCH", path, { body }),
  put: <T>(path: string, body: unknown) => call<T>("PUT", path, { body }),
  delete: (path: string, body?: unknown) => call<null>("DELETE", path, { body }),
};

/**
 * POST of files with progress in [0, 1] (XMLHttpRequest, since fetch does not tell how much it has sent).
 * Resolves to the parsed answer; rejects with ApiError.
 */
export function upload<T>(path: string, files: readonly File[], onProgress: (part: number) => void, signal?: AbortSignal): Promise<T> {
  const form = new FormData();
  for (const file of files) form.append(file.name, file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new ApiError(0, "The upload was cut off. Check the connection and try again."));
    request.onabort = () => reject(new ApiError(0, "Upload cancelled."));
    request.onload = () => {
      const body = parseOrNull(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(body as T);
      else {
        if (request.status === 401) goToLogin();
        reject(readError(request.status, body));
      }
    };
    signal?.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
