// Which package may import which, and the few habits that the compiler cannot check. Every message says what to do instead.
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/** Arrows of docs/architecture: a package may import the ones listed, nothing else of ours. */
const mayImport = {
  config: [],
  engine: ["config"],
  canvas: ["config", "engine"],
  ui: [],
  tags: ["config", "engine", "canvas", "ui"],
  editor: ["config", "engine", "canvas", "tags", "ui"],
};
const packages = Object.keys(mayImport);
/** These run in plain Node: no React in them. */
const withoutReact = ["config", "engine", "canvas"];

const deepImports = {
  group: ["**/packages/*", "@labelwright/*/*"],
  message: "Import from the package's index, `@labelwright/<name>`; if it is not exported there, export it.",
};
const icons = {
  group: ["lucide-react/*"],
  message: "Import the icon by its name from lucide-react, so that only that icon is built in.",
};

function arrowsOf(name) {
  const allowed = mayImport[name];
  const forbidden = packages.filter((other) => other !== name && !allowed.includes(other)).map((other) => `@labelwright/${other}`);
  const patterns = [
    deepImports,
    icons,
    ...(forbidden.length > 0
      ? [
          {
            group: forbidden,
            message: `packages/${name} may import ${allowed.map((other) => `@labelwright/${other}`).join(", ") || "none of our packages"}. Move what both need down to a package that both may import, or pass it in as an argument.`,
          },
        ]
      : []),
    { group: ["**/app/**", "@tanstack/react-query", "@tanstack/react-router"], message: "Packages know no server and no addresses. Take what you need as an argument or a prop; the app passes it in." },
    ...(withoutReact.includes(name)
      ? [{ group: ["react", "react-dom", "react-dom/*", "lucide-react", "react-aria-components"], message: `packages/${name} has no framework, so that it runs in plain Node. Put views into packages/tags or packages/editor.` }]
      : []),
  ];
  return {
    files: [`packages/${name}/**/*.{ts,tsx}`],
    ignores: ["**/*.test.ts", "**/*.test.tsx", "**/test/**", "**/testing/**"],
    rules: { "no-restricted-imports": ["error", { patterns }] },
  };
}

export default tseslint.config(
  { ignores: ["dist/**", "node_modules/**", "public/**", "packages/*/demo/**"] },
  ...tseslint.configs.recommended,
  {
    plugins: { "react-hooks": hooks },
    linterOptions: { reportUnusedDisableDirectives: "warn" },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      eqeqeq: ["error", "always"],
      "no-console": ["error", { allow: ["warn", "error"] }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports", disallowTypeAnnotations: false }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", destructuredArrayIgnorePattern: "^_" }],
    },
  },
  ...packages.map(arrowsOf),
  {
    files: ["app/**/*.{ts,tsx}"],
    rules: { "no-restricted-imports": ["error", { patterns: [deepImports, icons] }] },
  },
  {
    files: ["app/**/*.{ts,tsx}"],
    ignores: ["app/api/**", "app/label/core/**", "app/label/early.ts", "app/login/session.ts", "app/data/downloadExport.ts", "**/*.test.ts", "**/testing/**"],
    rules: {
      "no-restricted-globals": ["error", { name: "fetch", message: "Call the server with `api` or `upload` of app/api/client.ts: they send the session along and turn failures into ApiError." }],
    },
  },
  {
    files: ["**/*.test.{ts,tsx}", "**/test/**", "**/testing/**"],
    rules: { "@typescript-eslint/no-explicit-any": "off" },
  },
);
