import { fileURLToPath } from "node:url";
import { mergeConfig } from "vite";
import base from "../../../vite.config.ts";

/** Dev page of the editor alone: `npx vite -c packages/editor/demo/vite.config.ts`. */
export default mergeConfig(base, {
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "/",
});
