/** Document, session and history of one editor, and the one way each is changed. Knows nothing of labels or shapes. */
import { changeBetween, markTouched } from "./document";
import { History } from "./history";
import { Observers } from "./observers";
import type { AnnotationDoc, ChangeOrigin, RegionId, ReplayStep, Session, Shape } from "./types";

type Update = (doc: AnnotationDoc) => AnnotationDoc;

export interface HowToApply {
  readonly origin?: ChangeOrigin;
  /** Entries with the same key that follow each other quickly are one undo entry. */
  readonly joinKey?: string | undefined;
}

export class Store {
  readonly observers = new Observers();
  readonly history = new History();
  /** Shapes under the pointer, by region: drawn, not saved. A change of the region ends them. */
  readonly previews = new Map<RegionId, Shape>();
  /** While in `transact`: the document it began with. */
  private transactionStart: AnnotationDoc | null = null;

  constructor(
    public doc: AnnotationDoc,
    public session: Session,
    private readonly isReadOnly: boolean,
  ) {}

  /** The document becomes f(document), with an undo entry unless it comes from elsewhere. */
  apply(name: string, f: Update, { origin = "user", joinKey }: HowToApply = {}): void {
    if (this.isReadOnly && origin === "user") return;
    const before = this.doc;
    const changed = f(before);
    if (changed === before) return;
    const after = origin === "user" ? markTouched(before, changed) : changed;
    this.doc = after;
    if (this.transactionStart !== null) return;
    if (origin === "user" || origin === "suggestion") this.history.push({ name, before, after, at_ms: Date.now(), ...(joinKey ? { joinKey } : {}) });
    this.announce(name, before, origin);
  }

  transact(name: string, f: () => void): void {
    if (this.transactionStart !== null) return f();
    const before = this.doc;
    this.transactionStart = before;
    try {
      f();
    } finally {
      this.transactionStart = null;
      if (this.doc !== before) {
        this.history.push({ name, before, after: this.doc, at_ms: Date.now() });
        this.announce(name, before, "user");
      }
    }
  }

  undo(): void {
    const entry = this.isReadOnly ? null : this.history.undo();
    if (entry) this.replace(`Undo ${entry.name}`, entry.before, "undo");
  }

  redo(): void {
    const entry = this.isReadOnly ? null : this.history.redo();
    if (entry) this.replace(`Redo ${entry.name}`, entry.after, "redo");
  }

  /** Another document in place of this one, without an undo entry. */
  replace(name: string, doc: AnnotationDoc, origin: ChangeOrigin): void {
    const before = this.doc;
    this.doc = doc;
    this.announce(name, before, origin);
  }

  replay(steps: readonly ReplayStep[]): void {
    const start = this.doc;
    for (const { name, doc, origin } of steps) {
      if (origin === "undo") this.history.undo();
      else if (origin === "redo") this.history.redo();
      else if (origin === "load") this.history.clear();
      else this.history.push({ name, before: this.doc, after: doc, at_ms: 0 });
      this.doc = doc;
    }
    this.announce("Restore", start, "load");
  }

  private announce(name: string, before: AnnotationDoc, origin: ChangeOrigin): void {
    const change = changeBetween(name, before, this.doc, origin);
    const { selection, hovered, linkingFrom } = this.session;
    for (const id of [...change.updated, ...change.deleted]) this.previews.delete(id);
    this.observers.changed(change);
    const gone = new Set(change.deleted.filter((id) => selection.has(id) || hovered === id || linkingFrom === id));
    if (gone.size > 0) this.forget(gone);
  }

  private forget(gone: ReadonlySet<RegionId>): void {
    const { selection, hovered, linkingFrom } = this.session;
    this.setSession({
      selection: new Set([...selection].filter((id) => !gone.has(id))),
      hovered: hovered !== null && gone.has(hovered) ? null : hovered,
      linkingFrom: linkingFrom !== null && gone.has(linkingFrom) ? null : linkingFrom,
    });
  }

  setSession(patch: Partial<Session>): void {
    const before = this.session;
    this.session = { ...before, ...patch };
    this.observers.sessionChanged(before, this.session);
  }
}
