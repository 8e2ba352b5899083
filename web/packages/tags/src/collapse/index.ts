import { defineTag } from "../define";

export const collapse = defineTag({ names: ["Collapse"], kind: "visual", view: async () => ({ default: (await import("./Collapse")).Collapse }) });
export const panel = defineTag({ names: ["Panel"], kind: "visual", view: async () => ({ default: (await import("./Collapse")).Panel }) });
