import { Button } from "@labelwright/ui";
import { useBlocker } from "@tanstack/react-router";

/** The foot of a form: what is going on, and Save. Leaving with changes asks first. */
export function SaveBar({ isDirty, busy, onReset, label = "Save" }: { isDirty: boolean; busy: boolean; onReset: () => void; label?: string }) {
  useBlocker({ shouldBlockFn: () => isDirty && !busy && !confirm("Leave without saving the changes?"), enableBeforeUnload: isDirty });
  return (
    <>
      {isDirty && (
        <Button variant="ghost" onClick={onReset} disabled={busy}>
          Discard
        </Button>
      )}
      <Button type="submit" variant="primary" busy={busy} disabled={!isDirty}>
        {label}
      </Button>
    </>
  );
}
