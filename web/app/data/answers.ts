/** What a row of the table says about a task's answers: its state in a word, and the labels people gave. */
import { paletteColor } from "@labelwright/ui";
import type { ControlInfo, Task } from "../api/models";

export type TaskState = "done" | "started" | "draft" | "skipped" | "todo";

export function stateOf(task: Task): TaskState {
  if (task.is_labeled) return "done";
  if (task.total_annotations > 0) return "started";
  if (task.draft_exists) return "draft";
  return task.cancelled_annotations > 0 ? "skipped" : "todo";
}

export interface LabelCount {
  readonly text: string;
  readonly count: number;
  /** Of a label or choice of the config; null for other answers. */
  readonly color: string | null;
}

/** Colours of all labels of a config, by label. Those without one get the palette's, in order within their control. */
export function labelColors(controls: Readonly<Record<string, ControlInfo>> | undefined): Map<string, string> {
  const colors = new Map<string, string>();
  for (const control of Object.values(controls ?? {})) {
    control.labels.forEach((label, index) => colors.set(label, control.labels_attrs?.[label]?.background ?? paletteColor(index)));
  }
  return colors;
}

/** The answers of all annotations that are not skips, equal ones counted, in order of appearance. */
export function labelsOf(task: Task, colors: ReadonlyMap<string, string>): LabelCount[] {
  const counts = new Map<string, number>();
  for (const annotation of task.annotations ?? []) {
    if (annotation.was_cancelled) continue;
    for (const { type, value } of annotation.result ?? []) {
      for (const text of type && value ? answerTexts(type, value[type]) : []) counts.set(text, (counts.get(text) ?? 0) + 1);
    }
  }
  return [...counts].map(([text, count]) => ({ text, count, color: colors.get(text) ?? null }));
}

/** One answer in words; paths of a tree by their last step. */
export function answerTexts(type: string, answer: unknown): string[] {
  if (type === "rating") return [`${String(answer)} ★`];
  if (type === "textarea") return [];
  if (Array.isArray(answer)) return answer.map((one: unknown) => String(Array.isArray(one) ? one.at(-1) : one));
  return answer === undefined || answer === null || typeof answer === "object" ? [] : [String(answer)];
}

/** The first text somebody wrote, "" when nobody did. */
export function writtenText(task: Task): string {
  for (const annotation of task.annotations ?? []) {
    for (const { value } of annotation.result ?? []) {
      const text = value?.["text"];
      if (Array.isArray(text) && typeof text[0] === "string") return text[0];
    }
  }
  return "";
}

/** Ids of the people who answered. */
export function annotatorsOf(task: Task): number[] {
  return [...new Set((task.annotators ?? []).map((each) => (typeof each === "number" ? each : each.user_id)))];
}
