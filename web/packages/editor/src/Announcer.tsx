import { answerKey, focusKind, leaves, type Change, type Editor } from "@labelwright/engine";
import { useEffect, useState } from "react";

/** Says to screen readers what a sighted person sees happen: changes, selection, messages. */
export function Announcer({ editor }: { editor: Editor }) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    let selected = editor.session.selection;
    const stops = [
      editor.onChange((change) => {
        const words = describeChange(change);
        if (words !== null && focusKind(document.activeElement) !== "field") setSaid(words);
      }),
      editor.onNotice(setSaid),
      editor.onSession((session) => {
        if (session.selection === selected) return;
        selected = session.selection;
        setSaid(describeSelection(editor));
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }, [editor]);
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {said}
    </div>
  );
}

/** What was done, in words; of an answer what it says now. What is typed into a field is not repeated. */
function describeChange({ name, origin, before, after }: Change): string | null {
  if (origin === "load") return null;
  const answered = [...after.answers.values()].find((answer) => before.answers.get(answerKey(answer.control, answer.itemIndex)) !== answer);
  return answered && origin === "user" ? `${answered.control}: ${leaves(answered.value).join(", ")}` : name;
}

function describeSelection(editor: Editor): string {
  const ids = [...editor.session.selection];
  const [only] = ids;
  if (only === undefined) return "Nothing selected";
  if (ids.length > 1) return `${ids.length} regions selected`;
  const labels = editor.labelsOf(only).map((label) => label.text).join(", ") || "Region without label";
  const place = [...editor.doc.regions.keys()].indexOf(only) + 1;
  return `${labels}, ${place} of ${editor.doc.regions.size}. ${editor.describeShape(only)}`;
}
