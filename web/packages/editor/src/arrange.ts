/** Where the tags of a config go: which per-region questions move to the panel, and what stands beside the object. */
import { schemaOf, walk, type ConfigNode } from "@labelwright/config";
import { tagFor } from "@labelwright/tags";

export interface Arrangement {
  /** "columns": labels and objects left, forms beside them where there is room; "flow": as the config has it. */
  readonly kind: "columns" | "flow";
  readonly labels: readonly ConfigNode[];
  readonly main: readonly ConfigNode[];
  readonly forms: readonly ConfigNode[];
  /** Whether the objects want all the width. */
  readonly fills: boolean;
  /** More than one object shares the height. */
  readonly objectCount: number;
}

const kindOf = (node: ConfigNode) => schemaOf(node.tag)?.kind;
const isControl = (node: ConfigNode) => kindOf(node) === "control" && node.name !== "";
const makesRegions = (node: ConfigNode) => schemaOf(node.tag)?.regions === true;
const some = (node: ConfigNode, holds: (each: ConfigNode) => boolean): boolean => [...walk(node)].some(holds);

/** Tags that lay out others by CSS of their own must keep their place. */
const hasOwnLayout = ({ raw }: ConfigNode) => Boolean(raw.style || raw.classname || raw.display);

/**
 * Sorts the children of a plain root: label palettes first, so that they are near the eye, then objects, then forms. A root
 * with a style of its own is left as it is. `inPanel` nodes are left out everywhere.
 */
export function arrange(root: ConfigNode, inPanel: ReadonlySet<ConfigNode>): Arrangement {
  const objects = [...walk(root)].filter((node) => kindOf(node) === "object");
  const about = { fills: objects.some((node) => tagFor(node.tag)?.fills === true), objectCount: objects.length };
  const top = plainRoot(root);
  const isSortable = top !== null && top.children.some((child) => some(child, (node) => kindOf(node) === "object"));
  if (!isSortable) return { kind: "flow", labels: [], main: [root], forms: [], ...about };
  const groups = { labels: [] as ConfigNode[], main: [] as ConfigNode[], forms: [] as ConfigNode[] };
  let waiting: ConfigNode[] = [];
  let last: keyof typeof groups = "main";
  for (const child of top.children) {
    if (inPanel.has(child)) continue;
    const group = groupOf(child);
    if (group === null) {
      waiting.push(child);
      continue;
    }
    groups[group].push(...waiting, child);
    [waiting, last] = [[], group];
  }
  groups[last].push(...waiting);
  return { kind: "columns", ...groups, ...about };
}

/** The View whose children may be sorted: the root, or the only View in it; null when it has a layout of its own. */
function plainRoot(root: ConfigNode): ConfigNode | null {
  if (root.tag !== "View" || hasOwnLayout(root)) return null;
  const [only, ...others] = root.children.filter((child) => child.tag !== "Style");
  return only?.tag === "View" && others.length === 0 && root.children.length === 1 && only.raw.visiblewhen === undefined ? plainRoot(only) : root;
}

/** null: goes with what follows (headings, styles, instructions). */
function groupOf(node: ConfigNode): "labels" | "main" | "forms" | null {
  if (some(node, (each) => kindOf(each) === "object")) return "main";
  const controls = [...walk(node)].filter(isControl);
  if (controls.length === 0) return null;
  if (controls.some((control) => tagFor(control.tag)?.staysWithObjects === true)) return "main";
  if (controls.every(makesRegions)) return "labels";
  return controls.some(makesRegions) ? "main" : "forms";
}

/**
 * Per-region questions, with the Views and headings that stand around them alone, in document order. They are asked in the
 * panel, next to the region's other details.
 */
export function perRegionGroups(root: ConfigNode): readonly ConfigNode[] {
  const found: ConfigNode[] = [];
  const visit = (node: ConfigNode) => {
    node.children.forEach((child, index) => {
      if (!isPerRegionOnly(child)) return visit(child);
      const before = node.children[index - 1];
      if (before?.tag === "Header" && !found.includes(before)) found.push(before);
      found.push(child);
    });
  };
  visit(root);
  return found;
}

function isPerRegionOnly(node: ConfigNode): boolean {
  if (some(node, (each) => kindOf(each) === "object" || makesRegions(each))) return false;
  const controls = [...walk(node)].filter(isControl);
  return controls.length > 0 && controls.every((control) => control.attrs.perregion === true);
}
