import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { tagFacts } from "./packages/config/vite-facts.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Our packages by name. The same list stands in tsconfig.json; eslint.config.js says which may import which. */
const packages = ["config", "engine", "canvas", "tags", "ui", "editor"];

const server = process.env.LABELWRIGHT_DEV_SERVER ?? "http://127.0.0.1:8080";

/**
 * What is small and shared goes together. Left alone, each icon and each shared helper becomes a file of its own, and a labeling
 * screen waits for 50 requests, six at a time. Views of tags stay apart: each config loads only its own.
 */
const chunks = [
  { name: "virtual", test: /\/(react-virtual|virtual-core)\// },
  { name: "ui", test: /\/packages\/ui\/|\/lucide-react\// },
  { name: "editor", test: /\/packages\/(engine|config)\/src\/(?!catalogue)|\/packages\/editor\/|\/packages\/tags\/src\/([\w.]+|\w+\/index\.ts|shared\/[\w.]+)$/ },
  { name: "label", test: /\/app\/label\/(?!early)/ },
];

export default defineConfig({
  plugins: [tagFacts(), react()],
  base: "/static/app/",
  resolve: {
    alias: [
      ...packages.map((name) => ({ find: new RegExp(`^@labelwright/${name}$`), replacement: here(`./packages/${name}/src/index.ts`) })),
      { find: "@schemas", replacement: here("../src/labelwright/labelconfig/tags") },
    ],
  },
  build: {
    outDir: here("../src/labelwright/web"),
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      preserveEntrySignatures: false,
      output: { codeSplitting: { includeDependenciesRecursively: false, groups: chunks } },
    },
  },
  server: {
    fs: { allow: [here(".."), here(".")] },
    proxy: Object.fromEntries(["/api", "/user", "/data", "/health", "/logout", "/samples"].map((path) => [path, server])),
  },
  test: {
    include: ["packages/**/*.test.{ts,tsx}", "app/**/*.test.{ts,tsx}"],
    environment: "node",
  },
});
