/** The interface that annotated data was made with, rebuilt from the results that come along with it. */
import { paletteColor } from "@labelwright/ui";
import { mainColumn, type Column } from "../create/columns";
import { escapeAttr } from "./edits";

interface Seen {
  type: string;
  to: string;
  labels: Set<string>;
}

interface Shape {
  readonly tag: string;
  readonly object: string;
  readonly child?: "Choice" | "Label";
  readonly attrs?: string;
}

const shapes: Readonly<Record<string, Shape>> = {
  choices: { tag: "Choices", object: "Text", child: "Choice" },
  labels: { tag: "Labels", object: "Text", child: "Label" },
  rectanglelabels: { tag: "RectangleLabels", object: "Image", child: "Label" },
  polygonlabels: { tag: "PolygonLabels", object: "Image", child: "Label" },
  keypointlabels: { tag: "KeyPointLabels", object: "Image", child: "Label" },
  brushlabels: { tag: "BrushLabels", object: "Image", child: "Label" },
  textarea: { tag: "TextArea", object: "Text", attrs: ' maxSubmissions="1"' },
  rating: { tag: "Rating", object: "Text" },
};

function collect(results: readonly unknown[]): Map<string, Seen> {
  const controls = new Map<string, Seen>();
  for (const item of results) {
    if (typeof item !== "object" || item === null) continue;
    const { from_name, to_name, type, value } = item as Record<string, unknown>;
    if (typeof from_name !== "string" || typeof to_name !== "string" || typeof type !== "string" || !shapes[type]) continue;
    const seen = controls.get(from_name) ?? { type, to: to_name, labels: new Set<string>() };
    const labels = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[type] : null;
    if (shapes[type]?.child && Array.isArray(labels)) for (const label of labels) if (typeof label === "string") seen.labels.add(label);
    controls.set(from_name, seen);
  }
  return controls;
}

/** A config whose controls have the names, types and labels of `results`; null when there is none it can rebuild. */
export function configFromResults(results: readonly unknown[], columns: readonly Column[]): string | null {
  const controls = collect(results);
  if (controls.size === 0) return null;
  const main = mainColumn(columns);
  const objects = new Map<string, string>();
  const tags = [...controls].map(([name, { type, to, labels }]) => {
    const shape = shapes[type] as Shape;
    const isImage = shape.object === "Image" || main?.kind === "image";
    if (!objects.has(to) || isImage) objects.set(to, isImage ? "Image" : "Text");
    const open = `  <${shape.tag} name="${escapeAttr(name)}" toName="${escapeAttr(to)}"${shape.attrs ?? ""}`;
    if (!shape.child) return `${open}/>`;
    const options = [...labels].map((label, index) => `    <${shape.child} value="${escapeAttr(label)}"${shape.child === "Label" ? ` background="${paletteColor(index)}"` : ""}/>`);
    return `${open}>\n${options.join("\n")}\n  </${shape.tag}>`;
  });
  const shown = [...objects].map(([name, tag]) => {
    const column = columns.find((each) => each.name === name) ?? main;
    return `  <${tag} name="${escapeAttr(name)}" value="$${column?.name ?? name}"/>`;
  });
  return `<View>\n${[...shown, ...tags].join("\n")}\n</View>`;
}
