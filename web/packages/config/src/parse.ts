/** From the XML document to the tree of tags. Never throws: a broken document gives what could be read, and problems. */
import { typeAttributes } from "./attributes";
import { lint } from "./lint";
import { schemaOf } from "./schemas";
import type { ConfigNode, ConfigProblem, LabelConfig, Place } from "./types";
import { parseXml, places, type XmlElement } from "./xml";

interface Reading {
  readonly source: string;
  readonly placeOf: (offset: number) => Place;
  readonly problems: ConfigProblem[];
}

/** The label config that `source` spells. `problems` lists what is wrong, in document order. */
export function parseConfig(source: string): LabelConfig {
  const document = parseXml(source);
  const placeOf = places(source);
  const problems: ConfigProblem[] = document.problems.map(({ offset, ...problem }) => ({ ...problem, severity: "error", place: placeOf(offset) }));
  const reading: Reading = { source, placeOf, problems };
  const roots = document.roots.map((element) => readNode(reading, element));
  const isBroken = document.problems.length > 0;
  // What broken XML leaves of a tag would only be complained about a second time.
  if (isBroken) problems.splice(document.problems.length);
  const first = { line: 1, column: 1 };
  if (roots.length === 0 && !isBroken) problems.push({ severity: "error", message: "The config is empty", fix: "Start with <View> … </View>.", tag: "", place: first });
  if (roots.length > 1 && !isBroken) {
    problems.push({ severity: "error", message: "Only one tag may stand at the top", fix: "Wrap everything in <View>.", tag: roots[1]?.tag ?? "", place: roots[1]?.place ?? first });
  }
  const root = roots.length === 1 && roots[0] ? roots[0] : makeNode("View", {}, "", roots, first);
  if (!isBroken) problems.push(...lint(root));
  problems.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
  return indexConfig(source, root, problems);
}

function readNode(reading: Reading, element: XmlElement): ConfigNode {
  const { source, placeOf, problems } = reading;
  const schema = schemaOf(element.name);
  const raw: Record<string, string> = {};
  const attrPlaces: Record<string, Place> = {};
  for (const attr of element.attrs) {
    raw[attr.name.toLowerCase()] = attr.value;
    attrPlaces[attr.name.toLowerCase()] = placeOf(attr.start);
  }
  const { complaints } = typeAttributes(schema, raw);
  for (const { attr, ...complaint } of complaints) {
    problems.push({ ...complaint, tag: element.name, place: attrPlaces[attr] ?? placeOf(element.start) });
  }
  const isForeign = schema?.content === "foreign";
  const hasElements = element.children.some((child) => child.kind === "element");
  const text =
    isForeign && hasElements
      ? source.slice(element.contentStart, element.contentEnd)
      : element.children.map((child) => (child.kind === "text" ? child.text : "")).join("");
  const children = isForeign ? [] : element.children.filter((child) => child.kind === "element").map((child) => readNode(reading, child));
  return { ...makeNode(element.name, raw, text, children, placeOf(element.start)), attrPlaces };
}

/** A node from its written parts; attributes typed by the schema of `tag` (any spelling). */
export function makeNode(tag: string, raw: Readonly<Record<string, string>>, text: string, children: readonly ConfigNode[], place: Place): ConfigNode {
  const schema = schemaOf(tag);
  return {
    tag: schema?.name ?? tag,
    name: raw.name ?? "",
    toName: (raw.toname ?? "").split(",").map((name) => name.trim()).filter((name) => name !== ""),
    attrs: typeAttributes(schema, raw).attrs,
    raw,
    text,
    children,
    place,
  };
}

/** All nodes below and including `root`, in document order. */
export function* walk(root: ConfigNode): Generator<ConfigNode> {
  yield root;
  for (const child of root.children) yield* walk(child);
}

/** A config around a tree: its indexes by name, kind and object. */
export function indexConfig(source: string, root: ConfigNode, problems: readonly ConfigProblem[]): LabelConfig {
  const nodes = [...walk(root)];
  const byName = new Map<string, ConfigNode>();
  for (const node of nodes) if (node.name !== "" && !byName.has(node.name)) byName.set(node.name, node);
  const ofKind = (kind: string) => nodes.filter((node) => node.name !== "" && schemaOf(node.tag)?.kind === kind);
  const controls = ofKind("control");
  const byObject = new Map<string, ConfigNode[]>();
  for (const control of controls) {
    for (const object of control.toName) byObject.set(object, [...(byObject.get(object) ?? []), control]);
  }
  return {
    source,
    root,
    byName,
    objects: ofKind("object"),
    controls,
    controlsOf: (object) => byObject.get(object) ?? [],
    problems,
    makesRegions: controls.some((control) => schemaOf(control.tag)?.regions === true),
  };
}
