/** What a model, a job and a training run say of themselves, in words. */
import type { ChipTone } from "@labelwright/ui";
import type { BuiltinModel, ConnectedModel, Job, ModelState, ModelVersion, SuggestionStats, TrainingRun } from "../api/mlModels";
import { countOf, formatCount } from "../format";

const stateWords: Readonly<Record<ModelState, readonly [string, ChipTone]>> = {
  CO: ["Connected", "ok"],
  DI: ["Not connected", "warn"],
  ER: ["Error", "danger"],
  TR: ["Training", "accent"],
  PR: ["Predicting", "accent"],
};

export function modelState({ state, readable_state }: Pick<ConnectedModel, "state" | "readable_state">): readonly [string, ChipTone] {
  return stateWords[state] ?? [readable_state, "neutral"];
}

const jobWords: Readonly<Record<Job["state"], readonly [string, ChipTone]>> = {
  queued: ["Waiting", "neutral"],
  running: ["Running", "accent"],
  done: ["Done", "ok"],
  failed: ["Failed", "danger"],
  cancelled: ["Cancelled", "neutral"],
};

export function jobState({ state, failed }: Pick<Job, "state" | "failed">): readonly [string, ChipTone] {
  return state === "done" && failed > 0 ? ["Done with problems", "warn"] : jobWords[state];
}

/** "340 of 1,000", and what failed of it. */
export function jobProgress({ total, done, failed }: Pick<Job, "total" | "done" | "failed">): string {
  const parts = total === null ? (done > 0 ? formatCount(done) : "") : `${formatCount(done)} of ${formatCount(total)}`;
  return failed > 0 ? `${parts}${parts && ", "}${formatCount(failed)} failed` : parts;
}

const runWords: Readonly<Record<TrainingRun["state"], readonly [string, ChipTone]>> = {
  running: ["Training", "accent"],
  done: ["Trained", "ok"],
  failed: ["Failed", "danger"],
  cancelled: ["Cancelled", "neutral"],
};

export function runState({ state }: Pick<TrainingRun, "state">): readonly [string, ChipTone] {
  return runWords[state];
}

export const runReasons: Readonly<Record<TrainingRun["reason"], string>> = { rule: "by the rule", asked: "asked for", annotation: "after an answer" };

/** "120 ms", "1.4 s", "3 min 5 s". */
export function formatDuration_ms(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  return `${minutes} min ${Math.round(seconds) % 60} s`;
}

export function formatPercent(part: number, digits = 0): string {
  return `${(part * 100).toFixed(digits)} %`;
}

/** The JSON of the field "extra parameters": what it says, or why it cannot be read. An empty field is null. */
export function readExtraParams(text: string): { readonly value: unknown } | { readonly problem: string } {
  if (text.trim() === "") return { value: null };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { value };
    return { problem: 'Write an object: {"name": value}.' };
  } catch (error) {
    return { problem: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** What to do about a problem whose own words do not say it; null where they do. */
export function connectHint(url: string, problem: string): string | null {
  if (!URL.canParse(url)) return "Write the whole address, such as http://localhost:9090.";
  if (/labelwright ml start|ALLOWED_HOSTS/.test(problem)) return null;
  if (/\b40[13]\b|user name and password/i.test(problem)) return "If it asks for a name and a password, choose “Basic” under More options.";
  if (/within [\d.]+ seconds|timed? ?out/i.test(problem)) return "Raise the timeout under More options, or look whether the model is still loading.";
  if (/\b404\b|not JSON|model_version|does not speak HTTP|valid ML backend/i.test(problem)) return "Something else may run there. Check the port and the path.";
  return null;
}

/** Value and label of everything that can be chosen as what people are shown. */
export function versionOptions(versions: readonly ModelVersion[], models: readonly Pick<ConnectedModel, "title">[], shown: string | null): { value: string; label: string }[] {
  const titles = models.map(({ title }) => title);
  const names = versions.map(({ version }) => version).filter((version) => version !== "" && !titles.includes(version));
  const known = [...titles, ...names];
  const lost = shown && !known.includes(shown) ? [shown] : [];
  return [
    { value: "", label: "None" },
    ...titles.map((title) => ({ value: title, label: `${title}: its live version` })),
    ...names.map((name) => ({ value: name, label: `${name} (${countOf(versions.find(({ version }) => version === name)?.count, "prediction")})` })),
    ...lost.map((name) => ({ value: name, label: `${name} (no predictions yet)` })),
  ];
}

/** How far the built-in model is from its next training, or null when nothing is awaited. */
export function builtinProgress({ label_count, needs }: Pick<BuiltinModel, "label_count" | "needs">): { value: number; max: number; words: string } | null {
  const max = label_count + needs;
  return needs > 0 ? { value: label_count, max, words: `${formatCount(label_count)} of ${countOf(max, "label")}` } : null;
}

/** "4.2 s", "1 min 5 s"; "–" for nothing. */
export function formatSeconds(seconds: number | null): string {
  return seconds === null ? "–" : formatDuration_ms(seconds * 1000);
}

const LEAST_EACH = 20;

/** What suggestions save, or what is missing before that can be said; never a figure that rests on a handful of answers. */
export function savingWords({ times, withheld_percent }: Pick<SuggestionStats, "times" | "withheld_percent">): { readonly words: string; readonly isMeasured: boolean } {
  const { with_n, without_n, saving, saving_interval, is_randomized } = times;
  if (with_n < LEAST_EACH || without_n < LEAST_EACH || saving === null || saving_interval === null) {
    const missing = `The time saved is told from ${LEAST_EACH} answers with and ${LEAST_EACH} without a suggestion on: there are ${formatCount(with_n)} and ${formatCount(without_n)}.`;
    const how = without_n < LEAST_EACH && withheld_percent === 0 ? " To measure it, leave a share of the tasks without a suggestion, above." : "";
    return { words: missing + how, isMeasured: false };
  }
  const { low, high } = saving_interval;
  const range = `95 % interval ${formatPercent(low)} to ${formatPercent(high)}`;
  const basis = is_randomized ? "The tasks without were drawn by lot." : "The tasks without were not drawn by lot, so they may differ in other ways, too.";
  if (low <= 0 && high >= 0) return { words: `No clear difference in time yet (saved: ${range}). ${basis}`, isMeasured: true };
  const what = saving > 0 ? `Suggestions save ${formatPercent(saving)} of the time per task` : `With suggestions a task takes ${formatPercent(-saving)} longer`;
  return { words: `${what} (${saving > 0 ? range : `saved: ${range}`}). ${basis}`, isMeasured: true };
}
