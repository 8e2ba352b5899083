import { LabelEditor } from "@labelwright/editor";
import type { Command, Editor } from "@labelwright/engine";
import { Banner, Button, EmptyState, Menu, Skeleton, TextField, toast } from "@labelwright/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { ChevronDown, Search, SearchX } from "lucide-react";
import { useCallback, useDeferredValue, useMemo, useState } from "react";
import { api, errorText } from "../api/client";
import type { CustomHotkeys, User } from "../api/models";
import { bootQuery, hotkeysQuery, queryClient } from "../api/queries";
import { sessionCommands } from "../label/commands";
import { Page } from "../shell/Page";
import styles from "./Account.module.css";
import { hotkeyRows, presetKeys, withKeys, type HotkeyRow } from "./hotkeys";
import { HotkeyRowView } from "./HotkeyRowView";

/** Every command of the labeling screen with its keys: press to change, saved at once. */
export function HotkeySection() {
  const [commands, setCommands] = useState<readonly Command[]>([]);
  const [words, setWords] = useState("");
  const stored = useQuery(hotkeysQuery);
  const custom = useMemo(() => stored.data ?? {}, [stored.data]);
  const rows = useMemo(() => hotkeyRows(commands, custom), [commands, custom]);
  const shown = matching(rows, useDeferredValue(words));

  const save = useMutation({
    mutationFn: (next: CustomHotkeys) => api.patch<unknown>("/api/current-user/hotkeys", { custom_hotkeys: next }),
    onMutate: (next) => {
      queryClient.setQueryData(hotkeysQuery.queryKey, next);
      queryClient.setQueryData(bootQuery.queryKey, (boot) => (boot?.user ? { ...boot, user: { ...boot.user, custom_hotkeys: next } as User } : boot));
    },
    onError: (error) => {
      toast({ message: `Not saved: ${errorText(error)}`, tone: "danger" });
      void stored.refetch();
    },
  });
  const applyPreset = (next: CustomHotkeys, name: string) => {
    const before = custom;
    save.mutate(next);
    toast({ message: `All keys are now those of ${name}.`, action: { label: "Undo", run: () => save.mutate(before) } });
  };

  return (
    <Page
      title="Hotkeys"
      intro="Keys of the labeling screen. Labels and choices get theirs from the interface of each project."
      actions={
        <Menu
          label="Presets"
          align="end"
          trigger={(props) => (
            <Button {...props}>
              Presets <ChevronDown />
            </Button>
          )}
          items={[
            { id: "ours", label: "Labelwright (the default)", onSelect: () => applyPreset(presetKeys(commands, "labelwright"), "Labelwright") },
            { id: "theirs", label: "Label Studio", onSelect: () => applyPreset(presetKeys(commands, "labelStudio"), "Label Studio") },
          ]}
        />
      }
    >
      <CommandSource onCommands={setCommands} />
      <TextField type="search" label="Search commands and keys" hideLabel placeholder="Search commands and keys…" icon={<Search />} value={words} onChange={(event) => setWords(event.target.value)} />
      {rows.some((row) => row.conflicts.length > 0) && <Banner tone="danger">Some keys mean two things at once; they are marked below.</Banner>}
      {stored.isError && <Banner tone="danger">{errorText(stored.error)}</Banner>}
      {commands.length === 0 || stored.isPending ? (
        <Skeleton height={320} />
      ) : shown.length === 0 ? (
        <EmptyState icon={<SearchX />} title="No command has these words" />
      ) : (
        [...new Set(shown.map((row) => row.group))].map((group) => (
          <section key={group} className={styles.commands} aria-label={group}>
            <h2>{group}</h2>
            <ul className={styles.list}>
              {shown
                .filter((row) => row.group === group)
                .map((row) => (
                  <HotkeyRowView key={row.id} row={row} onKeys={(keys) => save.mutate(withKeys(custom, row.id, keys))} />
                ))}
            </ul>
          </section>
        ))
      )}
    </Page>
  );
}

function matching(rows: readonly HotkeyRow[], words: string): readonly HotkeyRow[] {
  const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => parts.every((part) => `${row.title} ${row.group} ${row.keys.join(" ")}`.toLowerCase().includes(part)));
}

const everyView = `<View>
  <Image name="image" value="$image" rotateControl="true"/>
  <RectangleLabels name="boxes" toName="image"><Label value="a"/></RectangleLabels>
  <Text name="text" value="$text"/>
  <Labels name="spans" toName="text"><Label value="b"/></Labels>
</View>`;
const task = { id: "hotkeys", data: { text: "text", image: "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/%3E" } };
const options = { hotkeys: false };

/**
 * Asks a real editor, hidden and deaf to keys, which commands it has: views and tools bring theirs when they are mounted,
 * so that no second list has to be kept.
 */
function CommandSource({ onCommands }: { onCommands: (commands: readonly Command[]) => void }) {
  const attach = useCallback(
    (editor: Editor) => {
      const read = () => onCommands(editor.commands.list().map((bound) => bound.command));
      // These commands are never run here, so they need no session.
      editor.commands.add(sessionCommands(null as never, { showHelp: () => undefined, toggleInstructions: () => undefined }));
      editor.commands.onChange(() => setTimeout(read));
      read();
    },
    [onCommands],
  );
  return (
    <div hidden inert>
      <LabelEditor config={everyView} task={task} options={options} onEditor={attach} />
    </div>
  );
}
