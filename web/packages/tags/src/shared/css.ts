/** CSS that comes with a config: read as declarations or as a sheet, without what could reach out of the editor. */
import type { CSSProperties } from "react";

/** A value that would load something, or run something, from elsewhere. `data:` images and `#ids` are harmless. */
const reachesOut = /(?:url|image|image-set|src)\(\s*(?!\s*["']?(?:data:image\/|#))|expression\s*\(|javascript:/i;

/** The `style` attribute as React wants it. Declarations that load from the network are dropped. */
export function readStyle(css: unknown): CSSProperties {
  if (typeof css !== "string" || css === "") return {};
  const style: Record<string, string> = {};
  for (const declaration of splitDeclarations(css)) {
    const colon = declaration.indexOf(":");
    const name = declaration.slice(0, colon).trim();
    const value = declaration.slice(colon + 1).replace(/!\s*important\s*$/i, "").trim();
    if (colon > 0 && /^-{0,2}[a-z][\w-]*$/i.test(name) && value !== "" && !reachesOut.test(value)) style[propertyName(name)] = value;
  }
  return style;
}

/** Splits at semicolons outside parentheses and quotes. */
function splitDeclarations(css: string): string[] {
  return css.match(/(?:[^;("']|\([^)]*\)|"[^"]*"|'[^']*'|["'(])+/g) ?? [];
}

function propertyName(name: string): string {
  if (name.startsWith("--")) return name;
  const lower = name.toLowerCase().replace(/^-ms-/, "ms-");
  return lower.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Configs are written for light pages: a box with a background of its own needs colours that can be read on it in either theme. */
export function readableOn(style: CSSProperties): "light" | "dark" | null {
  const light = lightness(String(style.backgroundColor ?? style.background ?? ""));
  return light === null ? null : light > 0.55 ? "light" : "dark";
}

const namedLightness: Readonly<Record<string, number>> = { white: 1, black: 0, whitesmoke: 0.96, lightgray: 0.83, lightgrey: 0.83, lightyellow: 0.98, lightblue: 0.82, beige: 0.95, ivory: 0.99, snow: 0.98, aliceblue: 0.97, ghostwhite: 0.97 };

/** Perceived lightness 0…1 of an opaque hex or named colour; null for anything else. */
function lightness(color: string): number | null {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(color.trim())?.[1];
  if (hex === undefined) return namedLightness[color.trim().toLowerCase()] ?? null;
  const full = hex.length === 3 ? [...hex].map((digit) => digit + digit).join("") : hex;
  const [r = 0, g = 0, b = 0] = [0, 2, 4].map((at) => parseInt(full.slice(at, at + 2), 16) / 255);
  return 0.299 * r + 0.587 * g + 0.114 * b;
}

/**
 * A config's style sheet, confined to elements below `[data-scope="<scope>"]`. The browser's own parser reads it, so braces
 * cannot break out; `@import`, fonts and network addresses are dropped. "" where constructed sheets are not supported.
 */
export function scopeSheet(css: string, scope: string): string {
  if (typeof CSSStyleSheet === "undefined" || !("replaceSync" in CSSStyleSheet.prototype)) return "";
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css.replace(/<!--|-->/g, ""));
  const { scoped, global } = writeRules([...sheet.cssRules]);
  return `${global}\n@scope ([data-scope="${scope}"]) {\n${scoped}\n}`;
}

function writeRules(rules: readonly CSSRule[]): { scoped: string; global: string } {
  let scoped = "";
  let global = "";
  for (const rule of rules) {
    if (rule instanceof CSSStyleRule) scoped += `${rule.selectorText.replace(/(^|,\s*)(?::root|html|body)\b/g, "$1:scope")} {${writeDeclarations(rule.style)}${writeRules([...rule.cssRules]).scoped}}\n`;
    else if (rule instanceof CSSMediaRule) scoped += `@media ${rule.conditionText} {${writeRules([...rule.cssRules]).scoped}}\n`;
    else if (rule instanceof CSSSupportsRule) scoped += `@supports ${rule.conditionText} {${writeRules([...rule.cssRules]).scoped}}\n`;
    else if (rule instanceof CSSKeyframesRule) global += reachesOut.test(rule.cssText) ? "" : `${rule.cssText}\n`;
  }
  return { scoped, global };
}

function writeDeclarations(style: CSSStyleDeclaration): string {
  return [...style]
    .map((name) => ({ name, value: style.getPropertyValue(name), priority: style.getPropertyPriority(name) }))
    .filter(({ value }) => !reachesOut.test(value))
    .map(({ name, value, priority }) => `${name}:${value}${priority ? " !important" : ""};`)
    .join("");
}
