import { defineTag } from "../define";

/** A list that a Filter points to shows its own search field (`shared/Search.tsx`), next to what it narrows. */
export const filter = defineTag({ names: ["Filter"], kind: "visual", view: null });
