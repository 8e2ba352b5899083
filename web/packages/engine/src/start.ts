/** How a new annotation begins: the answers and labels that the config chooses in advance. */
import { answerKey, emptyDoc } from "./document";
import { isEmpty } from "./equal";
import { newId } from "./id";
import type { Rules } from "./rules";
import type { AnnotationDoc, Answer, Session } from "./types";

/** The document of a new annotation: `selected` choices, default ratings, texts. */
export function startDoc(rules: Rules): AnnotationDoc {
  const answers = new Map<string, Answer>();
  for (const node of rules.config.controls) {
    if (node.attrs.perregion === true || node.attrs.peritem === true) continue;
    const value = rules.tagOf(node)?.startValue?.(node, rules.data);
    if (isEmpty(value)) continue;
    answers.set(answerKey(node.name), { id: newId(), control: node.name, object: node.toName[0] ?? "", itemIndex: null, value, origin: "manual", score: null, suggestion: null, envelope: {} });
  }
  return answers.size === 0 ? emptyDoc : { ...emptyDoc, answers };
}

/** The session of a newly opened task; `selected` labels are in hand. */
export function startSession(rules: Rules): Session {
  const picked = rules.config.controls
    .filter((node) => rules.isLabelControl(node.name))
    .map((node) => [node.name, rules.options(node.name).filter((option) => option.node.attrs.selected === true).map((option) => option.stored)] as const)
    .filter(([, labels]) => labels.length > 0);
  return { selection: new Set(), hovered: null, hidden: new Set(), activeLabels: new Map(picked), tool: null, page: new Map(), linkingFrom: null, problems: [] };
}
