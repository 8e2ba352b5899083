/**
 * Changes to a label config as text: add, rename, colour, move and remove labels, point an object at another column.
 * Every function takes the XML and gives new XML; what it does not touch stays as it was written, comments and spaces included.
 * Where the document has changed meanwhile and the tag is not there, the text comes back unchanged.
 */
import { parseXml, type XmlAttr, type XmlElement } from "@labelwright/config";
import { paletteColor } from "@labelwright/ui";

export interface LabelEntry {
  readonly value: string;
  readonly alias: string;
  /** As written; null = none, then `color` is the one it gets from the palette. */
  readonly background: string | null;
  readonly color: string;
  readonly hotkey: string;
}

/** A control whose options are its children: Choices, Labels, RectangleLabels, Taxonomy … */
export interface LabelGroup {
  /** Offset of its tag in the XML: names it in the functions below. */
  readonly at: number;
  readonly tag: string;
  readonly name: string;
  readonly childTag: "Choice" | "Label";
  readonly labels: readonly LabelEntry[];
  /** "single" or "multiple"; null where the tag has no such choice. */
  readonly choice: "single" | "multiple" | null;
  readonly required: boolean;
  /** Some option has options of its own, or stands in a View: those are edited as XML. */
  readonly nested: boolean;
}

/** An object and the column it shows. */
export interface ObjectBinding {
  readonly at: number;
  readonly tag: string;
  readonly name: string;
  /** "text" of `value="$text"`; "" when the value is no single variable. */
  readonly field: string;
}

const hasColors = (tag: string) => /labels$/i.test(tag);

export function elementsOf(element: XmlElement): XmlElement[] {
  return element.children.filter((child) => child.kind === "element");
}

function* everyElement(roots: readonly XmlElement[]): Generator<XmlElement> {
  for (const element of roots) {
    yield element;
    yield* everyElement(elementsOf(element));
  }
}

function attr(element: XmlElement, name: string): XmlAttr | undefined {
  return element.attrs.find((each) => each.name.toLowerCase() === name.toLowerCase());
}

const valueOf = (element: XmlElement, name: string) => attr(element, name)?.value ?? "";
const isOption = (element: XmlElement) => /^(choice|label)$/i.test(element.name);

function find(xml: string, at: number): XmlElement | undefined {
  return [...everyElement(parseXml(xml).roots)].find((element) => element.start === at);
}

/** The controls with a list of options, in document order. */
export function labelGroups(xml: string): LabelGroup[] {
  return [...everyElement(parseXml(xml).roots)]
    .filter((element) => /^(choices|taxonomy|\w*labels)$/i.test(element.name) && valueOf(element, "name") && !attr(element, "value"))
    .map((element) => {
      const options = elementsOf(element).filter(isOption);
      const childTag = hasColors(element.name) ? "Label" : "Choice";
      const choice = valueOf(element, "choice");
      return {
        at: element.start,
        tag: element.name,
        name: valueOf(element, "name"),
        childTag,
        labels: options.map((option, index) => ({
          value: valueOf(option, "value"),
          alias: valueOf(option, "alias"),
          background: attr(option, "background")?.value ?? null,
          color: valueOf(option, "background") || paletteColor(index),
          hotkey: valueOf(option, "hotkey"),
        })),
        choice: /^choices$/i.test(element.name) ? (choice === "multiple" ? "multiple" : "single") : null,
        required: valueOf(element, "required") === "true",
        nested: options.some((option) => elementsOf(option).length > 0) || elementsOf(element).some((child) => !isOption(child)),
      };
    });
}

export function escapeAttr(value: string): string {
  return value.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

const splice = (xml: string, start: number, end: number, text: string) => xml.slice(0, start) + text + xml.slice(end);

/** Sets, adds or (with null) removes one attribute of the tag at `at`. */
export function setAttr(xml: string, at: number, name: string, value: string | null): string {
  const element = find(xml, at);
  if (!element) return xml;
  const written = attr(element, name);
  if (value === null) return written ? splice(xml, written.start - /\s*$/.exec(xml.slice(0, written.start))![0].length, written.valueEnd + 1, "") : xml;
  const text = `${name}="${escapeAttr(value)}"`;
  if (written) return splice(xml, written.start, written.valueEnd + 1, text);
  const last = element.attrs.at(-1);
  const end = last ? last.valueEnd + 1 : element.start + 1 + element.name.length;
  return splice(xml, end, end, ` ${text}`);
}

function optionAt(xml: string, at: number, index: number): XmlElement | undefined {
  const element = find(xml, at);
  return element && elementsOf(element).filter(isOption)[index];
}

export function renameLabel(xml: string, at: number, index: number, value: string): string {
  const option = optionAt(xml, at, index);
  return option ? setAttr(xml, option.start, "value", value) : xml;
}

export function colorLabel(xml: string, at: number, index: number, color: string): string {
  const option = optionAt(xml, at, index);
  return option ? setAttr(xml, option.start, "background", color) : xml;
}

/** Indent of the line on which `offset` stands. */
function indentAt(xml: string, offset: number): string {
  const line = xml.slice(xml.lastIndexOf("\n", offset - 1) + 1, offset);
  return /^\s*/.exec(line)?.[0] ?? "";
}

/** Adds labels at the end of a group, each on a line of its own; those it has already are left out. */
export function addLabels(xml: string, at: number, values: readonly string[]): string {
  const group = labelGroups(xml).find((each) => each.at === at);
  const element = find(xml, at);
  if (!group || !element) return xml;
  const taken = new Set(group.labels.map((label) => label.value));
  const fresh = [...new Set(values.map((value) => value.trim()))].filter((value) => value !== "" && !taken.has(value));
  const coloured = hasColors(group.tag) && group.labels.every((label) => label.background !== null);
  const tags = fresh.map((value, index) => {
    const background = coloured ? ` background="${paletteColor(group.labels.length + index)}"` : "";
    return `<${group.childTag} value="${escapeAttr(value)}"${background}/>`;
  });
  if (tags.length === 0) return xml;
  const last = elementsOf(element).at(-1);
  const indent = last ? indentAt(xml, last.start) : `${indentAt(xml, element.start)}  `;
  const lines = tags.map((tag) => `\n${indent}${tag}`).join("");
  if (last) return splice(xml, last.end, last.end, lines);
  const closing = `\n${indentAt(xml, element.start)}</${element.name}>`;
  if (xml.slice(element.contentStart - 2, element.contentStart) === "/>") return splice(xml, element.contentStart - 2, element.contentStart, `>${lines}${closing}`);
  return splice(xml, element.contentStart, element.contentEnd, `${lines}\n${indentAt(xml, element.start)}`);
}

export function removeLabel(xml: string, at: number, index: number): string {
  const option = optionAt(xml, at, index);
  if (!option) return xml;
  const before = /\n?[^\S\n]*$/.exec(xml.slice(0, option.start))?.[0].length ?? 0;
  return splice(xml, option.start - before, option.end, "");
}

/** Swaps a label with its neighbour; `by` is -1 (up) or 1 (down). */
export function moveLabel(xml: string, at: number, index: number, by: -1 | 1): string {
  const [first, second] = [optionAt(xml, at, Math.min(index, index + by)), optionAt(xml, at, Math.max(index, index + by))];
  if (!first || !second || first === second || index + by < 0) return xml;
  const [a, b] = [xml.slice(first.start, first.end), xml.slice(second.start, second.end)];
  return splice(splice(xml, second.start, second.end, a), first.start, first.end, b);
}

/** The tags that show a column of the data, in document order. */
export function objectBindings(xml: string): ObjectBinding[] {
  return [...everyElement(parseXml(xml).roots)]
    .filter((element) => valueOf(element, "name") && /^\$/.test(valueOf(element, "value")) && !attr(element, "toName"))
    .map((element) => ({
      at: element.start,
      tag: element.name,
      name: valueOf(element, "name"),
      field: /^\$([\w.[\]]+)$/.exec(valueOf(element, "value"))?.[1] ?? "",
    }));
}

export function bindObject(xml: string, at: number, field: string): string {
  return setAttr(xml, at, "value", `$${field}`);
}
