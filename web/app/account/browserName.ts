const browsers: readonly [string, RegExp][] = [
  ["Edge", /Edg\//],
  ["Opera", /OPR\//],
  ["Firefox", /Firefox\//],
  ["Chrome", /Chrome\/|Chromium\//],
  ["Safari", /Safari\//],
];
const systems: readonly [string, RegExp][] = [
  ["Android", /Android/],
  ["iPhone or iPad", /iPhone|iPad/],
  ["Windows", /Windows/],
  ["macOS", /Mac OS X/],
  ["Linux", /Linux/],
];

/** "Firefox on Windows" from a User-Agent header; its first words where neither is known. */
export function browserName(userAgent: string | null): string {
  const name = (list: readonly [string, RegExp][]) => list.find(([, pattern]) => pattern.test(userAgent ?? ""))?.[0];
  const [browser, system] = [name(browsers), name(systems)];
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? (userAgent?.slice(0, 40) || "Unknown browser");
}
