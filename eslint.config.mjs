import js from "@eslint/js";
import redos from "eslint-plugin-redos";
import ts from "typescript-eslint";

/** The rooms of src, and the rooms that each may import from besides itself. */
const ROOMS = {
  common: [],
  research: [],
  models: ["common", "research"],
  sources: ["common", "research"],
  sessions: ["common", "research"],
  settings: ["common", "research", "sessions"],
  monitoring: ["common", "research", "settings"],
};

/** The method may use these packages and no others: no vscode, no node: modules, no network, no files. */
const RESEARCH_PACKAGES = ["zod", "minisearch"];

/**
 * How patterns are looked at: limited in steps and not in time, so that the same is found on a busy machine, and with
 * fewer tries than usual, so that it takes half a minute of computing. A pattern that takes too long counts as found.
 */
const REDOS = {
  ignoreErrors: false,
  timeout: 60_000,
  attackTimeout: null,
  incubationTimeout: null,
  attackLimit: 200_000_000,
  maxInitialGenerationSize: 50,
  maxGenerationSize: 25,
  maxIteration: 3,
  crossoverSize: 10,
  mutationSize: 15,
};

const direction = Object.entries(ROOMS).map(([room, allowed]) => {
  const barred = [...Object.keys(ROOMS), "vscode", "engine", "cli.js", "extension.js"].filter(
    (other) => other !== room && !allowed.includes(other),
  );
  return {
    files: [`src/${room}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: barred.flatMap((other) => [
                `../${other}`,
                `../${other}/*`,
                `../../${other}`,
                `../../${other}/*`,
                `../../${other}/**`,
              ]),
              message: `src/${room} may import only from itself${allowed.map((each) => ` and src/${each}`).join("")}.`,
            },
            { group: ["vscode"], message: "Only src/vscode and src/extension.ts know VS Code." },
            ...(room === "research"
              ? [
                  {
                    regex: `^(?!\\.{1,2}/|(?:${RESEARCH_PACKAGES.join("|")})(?:/|$)).+`,
                    message: "The method stands on its own: what it needs from outside is a port.",
                  },
                ]
              : []),
            ...(room === "models"
              ? []
              : [
                  {
                    group: ["@google/*"],
                    message: "The SDK lives in src/models/gemini.ts and nowhere else.",
                  },
                ]),
          ],
        },
      ],
    },
  };
});

export default ts.config(
  { ignores: ["dist/", "out/", "node_modules/", "data/", ".vscode-host/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...ts.configs.strictTypeChecked, ...ts.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/dot-notation": "off",
    },
  },
  {
    // What a page, a file, a report or a model says goes through our patterns: none may take quadratic time.
    files: ["src/**/*.ts"],
    plugins: { redos },
    rules: { "redos/no-vulnerable": ["error", REDOS] },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/no-floating-promises": ["error", { allowForKnownSafeCalls: ["describe", "it"] }],
    },
  },
  {
    files: ["**/*.js", "**/*.mjs"],
    languageOptions: {
      globals: {
        require: "readonly",
        module: "readonly",
        process: "readonly",
        console: "readonly",
        __dirname: "readonly",
        URL: "readonly",
        Buffer: "readonly",
        setTimeout: "readonly",
        clearTimeout: "readonly",
        fetch: "readonly",
        AbortController: "readonly",
        AbortSignal: "readonly",
        performance: "readonly",
        document: "readonly",
        window: "readonly",
        setInterval: "readonly",
        clearInterval: "readonly",
        structuredClone: "readonly",
        navigator: "readonly",
        location: "readonly",
        acquireVsCodeApi: "readonly",
      },
    },
  },
  ...direction,
);
