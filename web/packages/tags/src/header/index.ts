import { defineTag } from "../define";
import { Header } from "./Header";

export const header = defineTag({ names: ["Header"], kind: "visual", view: async () => ({ default: Header }) });
