/** The tags' pages say "drawn today" of what the editor draws, and of nothing else. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allSchemas } from "@labelwright/config";
import { tagFor } from "@labelwright/tags";
import { expect, test } from "vitest";

const reference = join(import.meta.dirname, "../../../docs/reference/tags");

test.each(allSchemas().filter(({ kind }) => kind !== "child").map(({ name }) => name))("%s", (name) => {
  const says = readFileSync(join(reference, `${name.toLowerCase()}.md`), "utf8").includes("**drawn today**");
  expect(says).toBe(tagFor(name) !== undefined);
});
