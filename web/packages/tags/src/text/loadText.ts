/** The text of a Text tag: from the task, decoded, or fetched from an address. */
import { resolveText, type ConfigNode } from "@labelwright/config";

export type LoadedText = { readonly text: string } | { readonly problem: { readonly title: string; readonly detail: string; readonly retry: boolean } };

/** Text that is in the task itself; null when `value` is an address to fetch. */
export function textInTask(node: ConfigNode, data: Readonly<Record<string, unknown>>): LoadedText | null {
  if (node.attrs.valuetype === "url") return null;
  return decode(resolveText(node.attrs.value, data), node.attrs.encoding);
}

export async function fetchText(node: ConfigNode, data: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<LoadedText> {
  const address = resolveText(node.attrs.value, data).trim();
  if (address === "") return { problem: { title: "No text in this task", detail: `The field ${node.raw.value ?? ""} is empty or missing in the task's data.`, retry: false } };
  const url = new URL(address, location.href);
  if (!/^https?:|^data:|^blob:/.test(url.protocol)) return { problem: { title: "This address needs a storage", detail: `A browser cannot open ${url.protocol}// addresses.`, retry: false } };
  const answer = await fetch(url, { signal }).catch(() => null);
  if (!answer) {
    const foreign = url.origin !== location.origin;
    const detail = foreign ? `${url.host} does not answer, or does not allow other sites to read from it (CORS).` : "The server does not answer.";
    return { problem: { title: "The text could not be loaded", detail, retry: true } };
  }
  if (!answer.ok) return { problem: { title: "The text could not be loaded", detail: `${url.host || "The server"} answers ${answer.status}${answer.status === 404 ? " (not found)" : ""}.`, retry: true } };
  return decode(await answer.text(), node.attrs.encoding);
}

function decode(text: string, encoding: unknown): LoadedText {
  if (encoding !== "base64" && encoding !== "base64unicode") return { text };
  try {
    const binary = atob(text.trim());
    if (encoding === "base64") return { text: binary };
    return { text: new TextDecoder().decode(Uint8Array.from(binary, (letter) => letter.charCodeAt(0))) };
  } catch {
    return { problem: { title: "The text cannot be decoded", detail: "The field is not valid base64, which the label config says it is.", retry: false } };
  }
}
