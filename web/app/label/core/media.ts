/** What of a task has to be downloaded before it can be seen: fetched ahead, so that the next image is there at once. */
import type { LabelConfig } from "@labelwright/config";
import type { LabelTask } from "./model";

export interface Medium {
  readonly kind: "image" | "audio" | "video";
  readonly url: string;
}

const KINDS: Readonly<Record<string, Medium["kind"]>> = { Image: "image", Audio: "audio", AudioPlus: "audio", Video: "video" };

/** Addresses that the object tags of this config take from the task's data, in document order, each once. */
export function mediaOf(config: Pick<LabelConfig, "objects">, data: LabelTask["data"]): Medium[] {
  const found = config.objects.flatMap((node): Medium[] => {
    const kind = KINDS[node.tag];
    const source = node.raw.valuelist ?? node.raw.value ?? "";
    if (!kind || !source.startsWith("$")) return [];
    const value = valueAt(data, source.slice(1));
    const urls = (Array.isArray(value) ? value : [value]).filter((url): url is string => typeof url === "string" && url !== "");
    return urls.map((url) => ({ kind, url }));
  });
  return [...new Map(found.map((medium) => [medium.url, medium])).values()];
}

function valueAt(data: LabelTask["data"], path: string): unknown {
  return path.split(/[.[\]]+/).filter(Boolean).reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], data);
}
