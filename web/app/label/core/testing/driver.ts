/** Drives a session in verbs, with a one-question editor in place of the real one. */
import type { LabelConfig } from "@labelwright/config";
import type { AnnotationDoc, Answer, Problem, ResultItem } from "@labelwright/engine";
import { createApi } from "../api";
import { noClaims, type Claims } from "../claims";
import type { SessionEditor } from "../desk";
import { exclusiveHere, type Exclusive } from "../exclusive";
import { openOffice } from "../office";
import { Session, type SessionOptions } from "../session";
import { memoryShelf, type Shelf } from "../shelf";
import { openAnswer } from "../sessionState";
import type { FakeServer } from "./fakeServer";

export const choice = (value: string): ResultItem => ({ id: "c", from_name: "mood", to_name: "text", type: "choices", value: { choices: [value] } });

function docOf(result: readonly ResultItem[]): AnnotationDoc {
  const answers = new Map(result.map((item, index) => [`${index}`, { id: item.id ?? "", control: "mood", origin: item.origin ?? "manual" } as Answer]));
  return { regions: new Map(), relations: [], answers, orphans: [] };
}

class FakeEditor implements SessionEditor {
  canUndo = false;
  private readonly history: (readonly ResultItem[])[] = [];

  constructor(public result: readonly ResultItem[], private readonly required: boolean) {}

  get doc(): AnnotationDoc {
    return docOf(this.result);
  }

  serialize(): ResultItem[] {
    return [...this.result];
  }

  problems(): Problem[] {
    return this.required && this.result.length === 0 ? [{ control: "mood", message: "Choose a mood" }] : [];
  }

  replay(): void {}

  load(): void {}

  notice(): void {}

  suggest(): { added: number; unfit: number } {
    return { added: 0, unfit: 0 };
  }

  serializeRegions(): ResultItem[] {
    return [];
  }

  reportProblems(): Problem[] {
    return this.problems();
  }

  put(result: readonly ResultItem[]): void {
    this.history.push(this.result);
    this.result = result;
    this.canUndo = true;
  }

  undo(): void {
    this.result = this.history.pop() ?? this.result;
    this.canUndo = this.history.length > 0;
  }
}

const config = {
  controls: [{ tag: "Choices", name: "mood", attrs: { choice: "single" }, raw: {} }], objects: [], byName: new Map(),
} as unknown as LabelConfig;

export interface Driver {
  readonly session: Session;
  readonly shelf: Shelf;
  /** Text of the open task, or the phase it is in. */
  shown(): string;
  pick(value: string, byKey?: boolean): void;
  submit(): Promise<void>;
  settle(): Promise<void>;
  leave(): void;
}

export interface DriverOptions extends Partial<Pick<SessionOptions, "taskId" | "queue" | "viewQuery" | "preferences" | "parseConfig">> {
  shelf?: Shelf;
  claims?: Claims;
  exclusive?: Exclusive;
  instant?: boolean;
  required?: boolean;
}

/** A visit to the screen: opens, waits for the first task, and hands over the controls. */
export async function visit(server: FakeServer, options: DriverOptions = {}): Promise<Driver> {
  const { shelf = memoryShelf(), claims = noClaims, exclusive = exclusiveHere(), instant = false, required = false, ...rest } = options;
  const api = createApi(server.fetch);
  const office = api.me().then((me) => openOffice({ api, me, shelf, exclusive }));
  const session = new Session({
    api, claims, office: () => office, projectId: 1, queue: "server", parseConfig: () => config,
    preferences: { get: (name) => (name === "instant" && !instant ? "off" : null), set: () => undefined }, ...rest,
  });
  let editor: FakeEditor | null = null;
  let result: unknown;
  session.subscribe(() => {
    const answer = openAnswer(session.state);
    if (session.state.phase.is !== "labeling" || !answer || answer.result === result) return;
    result = answer.result;
    editor = new FakeEditor(answer.result, required);
    session.attach(editor);
  });
  const settle = async () => {
    // the fake server and fake-indexeddb answer within a few turns of the event loop
    for (let turn = 0; turn < 60; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const settled = async () => {
    await settle();
    await new Promise((resolve) => setTimeout(resolve, 1));
    await settle();
  };
  await session.start();
  await settled();
  const state = () => session.state;
  return {
    session, shelf, settle: settled,
    shown: () => {
      const { phase } = state();
      if (phase.is === "labeling") return String(state().task?.data.text);
      return "why" in phase ? `${phase.is}: ${phase.why}` : phase.is;
    },
    pick: (value, byKey = false) => {
      if (!editor) throw new Error("no editor");
      editor.put(value === "" ? [] : [choice(value)]);
      session.edited({ origin: "user", after: editor.doc, created: [], deleted: [] }, byKey);
    },
    submit: async () => {
      session.submit();
      await settled();
    },
    leave: () => session.dispose(),
  };
}
