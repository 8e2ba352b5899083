/** What is wrong with a config as a whole, with the place and what to do. Spelling of single attributes: `attributes.ts`. */
import { nearest } from "./attributes";
import { allSchemas, schemaOf } from "./schemas";
import type { ConfigNode, ConfigProblem } from "./types";
import { hasVariable } from "./variables";

type Report = (node: ConfigNode, message: string, fix?: string, severity?: ConfigProblem["severity"]) => void;

interface Found {
  readonly names: Map<string, ConfigNode>;
  readonly report: Report;
}

/** Problems of the tree in no particular order. */
export function lint(root: ConfigNode): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const report: Report = (node, message, fix, severity = "error") => {
    problems.push({ severity, message, tag: node.tag, place: node.place, ...(fix ? { fix } : {}) });
  };
  const found: Found = { names: new Map(), report };
  visit(root, null, (node) => collectName(node, found));
  visit(root, null, (node, parent) => {
    checkTag(node, parent, report);
    checkRequired(node, report);
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

function collectName(node: ConfigNode, { names, report }: Found): void {
  const kind = schemaOf(node.tag)?.kind;
  if (node.name === "" || (kind !== "object" && kind !== "control")) return;
  if (names.has(node.name)) report(node, `The name "${node.name}" is used twice`, "Give each tag its own name.");
  else names.set(node.name, node);
}

function checkTag(node: ConfigNode, parent: ConfigNode | null, report: Report): void {
  const schema = schemaOf(node.tag);
  if (schema === undefined) {
    const near = nearest(node.tag, allSchemas().map((each) => each.name));
    report(node, `There is no tag <${node.tag}>`, near ? `Did you mean <${near}>?` : "Delete it, or check its spelling.");
    return;
  }
  if (schema.kind !== "child" || parent === null) return;
  const homes = allSchemas().filter((each) => each.children?.includes(schema.name)).map((each) => each.name);
  const inside = parent.tag === "View" || schemaOf(parent.tag)?.children?.includes("*") || homes.includes(parent.tag);
  if (!inside && homes.length > 0) report(node, `<${node.tag}> does not belong in <${parent.tag}>`, `Put it into <${homes[0]}>.`);
}

function checkRequired(node: ConfigNode, report: Report): void {
  for (const [key, facts] of Object.entries(schemaOf(node.tag)?.attributes ?? {})) {
    if (facts.required && node.raw[key] === undefined && !(key === "value" && node.text.trim() !== "")) {
      report(node, `<${node.tag}> needs ${facts.name}`, `Add ${facts.name}="${facts.type === "variable" ? "$field" : "…"}".`);
    }
  }
  const isObject = schemaOf(node.tag)?.kind === "object";
  const value = node.raw.value ?? "";
  if (isObject && value !== "" && !hasVariable(value) && !value.startsWith("{{")) {
    report(node, `value="${value}" is the same for every task`, `Write value="$${value.replace(/\W+/g, "_")}" to take it from the task.`, "warning");
  }
}

function checkTargets(node: ConfigNode, { names, report }: Found): void {
  const schema = schemaOf(node.tag);
  if (schema?.kind !== "control") return;
  for (const target of node.toName) {
    const object = names.get(target);
    if (object === undefined) {
      const near = nearest(target, [...names].filter(([, each]) => schemaOf(each.tag)?.kind === "object").map(([name]) => name));
      report(node, `toName="${target}" names no object`, near ? `Did you mean "${near}"?` : `Give an object name="${target}".`);
    } else if (object !== node && schemaOf(object.tag)?.kind !== "object") {
      report(node, `toName="${target}" is a ${object.tag}, which shows nothing to label`, "Point it to an object, such as Text or Image.");
    } else if (schema.accepts && !schema.accepts.includes("*") && !schema.accepts.includes(object.tag) && object !== node) {
      report(node, `${node.tag} does not work on ${object.tag}`, `It works on ${schema.accepts.join(", ")}.`);
    }
  }
}

const optionsNeeded: Readonly<Record<string, string>> = { Choice: "Choice", Label: "Label" };

function checkOptions(node: ConfigNode, report: Report): void {
  const schema = schemaOf(node.tag);
  const child = schema?.children?.find((name) => optionsNeeded[name]);
  if (schema?.kind !== "control" || child === undefined) return;
  const options = optionNodes(node);
  if (options.length === 0 && node.raw.value === undefined && node.attrs.allowempty !== true && node.raw.apiurl === undefined) {
    report(node, `<${node.tag}> has no <${child}>`, `Add <${child} value="…"/>.`, "warning");
  }
  const seen = new Set<string>();
  for (const option of options) {
    const stored = option.raw.alias || option.raw.value;
    if (stored === undefined || hasVariable(stored)) continue;
    if (seen.has(stored)) report(option, `"${stored}" is there twice in ${node.name || node.tag}`, "Delete one, or give it another alias.");
    seen.add(stored);
  }
}

/** Options on the first level; the levels below may repeat a name. */
function optionNodes(node: ConfigNode): ConfigNode[] {
  return node.children.flatMap((child) => (optionsNeeded[child.tag] ? [child] : optionNodes(child)));
}

function checkVisibility(node: ConfigNode, { names, report }: Found): void {
  const tags = node.attrs.whentagname;
  for (const name of Array.isArray(tags) ? (tags as readonly string[]) : []) {
    if (!names.has(name)) report(node, `whenTagName="${name}" names no control`, nearest(name, [...names.keys()]) ? `Did you mean "${nearest(name, [...names.keys()])}"?` : undefined, "warning");
  }
}

function checkHotkeys(root: ConfigNode, report: Report): void {
  const owners = new Map<string, ConfigNode>();
  visit(root, null, (node) => {
    const key = node.raw.hotkey?.trim().toLowerCase();
    if (!key || !schemaOf(node.tag)?.attributes.hotkey) return;
    const owner = owners.get(key);
    if (owner) report(node, `The key "${key}" is already used by ${owner.raw.value ?? owner.tag} (line ${owner.place.line})`, "Choose another key.", "warning");
    else owners.set(key, node);
  });
}
