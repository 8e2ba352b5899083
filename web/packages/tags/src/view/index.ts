import { defineTag } from "../define";
import { ViewBox } from "./View";

export const view = defineTag({ names: ["View"], kind: "visual", view: async () => ({ default: ViewBox }) });
