/** Load a picture by its address, or say in plain words why that does not work. */
import { Picture } from "@labelwright/canvas";

export type Loaded = { readonly picture: Picture } | { readonly problem: PictureProblem };

export interface PictureProblem {
  readonly title: string;
  readonly detail: string;
  /** Trying again may help. */
  readonly retry: boolean;
}

export interface LoadOptions {
  readonly crossOrigin: "anonymous" | "use-credentials" | null;
  readonly field: string;
  readonly signal: AbortSignal;
}

export async function loadPicture(address: string, options: LoadOptions): Promise<Loaded> {
  const early = refuse(address, options.field);
  if (early) return { problem: early };
  // We draw pixels and never read them: a host without CORS headers is no reason to show nothing.
  const image = (await decode(address, options.crossOrigin)) ?? (options.crossOrigin ? await decode(address, null) : null);
  if (image && image.naturalWidth > 0 && image.naturalHeight > 0) {
    return { picture: new Picture(image, { width: image.naturalWidth, height: image.naturalHeight }) };
  }
  return { problem: await explain(address, options.signal) };
}

function decode(address: string, crossOrigin: string | null): Promise<HTMLImageElement | null> {
  const image = new Image();
  if (crossOrigin !== null) image.crossOrigin = crossOrigin;
  image.decoding = "async";
  image.src = address;
  return image.decode().then(() => image, () => null);
}

/** Addresses that cannot be a picture. */
function refuse(address: string, field: string): PictureProblem | null {
  if (address === "") return { title: "No picture in this task", detail: `The field ${field || "of the Image tag"} is empty or missing in the task's data.`, retry: false };
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(address)?.[1]?.toLowerCase();
  if (scheme === undefined || ["http", "https", "data", "blob"].includes(scheme)) return null;
  return {
    title: "This address needs a storage",
    detail: `A browser cannot open ${scheme}:// addresses. Connect the storage in the project's settings, or import web addresses (https://…).`,
    retry: false,
  };
}

async function explain(address: string, signal: AbortSignal): Promise<PictureProblem> {
  const url = new URL(address, location.href);
  if (url.protocol === "data:") return notPicture("The address holds data that is not a picture.");
  if (url.origin === location.origin) return explainOwn(url, signal);
  const answered = await fetch(url, { mode: "no-cors", credentials: "omit", signal }).then(() => true, () => false);
  if (!navigator.onLine) return { title: "You are offline", detail: "The picture loads when the connection is back.", retry: true };
  if (!answered) return { title: `${url.host} cannot be reached`, detail: "The host does not answer, or this site may not load pictures from it.", retry: true };
  return notPicture(`${url.host} answers, but not with a picture this browser can show: the address may be wrong or expired, or the format unusual (TIFF, RAW).`);
}

async function explainOwn(url: URL, signal: AbortSignal): Promise<PictureProblem> {
  const answer = await fetch(url, { signal }).catch(() => null);
  if (!answer) return { title: "The server does not answer", detail: "Check the connection.", retry: true };
  void answer.body?.cancel();
  if (answer.status === 404) return { title: "The picture is not there", detail: "The server has no file at this address (404). It may have been deleted.", retry: true };
  if (answer.status === 401 || answer.status === 403) return { title: "No access to this picture", detail: `The server refuses it (${answer.status}). Log in again, or ask the project's owner.`, retry: true };
  if (!answer.ok) return { title: "The picture could not be loaded", detail: `The server answers ${answer.status}.`, retry: true };
  const type = answer.headers.get("content-type")?.split(";")[0] ?? "no type";
  return notPicture(`The address answers with ${type}, which this browser cannot show as a picture.`);
}

const notPicture = (detail: string): PictureProblem => ({ title: "This is not a picture", detail, retry: true });
