// @vitest-environment jsdom
/** `docs/reference/hotkeys.md` is this test's snapshot: `make docs` renews it. */
import { LabelEditor } from "@labelwright/editor";
import type { Command } from "@labelwright/engine";
import { act } from "react";
import { createRoot } from "react-dom/client";
import { expect, test } from "vitest";
import { sessionCommands } from "../label/commands";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
// what jsdom lacks
globalThis.ResizeObserver ??= class { observe() {} unobserve() {} disconnect() {} };
globalThis.matchMedia ??= () => ({ matches: false, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
globalThis.CSS ??= { escape: (text: string) => text } as typeof CSS;
Range.prototype.getBoundingClientRect ??= () => new DOMRect();
HTMLImageElement.prototype.decode ??= () => Promise.reject(new Error("no pictures here"));

/** Every view that brings commands of its own; controls' commands (`focus:…`) belong to the config, not to this page. */
const everyView = `<View>
  <Image name="image" valueList="$pages" rotateControl="true"/>
  <RectangleLabels name="boxes" toName="image"><Label value="a"/></RectangleLabels>
  <Text name="text" value="$text"/>
  <Labels name="spans" toName="text"><Label value="b"/></Labels>
  <Repeater on="$items" indexFlag="{{idx}}" mode="pagination"><Text name="item_{{idx}}" value="$items[{{idx}}].text"/></Repeater>
</View>`;
const picture = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/%3E";
const task = { id: "hotkeys", data: { text: "text", pages: [picture, picture], items: [{ text: "one" }, { text: "two" }] } };
const GROUPS = ["Task", "Answers", "Suggestions", "Edit", "Regions", "Tools", "Picture", "Text", "Items", "Screen"];

async function labelingCommands(): Promise<readonly Command[]> {
  let read: () => readonly Command[] = () => [];
  const root = createRoot(document.body.appendChild(document.createElement("div")));
  const onEditor = (editor: { commands: { list(): readonly { command: Command }[]; add(commands: readonly Command[]): unknown } }) => {
    // These commands are never run here, so they need no session.
    editor.commands.add(sessionCommands(null as never, { showHelp: () => undefined, toggleInstructions: () => undefined }));
    read = () => editor.commands.list().map((bound) => bound.command);
  };
  await act(async () => root.render(<LabelEditor config={everyView} task={task} onEditor={onEditor} />));
  const has = (id: string) => read().some((command) => command.id === id);
  for (let round = 0; round < 600 && !(has("tool:rectangle") && has("text:caret") && has("repeater:next-page")); round += 1) {
    await act(async () => new Promise((done) => setTimeout(done, 25)));
  }
  const commands = read();
  await act(async () => root.unmount());
  return commands;
}

interface PageKey {
  readonly title: string;
  readonly keys: string;
  readonly group: string;
}

/** What pages register with `useCommands`, as their sources spell it. */
function pageCommands(): PageKey[] {
  const sources = Object.values(import.meta.glob<string>("../**/*.tsx", { query: "?raw", import: "default", eager: true }));
  const record = /\{ title: (?:\w+ \? )?"([^"]+)"(?: : "[^"]+")?, keys: "([^"]+)", group: "([^"]+)"/g;
  return sources.flatMap((source) => [...source.matchAll(record)].map(([, title = "", keys = "", group = ""]) => ({ title, keys, group })));
}

const shown = (keys: readonly string[]) => keys.map((key) => `\`${key}\``).join(" ");
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [`| ${head.join(" | ")} |`, `|${"---|".repeat(head.length)}`, ...rows.map((row) => `| ${row.join(" | ")} |`)].join("\n");

function section(group: string, commands: readonly Command[]): string {
  const rows = commands.filter((command) => command.group === group).map(({ title, keys, id }) => [title, shown(keys.labelwright), shown(keys.labelStudio), `\`${id}\``]);
  return `### ${group}\n\n${table(["what", "keys", "preset Label Studio", "id"], rows)}`;
}

const introduction = `# Hotkeys

<!-- Made by web/app/docs/hotkeys.test.tsx from the commands of the web UI. Change them there, then run: make docs -->

\`?\` on any screen shows its keys. Your own keys, and the preset *Label Studio*, are under **Account → Hotkeys**; they are kept with your
account, as \`{"id": {"key": "ctrl+x", "active": true}}\` at \`/api/current-user/hotkeys\`. \`mod\` is Ctrl, on a Mac ⌘. In a text field only
keys with Ctrl, Alt or ⌘ work, and of those only what does not edit text.

## Labeling`;

const notes = `### Labels and choices

The first ten get \`1\` to \`9\` and \`0\`, the next nine \`shift+1\` to \`shift+9\`, then letters that no command uses. The preset *Label Studio* gives
digits, then letters. \`hotkey="…"\` in the [label config](tags/README.md) goes first. A key is shown on its label.

### Keys that are no commands

- **Picture:** with a region selected, arrows move it by one pixel of the image, with Shift by ten; with Alt they size it. Space and drag pans,
  the wheel zooms.
- **Text:** after \`c\` there is a caret: arrows move it (with Ctrl by words), Shift selects, a label's key or Enter marks, Escape leaves.
- **Regions:** \`mod+c\` and \`mod+v\` copy and paste them, also into other tasks and other tabs.`;

const sameIds = (commands: readonly Command[]) => new Set(commands.map((command) => command.id)).size === commands.length;

test("the page of hotkeys is up to date", async () => {
  const all = await labelingCommands();
  const commands = all.filter((command) => !command.id.startsWith("option:"));
  expect([...new Set(commands.map((command) => command.group))].filter((group) => !GROUPS.includes(group))).toEqual([]);
  expect(sameIds(commands)).toBe(true);
  const pages = pageCommands();
  const groups = [...new Set(pages.map(({ group }) => group))].sort();
  const others = groups.map((group) => `### ${group}\n\n${table(["what", "keys"], pages.filter((each) => each.group === group).map((each) => [each.title, `\`${each.keys}\``]))}`);
  const page = [introduction, ...GROUPS.map((group) => section(group, commands)), notes, "## Other screens", ...others].join("\n\n");
  await expect(`${page}\n`).toMatchFileSnapshot("../../../docs/reference/hotkeys.md");
});
