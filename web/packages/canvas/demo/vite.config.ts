/** The page on which canvas and text are looked at and measured: `npx vite --config packages/canvas/demo/vite.config.ts`. */
import { fileURLToPath } from "node:url";
import { defineConfig, mergeConfig } from "vite";
import base from "../../../vite.config";

const here = fileURLToPath(new URL(".", import.meta.url));

export default mergeConfig(
  base,
  defineConfig({ root: here, base: "/", build: { outDir: process.env.DEMO_OUT ?? "/tmp/labelwright-demo", emptyOutDir: true, manifest: false } }),
);
