import { defineTag } from "../define";

export const repeater = defineTag({ names: ["Repeater"], kind: "visual", view: () => import("./Repeater") });
