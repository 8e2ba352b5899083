/** Logging in and signing up: the two forms of the server, sent by script. */
import { ApiError } from "../api/client";

/** The value of a cookie, "" when there is none. */
export function readCookie(cookies: string, name: string): string {
  const found = cookies.split("; ").find((cookie) => cookie.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/** Where to go afterwards: a path of this site, never another site ("//evil", "https://evil", "\\evil"). */
export function safeNext(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) ? next : "/projects/";
}

/** Sends the form; resolves when logged in, rejects with the message that the server shows in its page. */
export async function sendForm(path: string, fields: Record<string, string>): Promise<void> {
  const body = new URLSearchParams({ ...fields, csrfmiddlewaretoken: readCookie(document.cookie, "csrftoken") });
  let answer: Response;
  try {
    answer = await fetch(path, { method: "POST", credentials: "same-origin", body });
  } catch {
    throw new ApiError(0, "The server cannot be reached. Check that it runs and try again.");
  }
  if (answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const message = page.querySelector("[data-form-error]")?.textContent?.trim();
  const refused = answer.status === 429 ? "Too many attempts. Wait a moment and try again." : answer.status === 403 ? "This page is out of date. Reload it and try again." : "That did not work. Check the form and try again.";
  throw new ApiError(answer.status, message || refused);
}
