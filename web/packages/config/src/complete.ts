/** What could be typed at a place of the config: tags, attributes, values. For the XML editor. */
import { schemaOf } from "./schemas";
import type { TagSchema } from "./types";
import { parseXml, type XmlElement } from "./xml";

export interface Completion {
  readonly label: string;
  /** What replaces `from`…`to`; a "|" in `snippet` is where the caret goes. */
  readonly snippet: string;
  readonly kind: "tag" | "attribute" | "value" | "close";
  /** One line of explanation. */
  readonly detail: string;
}

export interface Completions {
  /** Offsets of the text to be replaced. */
  readonly from: number;
  readonly to: number;
  readonly options: readonly Completion[];
}

/** Completions at `offset` of `text`, or null when nothing can be said. `fields` are the task's columns, offered as `$column`. */
export async function completionsAt(text: string, offset: number, fields: readonly string[] = []): Promise<Completions | null> {
  const { catalogue } = await import("./catalogue");
  return completions(text, offset, [...catalogue.values()], fields);
}

/** As `completionsAt`, with the schemas given. */
export function completions(text: string, offset: number, schemas: readonly TagSchema[], fields: readonly string[] = []): Completions | null {
  const before = text.slice(0, offset);
  const open = before.lastIndexOf("<");
  if (open < 0 || isClosedTag(before.slice(open))) return null;
  const inside = before.slice(open + 1);
  if (/^\/[\w:.-]*$/.test(inside)) return closeTag(text, open, offset);
  const tagName = /^[\w:.-]*$/.exec(inside)?.[0];
  if (tagName !== undefined) return tags(text, open, offset, schemas);
  const element = /^([\w:.-]+)\s/.exec(inside)?.[1];
  const schema = schemas.find((each) => schemaOf(element ?? "")?.name === each.name);
  if (schema === undefined) return null;
  const value = /([\w:.-]+)\s*=\s*(["'])((?:(?!\2).)*)$/s.exec(inside);
  if (value) return values(schema, value[1] ?? "", value[3] ?? "", offset, text, fields);
  const attribute = /[\w:.-]*$/.exec(inside)?.[0] ?? "";
  return attributes(schema, inside, offset - attribute.length, offset);
}

/** Whether the tag that starts this text ends in it (a ">" outside quotes). */
function isClosedTag(text: string): boolean {
  return /^[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>/.test(text);
}

function enclosing(text: string, offset: number): XmlElement | null {
  let found: XmlElement | null = null;
  const search = (elements: readonly XmlElement[]) => {
    for (const element of elements) {
      if (element.start < offset && element.contentStart <= offset && offset <= element.contentEnd && element.contentStart > element.start) {
        found = element;
        search(element.children.filter((child) => child.kind === "element"));
      }
    }
  };
  search(parseXml(text.slice(0, offset)).roots);
  return found;
}

function closeTag(text: string, open: number, offset: number): Completions | null {
  const parent = enclosing(text, open);
  if (parent === null) return null;
  return { from: open, to: offset, options: [{ label: `</${parent.name}>`, snippet: `</${parent.name}>`, kind: "close", detail: "" }] };
}

function tags(text: string, open: number, offset: number, schemas: readonly TagSchema[]): Completions {
  const parent = enclosing(text, open);
  const parentSchema = parent && schemas.find((each) => each.name === schemaOf(parent.name)?.name);
  const allowed = parentSchema?.children;
  const fit = schemas.filter((schema) => (allowed && !allowed.includes("*") ? allowed.includes(schema.name) : schema.kind !== "child"));
  const options = fit.map((schema): Completion => ({ label: schema.name, snippet: tagSnippet(schema), kind: "tag", detail: schema.summary }));
  const close: Completion[] = parent ? [{ label: `/${parent.name}`, snippet: `</${parent.name}>`, kind: "close", detail: "" }] : [];
  return { from: open, to: offset, options: [...options, ...close] };
}

function tagSnippet(schema: TagSchema): string {
  const required = Object.entries(schema.attributes).filter(([, facts]) => facts.required);
  const written = required.map(([name, facts], index) => ` ${name}="${facts.type === "variable" ? "$" : ""}${index === 0 ? "|" : ""}"`).join("");
  const caret = required.length > 0 ? "" : "|";
  return schema.children || schema.name === "View" ? `<${schema.name}${written}>${caret}</${schema.name}>` : `<${schema.name}${written}${caret}/>`;
}

function attributes(schema: TagSchema, inside: string, from: number, to: number): Completions {
  const given = new Set([...inside.matchAll(/([\w:.-]+)\s*=/g)].map((match) => (match[1] ?? "").toLowerCase()));
  const options = Object.entries(schema.attributes)
    .filter(([name]) => !given.has(name.toLowerCase()))
    .map(([name, facts]): Completion => ({ label: name, snippet: `${name}="|"`, kind: "attribute", detail: facts.doc }));
  return { from, to, options };
}

function values(schema: TagSchema, attribute: string, typed: string, offset: number, text: string, fields: readonly string[]): Completions | null {
  const entry = Object.entries(schema.attributes).find(([name]) => name.toLowerCase() === attribute.toLowerCase());
  if (entry === undefined) return null;
  const [name, facts] = entry;
  const plain = (value: string, detail: string): Completion => ({ label: value, snippet: value, kind: "value", detail });
  const from = offset - (facts.type === "names" ? (/[^,]*$/.exec(typed)?.[0].trimStart().length ?? 0) : typed.length);
  if (facts.type === "boolean") return { from, to: offset, options: [plain("true", facts.doc), plain("false", facts.doc)] };
  if (facts.values) return { from, to: offset, options: facts.values.map((value) => plain(value, facts.doc)) };
  if (facts.type === "variable") return { from, to: offset, options: fields.map((field) => plain(`$${field}`, "field of the task")) };
  if (facts.type === "names") {
    const kind = name === "toName" ? "object" : "control";
    return { from, to: offset, options: namesOf(text, kind).map((each) => plain(each.name, each.tag)) };
  }
  return null;
}

/** Names given in the document to tags of this kind. */
function namesOf(text: string, kind: "object" | "control"): { name: string; tag: string }[] {
  const found: { name: string; tag: string }[] = [];
  const search = (elements: readonly XmlElement[]) => {
    for (const element of elements) {
      const name = element.attrs.find((attr) => attr.name.toLowerCase() === "name")?.value;
      if (name && schemaOf(element.name)?.kind === kind) found.push({ name, tag: element.name });
      search(element.children.filter((child) => child.kind === "element"));
    }
  };
  search(parseXml(text).roots);
  return found;
}
