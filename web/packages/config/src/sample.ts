/** A task to show a config with when there is none yet. */
import { allSchemas } from "./schemas";
import type { LabelConfig } from "./types";
import { fieldsOf, type TaskData } from "./variables";
import { parseXml } from "./xml";

/** The task given in a comment of the config, `<!-- {"data": {…}} -->`, or null. */
export function commentedTask(config: LabelConfig): TaskData | null {
  for (const comment of parseXml(config.source).comments) {
    if (!comment.startsWith("{")) continue;
    try {
      const { data } = JSON.parse(comment) as { data?: unknown };
      if (typeof data === "object" && data !== null) return data as TaskData;
    } catch {
      // an ordinary comment that happens to start with "{"
    }
  }
  return null;
}

/** Fields the config reads from a task; a preview fills them, an import checks them. */
export function neededFields(config: LabelConfig): string[] {
  return fieldsOf(config.root);
}

/** Names of all tags by kind, for menus. */
export function tagNames(kind: "object" | "control" | "visual"): string[] {
  return allSchemas().filter((schema) => schema.kind === kind).map((schema) => schema.name);
}
