import { LabelEditor } from "@labelwright/editor";
import type { Change, Editor } from "@labelwright/engine";
import { toast } from "@labelwright/ui";
import { memo, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useAppearance } from "../appearance";
import { bootQuery, queryClient } from "../api/queries";
import { useTitle } from "../shell/title";
import { BottomBar } from "./BottomBar";
import { CheatSheet } from "./CheatSheet";
import { sessionCommands } from "./commands";
import { suggestionsOf } from "./core/answers";
import { openAnswer, titleOf, type SessionState } from "./core/sessionState";
import type { Session } from "./core/session";
import { Instructions, useInstructions } from "./Instructions";
import { PhaseView } from "./PhaseView";
import { editorOptions } from "./options";
import styles from "./LabelScreen.module.css";
import { SuggestionBar } from "./SuggestionBar";
import { TopBar } from "./TopBar";
import { UndoChip } from "./UndoChip";
import { keepHistory, useLabelSession, useSessionState } from "./useLabelSession";
import { usePageEvents } from "./usePageEvents";

export interface LabelScreenProps {
  readonly projectId: number;
  /** Task to open first. In the view queue: where in the list to start. */
  readonly taskId?: number | undefined;
  /** "server": the server says what comes next; "view": the order of the data view. */
  readonly queue: "server" | "view";
  /** Query of `GET /api/tasks` that gives the view's list, without page and size: `project=5&query=…`. */
  readonly viewQuery?: string | undefined;
  onClose?: (() => void) | undefined;
  /** Another task is shown (for the address bar). */
  onTask?: ((taskId: number) => void) | undefined;
}

/** The labeling screen: bars, the editor of one task, and what to say when there is none. */
export function LabelScreen(props: LabelScreenProps) {
  const session = useLabelSession(props);
  return session ? <Screen session={session} {...props} /> : <div className={styles.screen} />;
}

function Screen({ session, taskId, onClose, onTask, projectId }: LabelScreenProps & { session: Session }) {
  const state = useSessionState(session);
  const [editor, setEditor] = useState<Editor | null>(null);
  const [help, setHelp] = useState<"keys" | "commands" | null>(null);
  const instructions = useInstructions(state.project);
  const keys = usePageEvents(session, state.phase.is);
  const leave = onClose ?? (() => history.back());
  const showHelp = useCallback((what: "keys" | "commands") => setHelp(what), []);

  useTitle(titleOf(state));
  useAddress(session, state.task?.id, taskId, onTask);
  useEffect(() => {
    if (state.notice === null) return;
    toast(state.notice);
    session.dropNotice();
  }, [state.notice, session]);

  const { toggle: toggleInstructions } = instructions;
  const attach = useCallback(
    (opened: Editor) => {
      opened.commands.add(sessionCommands(session, { showHelp, toggleInstructions }));
      session.attach(opened);
      const answer = openAnswer(session.state);
      if (answer && !answer.isReadOnly) keepHistory(opened, answer.key);
      setEditor(opened);
    },
    [session, showHelp, toggleInstructions],
  );
  const changed = useCallback((change: Change) => session.edited(change, keys.isAnswering()), [session, keys]);

  return (
    <div className={styles.screen} data-phase={state.phase.is}>
      <TopBar session={session} state={state} projectId={projectId} onBack={leave} onHelp={() => setHelp("keys")} instructions={instructions} />
      <div className={styles.middle}>
        <main className={styles.stage} id="main" tabIndex={-1}>
          <h1 className="visually-hidden">{state.project ? `Label ${state.project.title}` : "Label"}</h1>
          <PhaseView session={session} state={state} projectId={projectId} onBack={leave}>
            <EditorOfAnswer state={state} onEditor={attach} onChange={changed} />
          </PhaseView>
        </main>
        {instructions.isOpen && <Instructions html={state.project?.instructions ?? ""} onClose={instructions.close} />}
      </div>
      <div className={styles.foot}>
        <SuggestionBar state={state} editor={editor} />
        <BottomBar session={session} state={state} editor={editor} />
      </div>
      {state.undo && <UndoChip key={state.undo.id} offer={state.undo} onUndo={() => session.undoAnswer()} />}
      {help && editor && <CheatSheet registry={editor.commands} searching={help === "commands"} onClose={() => setHelp(null)} />}
    </div>
  );
}

/** The address bar follows the task that is shown; an address that changed by itself (back button) is followed. */
function useAddress(session: Session, shown: number | undefined, address: number | undefined, onTask: ((taskId: number) => void) | undefined): void {
  const told = useRef(new Set<number>());
  const now = useRef(address);
  useEffect(() => {
    now.current = address;
  });
  useEffect(() => {
    if (shown === undefined || shown === now.current || !onTask) return;
    told.current.add(shown);
    onTask(shown);
  }, [shown, onTask]);
  useEffect(() => {
    // what we told ourselves comes back a little later, perhaps when the next task is shown already
    if (address === undefined || told.current.delete(address) || !session.state.task || session.state.task.id === address) return;
    void session.goTo(address);
  }, [address, session]);
}

interface EditorOfAnswerProps {
  readonly state: SessionState;
  onEditor(editor: Editor): void;
  onChange(change: Change): void;
}

/** Renders again only for another task, answer or right to edit: not for save states and counts. */
function EditorOfAnswer({ state, onEditor, onChange }: EditorOfAnswerProps) {
  const answer = openAnswer(state);
  const { task, project } = state;
  const readOnly = answer?.isReadOnly ?? true;
  const user = queryClient.getQueryData(bootQuery.queryKey)?.user;
  const { taskText_px: textSize } = useAppearance();
  const options = useMemo(() => editorOptions(user ?? null, readOnly, textSize), [user, readOnly, textSize]);
  const answerKey = answer?.key;
  // an editor per answer; a blank one begins with what the config chooses in advance
  const shown = useMemo(() => ({ id: `${task?.id}/${answerKey}`, data: task?.data ?? {} }), [task, answerKey]);
  const areSuggested = answer !== undefined && suggestionsOf(answer) !== undefined;
  const score = answer?.score ?? null;
  const suggestions = useMemo(() => (areSuggested ? { score } : undefined), [areSuggested, score]);
  if (!task || !project || !answer) return null;
  const isBlank = answer.stored === null && answer.result.length === 0 && !answer.isChanged;
  return <StillEditor config={project.labelConfig} task={shown} {...(isBlank ? {} : { result: answer.result })} {...(suggestions ? { suggestions } : {})} options={options} onEditor={onEditor} onChange={onChange} onNotice={toast} />;
}

const StillEditor = memo(LabelEditor);
