import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

/** Custom properties declared in the block that opens after `opening`. */
function tokens(opening: string): Record<string, string> {
  const start = css.indexOf("{", css.indexOf(opening)) + 1;
  const body = css.slice(start, css.indexOf("}", start));
  return Object.fromEntries([...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map((m) => [m[1] ?? "", m[2] ?? ""]));
}

const light = tokens(":root {");
const dark = tokens(':root[data-theme="dark"]');

test("the two dark lists are the same", () => {
  expect(tokens(':root[data-theme="auto"]')).toEqual(dark);
});

test("dark redefines every colour of light and nothing else", () => {
  const colours = Object.keys(light).filter((name) => /^#|\d+px .*#/.test(light[name] ?? ""));
  expect(Object.keys(dark).sort()).toEqual(colours.sort());
});

/** WCAG 2.2 contrast ratio of two #rrggbb colours. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string) => {
    const [r = 0, g = 0, blue = 0] = [1, 3, 5].map((i) => {
      const c = parseInt(hex.slice(i, i + 2), 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p) as [number, number];
  return (x + 0.05) / (y + 0.05);
}

test.each([
  ["text", "bg", 7],
  ["text", "raised", 7],
  ["text-muted", "surface", 4.5],
  ["text-muted", "sunken", 4.5],
  ["text-muted", "raised", 4.5],
  ["on-accent", "accent", 4.5],
  ["on-accent", "accent-hover", 4.5],
  ["text", "accent-soft", 4.5],
  ["link", "surface", 4.5],
  ["link", "accent-soft", 4.5],
  ["ok", "surface", 4.5],
  ["ok", "ok-soft", 4.5],
  ["warn", "warn-soft", 4.5],
  ["danger", "surface", 4.5],
  ["danger", "danger-soft", 4.5],
  ["on-danger", "danger", 4.5],
  ["border-control", "surface", 3],
  ["focus", "bg", 3],
])("%s on %s has a contrast of at least %d in both themes", (fore, back, least) => {
  for (const theme of [light, dark]) {
    expect(contrast(theme[`--${fore}`] ?? "", theme[`--${back}`] ?? "")).toBeGreaterThanOrEqual(least);
  }
});
