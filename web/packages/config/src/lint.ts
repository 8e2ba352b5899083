/**
 * What is wrong with a config as a whole, with the place and what to do. An `error` is what keeps it from being saved: the
 * server's rules (labelconfig/validate.py), which are Label Studio's; all else is a warning. Single attributes: `attributes.ts`.
 */
import { nearest } from "./attributes";
import { allSchemas, schemaOf } from "./schemas";
import type { ConfigNode, ConfigProblem } from "./types";
import { hasVariable } from "./variables";

type Severity = ConfigProblem["severity"];

/** `attr`: lower-cased name of the attribute that is meant; the problem is placed there. */
type Report = (severity: Severity, node: ConfigNode, message: string, fix?: string, attr?: string) => void;

interface Found {
  readonly root: ConfigNode;
  readonly names: Map<string, ConfigNode>;
  readonly makesRegions: boolean;
  readonly report: Report;
}

/** Problems of the tree in no particular order. */
export function lint(root: ConfigNode): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const report: Report = (severity, node, message, fix, attr) => {
    problems.push({ severity, message, tag: node.tag, place: (attr && node.attrPlaces?.[attr]) || node.place, ...(fix ? { fix } : {}) });
  };
  const found: Found = { root, names: new Map(), makesRegions: any(root, (node) => schemaOf(node.tag)?.regions === true), report };
  if (root.tag !== "View") report("warning", root, `<${root.tag}> stands at the top`, "Put one <View> around everything.");
  visit(root, null, (node) => collectName(node, found));
  visit(root, null, (node, parent) => {
    checkTag(node, parent, report);
    checkRequired(node, parent, report);
    checkSource(node, report);
    checkTargets(node, found);
    checkOptions(node, report);
    checkVisibility(node, found);
  });
  checkHotkeys(root, report);
  return problems;
}

function visit(node: ConfigNode, parent: ConfigNode | null, see: (node: ConfigNode, parent: ConfigNode | null) => void): void {
  see(node, parent);
  for (const child of node.children) visit(child, node, see);
}

function any(node: ConfigNode, holds: (node: ConfigNode) => boolean): boolean {
  return holds(node) || node.children.some((child) => any(child, holds));
}

function collectName(node: ConfigNode, { names, report }: Found): void {
  if (node.raw.name === undefined) return;
  const first = names.get(node.name);
  if (first) report("error", node, `name="${node.name}" is also the name of <${first.tag}> in line ${first.place.line}`, "Give each tag its own name.", "name");
  else names.set(node.name, node);
}

function checkTag(node: ConfigNode, parent: ConfigNode | null, report: Report): void {
  const schema = schemaOf(node.tag);
  if (schema === undefined) {
    const near = nearest(node.tag, allSchemas().map((each) => each.name));
    return report("warning", node, `There is no tag <${node.tag}>`, near ? `Did you mean <${near}>?` : "Delete it, or check its spelling.");
  }
  const text = node.text.trim();
  if (text !== "" && schema.content === undefined) report("warning", node, `The text "${text.length > 30 ? `${text.slice(0, 30)}…` : text}" inside <${node.tag}> is not shown`, 'Write <Header value="…"/> to show a text.');
  if (schema.kind !== "child" || parent === null) return;
  const home = schemaOf(parent.tag);
  const homes = allSchemas().filter((each) => each.children?.includes(schema.name)).map((each) => each.name);
  const belongs = home === undefined || parent.tag === "View" || home.children?.includes("*") || home.children?.includes(schema.name);
  const usual = homes.toSorted((a, b) => a.length - b.length)[0];
  if (!belongs && usual) report("warning", node, `<${node.tag}> does not belong in <${parent.tag}>`, `Put it into <${usual}>.`);
}

/** Tags without whose attributes the server refuses a config. */
const strict = new Set(["Choices", "Labels", "Choice", "Label", "Text", "Image", "HyperText", "TextArea", "Number"]);

function checkRequired(node: ConfigNode, parent: ConfigNode | null, report: Report): void {
  const schema = schemaOf(node.tag);
  for (const [key, facts] of Object.entries(schema?.attributes ?? {})) {
    if (!facts.required || node.raw[key] !== undefined) continue;
    if (key === "value" && (node.raw.valuelist !== undefined || node.raw.alias !== undefined || node.text.trim() !== "") && schema?.kind !== "child") continue;
    const isFatal = strict.has(node.tag) && ["name", "toname", "value"].includes(key) && isUnderView(node, parent);
    report(isFatal ? "error" : "warning", node, `<${node.tag}> needs ${facts.name}`, `Add ${facts.name}="${facts.type === "variable" && schema?.kind === "object" ? "$field" : "…"}".`);
  }
  if (node.tag === "Image" && node.raw.value === undefined && node.raw.valuelist === undefined) report("error", node, "<Image> needs value", 'Add value="$field".');
  if (schema?.kind === "object" && node.raw.value !== undefined && node.raw.valuelist !== undefined) {
    report("error", node, "value and valueList exclude each other", "Keep one of them: value for one picture, valueList for several pages.", "valuelist");
  }
}

/** The server looks under Views, and for options in their lists. */
function isUnderView(node: ConfigNode, parent: ConfigNode | null): boolean {
  const isOption = node.tag === "Choice" || node.tag === "Label";
  return parent?.tag === "View" || (isOption && (parent?.tag === "Choices" || parent?.tag === "Labels"));
}

function checkSource(node: ConfigNode, report: Report): void {
  const attr = node.raw.value ? "value" : "valuelist";
  const value = node.raw[attr] ?? "";
  if (schemaOf(node.tag)?.kind !== "object" || hasVariable(value) || !/^[\w-]+$/.test(value)) return;
  report("warning", node, `value="${value}" is the same for every task`, `Write value="$${value}" to take it from the task.`, attr);
}

function checkTargets(node: ConfigNode, { names, report }: Found): void {
  for (const target of node.raw.toname?.split(",") ?? []) {
    const found = names.get(target);
    if (found === undefined) {
      const near = names.has(target.trim()) ? target.trim() : nearest(target, [...names.keys()]);
      report("error", node, `toName="${target}" names no tag`, near ? `Did you mean toName="${near}"?` : `Give a tag name="${target}", or point toName to one that is there.`, "toname");
    } else checkTarget(node, found, target, report);
  }
}

function checkTarget(node: ConfigNode, object: ConfigNode, target: string, report: Report): void {
  const [control, shown] = [schemaOf(node.tag), schemaOf(object.tag)];
  if (control?.kind !== "control" || shown === undefined || object === node) return;
  if (shown.kind !== "object") report("warning", node, `toName="${target}" is a ${object.tag}, which shows nothing to label`, "Point it to an object, such as Text or Image.", "toname");
  else if (control.accepts && !control.accepts.includes("*") && !control.accepts.includes(object.tag)) {
    report("warning", node, `${node.tag} does not work on ${object.tag}`, `It works on ${control.accepts.join(", ")}.`, "toname");
  }
}

const optionTags = ["Label", "Choice", "Relation"];

function checkOptions(node: ConfigNode, report: Report): void {
  const child = schemaOf(node.tag)?.children?.find((name) => optionTags.includes(name));
  if (child === undefined || node.tag === "Choice") return;
  const options = optionNodes(node);
  if (options.length === 0 && node.raw.value === undefined && node.attrs.allowempty !== true && node.raw.apiurl === undefined) {
    const isFatal = (node.tag === "Choices" || node.tag === "Labels") && !node.children.some((each) => each.tag === "View");
    report(isFatal ? "error" : "warning", node, `<${node.tag}> needs <${child}> inside`, `Add <${child} value="…"/>.`);
  }
  const seen = new Set<string>();
  for (const option of options) {
    const stored = option.raw.alias || option.raw.value;
    if (stored === undefined || hasVariable(stored)) continue;
    if (seen.has(stored)) report("warning", option, `"${stored}" is there twice in ${node.name || node.tag}`, "Delete one, or give it another alias.");
    seen.add(stored);
  }
}

/** Options on the first level; the levels below may repeat a name. */
function optionNodes(node: ConfigNode): ConfigNode[] {
  return node.children.flatMap((child) => (optionTags.includes(child.tag) ? [child] : optionNodes(child)));
}

function checkVisibility(node: ConfigNode, { names, makesRegions, report }: Found): void {
  const tags = node.attrs.whentagname;
  for (const name of Array.isArray(tags) ? (tags as readonly string[]) : []) {
    if (names.has(name)) continue;
    const near = nearest(name, [...names.keys()]);
    report("warning", node, `whenTagName="${name}" names no control`, near ? `Did you mean "${near}"?` : "Name a control that is there.", "whentagname");
  }
  if (node.attrs.perregion === true && !makesRegions) {
    report("warning", node, "perRegion asks about regions, but nothing here makes any", "Add a control such as Labels or RectangleLabels, or drop perRegion.", "perregion");
  }
}

function checkHotkeys(root: ConfigNode, report: Report): void {
  const owners = new Map<string, ConfigNode>();
  visit(root, null, (node) => {
    const key = node.raw.hotkey?.trim().toLowerCase();
    if (!key || !schemaOf(node.tag)?.attributes.hotkey) return;
    const owner = owners.get(key);
    if (owner) report("warning", node, `The key "${key}" is already used by ${owner.raw.value || owner.name || owner.tag} (line ${owner.place.line})`, "Choose another key.", "hotkey");
    else owners.set(key, node);
  });
}
