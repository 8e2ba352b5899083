import { defineTag } from "../define";

export const markdown = defineTag({ names: ["Markdown"], kind: "visual", view: () => import("./Markdown") });
