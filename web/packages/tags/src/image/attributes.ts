/** What an Image tag asks for, read once. Defaults are ours where Label Studio's would waste the screen. */
import { resolve, type ConfigNode } from "@labelwright/config";
import type { Align } from "@labelwright/canvas";

export interface ImageOptions {
  /** Addresses, one per page; a single one for a plain image. */
  readonly pages: readonly string[];
  /** True when regions carry `item_index`. */
  readonly multiPage: boolean;
  /** Names of the task's fields, for messages. */
  readonly field: string;
  readonly zoom: boolean | null;
  readonly zoomControl: boolean;
  readonly rotateControl: boolean;
  readonly brightnessControl: boolean;
  readonly contrastControl: boolean;
  readonly selectionControl: boolean;
  readonly negativeZoom: boolean;
  readonly zoomBy: number;
  readonly smoothing: boolean;
  readonly crosshair: boolean;
  readonly grid: { readonly size: number; readonly color: string } | null;
  readonly defaultZoom: "fit" | "auto" | "original";
  readonly alignX: Align;
  readonly alignY: Align;
  readonly width: string | undefined;
  readonly maxWidth: string | undefined;
  readonly crossOrigin: "anonymous" | "use-credentials" | null;
}

const ALIGN: Readonly<Record<string, Align>> = { left: "start", top: "start", center: "center", right: "end", bottom: "end" };

export function imageOptions(node: ConfigNode, data: Readonly<Record<string, unknown>>): ImageOptions {
  const { attrs, raw } = node;
  const list = raw.valuelist !== undefined ? resolve(attrs.valuelist, data) : undefined;
  const single = resolve(attrs.value, data);
  const pages = addresses(list ?? single);
  // Bare `$` values only; written-out sizes are what the author wants, the schema's defaults are not.
  const isOff = (name: string): boolean => raw[name] === "false";
  return {
    pages,
    multiPage: list !== undefined || Array.isArray(single),
    field: raw.valuelist ?? raw.value ?? "",
    zoom: raw.zoom === undefined ? null : attrs.zoom === true,
    zoomControl: !isOff("zoomcontrol"),
    rotateControl: attrs.rotatecontrol === true,
    brightnessControl: !isOff("brightnesscontrol"),
    contrastControl: !isOff("contrastcontrol"),
    selectionControl: !isOff("selectioncontrol"),
    negativeZoom: attrs.negativezoom === true,
    zoomBy: typeof attrs.zoomby === "number" && attrs.zoomby > 1 ? attrs.zoomby : 1.1,
    smoothing: !isOff("smoothing"),
    crosshair: attrs.crosshair === true,
    grid: attrs.grid === true ? { size: Math.max(1, Number(attrs.gridsize) || 30), color: String(attrs.gridcolor ?? "#EEEEF4") } : null,
    defaultZoom: attrs.defaultzoom === "auto" || attrs.defaultzoom === "original" ? attrs.defaultzoom : "fit",
    alignX: ALIGN[raw.horizontalalignment ?? "center"] ?? "center",
    alignY: ALIGN[raw.verticalalignment ?? "center"] ?? "center",
    width: raw.width,
    maxWidth: raw.maxwidth,
    crossOrigin: attrs.crossorigin === "anonymous" || attrs.crossorigin === "use-credentials" ? attrs.crossorigin : null,
  };
}

function addresses(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map((item) => (typeof item === "string" ? item.trim() : ""));
}
