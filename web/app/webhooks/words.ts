/** What is typed into the form of a webhook, and what a delivery says of itself. */
import type { ChipTone } from "@labelwright/ui";
import type { Delivery } from "../api/webhooks";

const stateWords: Readonly<Record<Delivery["state"], readonly [string, ChipTone]>> = {
  waiting: ["Waiting", "accent"],
  retrying: ["Trying again", "warn"],
  delivered: ["Delivered", "ok"],
  failed: ["Failed", "danger"],
};

export function deliveryState({ state }: Pick<Delivery, "state">): readonly [string, ChipTone] {
  return stateWords[state];
}

/** "Annotation created" of ANNOTATION_CREATED. */
export function eventWords(action: string): string {
  const words = action.replaceAll("_", " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const MOST_HEADERS = 10;

/** Lines "Name: value" as headers, or what is wrong with which line. */
export function readHeaders(text: string): { readonly headers: Record<string, string> } | { readonly problem: string } {
  const headers: Record<string, string> = {};
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const [, name, value] = /^\s*([^:]*?)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return { problem: `Line ${index + 1}: write “Name: value”.` };
    if (!/^[A-Za-z0-9_-]+$/.test(name)) return { problem: `Line ${index + 1}: a name is letters, digits, “-” and “_”.` };
    headers[name] = value;
  }
  if (Object.keys(headers).length > MOST_HEADERS) return { problem: `At most ${MOST_HEADERS} headers.` };
  return { headers };
}

export function writeHeaders(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}

/** Why a delivery did not arrive and what to do, in words. */
export function deliveryWords({ state, status_code, error }: Pick<Delivery, "state" | "status_code" | "error">): string {
  if (error) return error;
  if (status_code === null) return state === "waiting" || state === "retrying" ? "Not sent yet." : "";
  if (status_code < 300) return "Received.";
  return `The receiver answered with status ${status_code}.`;
}
