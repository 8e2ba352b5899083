/** The page on which canvas and text are looked at and measured: `npx vite --config packages/canvas/demo/vite.config.ts`. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import base from "../../../vite.config";

const here = fileURLToPath(new URL(".", import.meta.url));

// The app's grouping of chunks fits the app's entry; this page has another and needs none.
export default defineConfig({
  ...base,
  root: here,
  base: "/",
  build: { target: "es2022", outDir: process.env.DEMO_OUT ?? "dist", emptyOutDir: true },
});
