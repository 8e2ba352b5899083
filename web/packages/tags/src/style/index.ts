import { defineTag } from "../define";
import { Style } from "./Style";

export const style = defineTag({ names: ["Style"], kind: "visual", view: async () => ({ default: Style }) });
