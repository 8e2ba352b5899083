/**
 * Tools with `smart="true"`: what a person draws is sent to the project's interactive model as a prompt, and the model's
 * answer takes its place as a suggestion. Labeling never waits for it: only the newest call counts, the prompt stays until
 * the answer is there, and when the model fails it stays for good.
 */
import type { ConfigNode, LabelConfig } from "@labelwright/config";
import type { Change, Editor, RegionId } from "@labelwright/engine";
import type { LabelApi } from "./api";

/** What is used of the open editor. */
export type SmartEditor = Pick<Editor, "doc" | "serializeRegions" | "suggest" | "notice">;

/** A connected model that answers prompts. */
export interface InteractiveModel {
  readonly id: number;
  readonly title: string;
}

/** How the smart tools stand; null in the session's state where the config has none. */
export interface SmartState {
  /** Asked; null = no interactive model is connected, or it is not known yet. */
  readonly model: InteractiveModel | null;
  readonly isOn: boolean;
  /** The config offers the smart tools only: there is nothing to turn off. */
  readonly isForced: boolean;
  readonly isBusy: boolean;
  /** Why the last call gave nothing, in words. */
  readonly problem: string | null;
}

export const mayToggleSmart = (smart: SmartState | null): boolean => smart !== null && smart.model !== null && !smart.isForced;

/** What the button of the smart tools says. */
export function smartText({ model, isOn, isForced, isBusy, problem }: SmartState): string {
  if (!model) return "No interactive model is connected";
  const name = model.title || "The model";
  if (isBusy) return `${name} is working…`;
  const state = isForced ? `${name} answers what you draw` : `Ask ${model.title || "the model"} about what I draw (${isOn ? "on" : "off"})`;
  return problem === null ? state : `${state}. Last time: ${problem}`;
}

export interface InteractiveParts {
  readonly api: Pick<LabelApi, "interactiveModels" | "askInteractively">;
  readonly projectId: number;
  /** On, as the person left it. */
  readonly isOn: boolean;
  onState(state: SmartState): void;
}

const isSmartOnly = (node: ConfigNode | undefined): boolean => node?.raw.smartonly === "true";
const isSmart = (node: ConfigNode | undefined): boolean => isSmartOnly(node) || node?.raw.smart === "true";

export class Interactive {
  private state: SmartState | null = null;
  private config: LabelConfig | null = null;
  private editor: SmartEditor | null = null;
  private taskId = 0;
  /** Drawn, and not answered yet. */
  private readonly prompts = new Set<RegionId>();
  private call: AbortController | null = null;

  constructor(private readonly parts: InteractiveParts) {}

  /** The config is known: looks for a model, if it has smart tools. */
  async open(config: LabelConfig): Promise<void> {
    const smart = config.controls.filter(isSmart);
    if (smart.length === 0) return;
    this.config = config;
    this.state = { model: null, isOn: this.parts.isOn, isForced: smart.every(isSmartOnly), isBusy: false, problem: null };
    // without an answer there is no model to ask: drawing works as ever
    const models = await this.parts.api.interactiveModels(this.parts.projectId).catch(() => []);
    this.set({ model: models[0] ?? null });
  }

  /** Another answer is open (or none): what is asked about the last one does not count any more. */
  attach(editor: SmartEditor | null, taskId: number): void {
    this.forget();
    this.editor = editor;
    this.taskId = taskId;
  }

  dispose(): void {
    this.attach(null, 0);
  }

  toggle(): boolean {
    const isOn = !(this.state?.isOn ?? true);
    this.set({ isOn });
    if (!isOn) this.forget();
    return isOn;
  }

  /** Something was drawn, changed or undone. */
  changed({ origin, created, deleted }: Pick<Change, "origin" | "created" | "deleted">): void {
    for (const id of deleted) this.prompts.delete(id);
    if (this.prompts.size === 0 && this.call) this.forget();
    const drawn = origin === "user" ? created.filter((id) => this.isPrompt(id)) : [];
    if (drawn.length === 0) return;
    for (const id of drawn) this.prompts.add(id);
    void this.ask();
  }

  private isPrompt(id: RegionId): boolean {
    const node = this.config?.byName.get(this.editor?.doc.regions.get(id)?.control ?? "");
    return Boolean(this.state?.model) && (isSmartOnly(node) || (this.state?.isOn === true && isSmart(node)));
  }

  private async ask(): Promise<void> {
    const { editor, taskId, state } = this;
    if (!editor || !state?.model) return;
    this.call?.abort();
    const call = new AbortController();
    this.call = call;
    this.set({ isBusy: true });
    const prompts = [...this.prompts];
    const answer = await this.parts.api
      .askInteractively(state.model.id, taskId, editor.serializeRegions(prompts), call.signal)
      .catch((error: unknown) => ({ problem: error instanceof Error ? error.message : String(error) }));
    if (this.call !== call) return; // a newer call, another answer
    this.forget();
    if ("problem" in answer) return this.failed(editor, answer.problem);
    const { added, unfit } = editor.suggest(answer.result, { score: answer.score, prompts });
    const misfit = unfit === 1 ? "1 part of the model's answer does not fit this label config." : `${unfit} parts of the model's answer do not fit this label config.`;
    const problem = unfit > 0 ? misfit : added === 0 ? "The model found nothing there." : null;
    this.set({ problem });
    if (problem !== null) editor.notice(problem);
  }

  private failed(editor: SmartEditor, problem: string): void {
    this.set({ problem });
    editor.notice(`The model gave no answer: ${problem}`);
  }

  private forget(): void {
    this.call?.abort();
    this.call = null;
    this.prompts.clear();
    if (this.state?.isBusy) this.set({ isBusy: false });
  }

  private set(patch: Partial<SmartState>): void {
    if (!this.state) return;
    this.state = { ...this.state, ...patch };
    this.parts.onState(this.state);
  }
}
