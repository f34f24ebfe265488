import js from "@eslint/js";
import redos from "eslint-plugin-redos";
import ts from "typescript-eslint";

/** The layers of src, and what each may import from besides itself: only from what stands above it here. */
const LAYERS = {
  common: [],
  core: ["common"],
  config: ["common", "core"],
  models: ["common", "core"],
  reading: ["common", "core"],
  storage: ["common", "core", "config"],
  search: ["common", "core", "config", "models", "reading"],
  verification: ["common", "core", "reading", "storage"],
  app: ["common", "core", "config", "models", "reading", "storage", "search", "verification"],
  cli: ["common", "core", "app"],
  vscode: ["common", "core", "app"],
};

/** The method may use these packages and no others: no vscode, no node: modules, no network, no files. */
const CORE_PACKAGES = ["zod", "minisearch"];

/** VS Code's functions that show a text in which it looks for links or icons. */
const SHOWS = [
  "showInformationMessage",
  "showWarningMessage",
  "showErrorMessage",
  "showInputBox",
  "createInputBox",
  "showQuickPick",
  "setStatusBarMessage",
];

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

/** Relative paths from a file of one layer into another: no file lies deeper than three folders. */
const pathsTo = (layer) =>
  ["../", "../../", "../../../"].flatMap((up) => [`${up}${layer}`, `${up}${layer}/**`]);

const direction = Object.entries(LAYERS).map(([layer, allowed]) => {
  const barred = Object.keys(LAYERS).filter((other) => other !== layer && !allowed.includes(other));
  const sources = ["itself", ...allowed.map((each) => `src/${each}`)].join(", ");
  return {
    files: [`src/${layer}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: [...barred, "extension.js"].flatMap(pathsTo),
              message: `src/${layer} may import only from ${sources}.`,
            },
            ...(layer === "vscode"
              ? []
              : [{ group: ["vscode"], message: "Only src/vscode and src/extension.ts know VS Code." }]),
            ...(layer === "core"
              ? [
                  {
                    regex: `^(?!\\.{1,2}/|(?:${CORE_PACKAGES.join("|")})(?:/|$)).+`,
                    message: "The method stands on its own: what it needs from outside is a port.",
                  },
                ]
              : []),
            ...(layer === "models"
              ? []
              : [{ group: ["@google/*"], message: "The SDK lives in src/models/gemini and nowhere else." }]),
          ],
        },
      ],
    },
  };
});

/**
 * What opens a file may wait for ever, or read without end, where a stranger put a FIFO or a device: everything is
 * read through src/common/read-file.ts. These write, or read what they wrote themselves.
 */
const OPENERS = [
  "src/common/read-file.ts",
  "src/common/files.ts",
  "src/storage/sessions/journal.ts",
  "src/storage/sessions/session-lock.ts",
  "src/storage/logs/log-file.ts",
  "src/storage/archive/unpack.ts",
  "src/search/workspace/index-worker.ts",
  "src/search/workspace/index-shard.ts",
  "src/search/workspace/workspace-index.ts",
  "src/cli/signals.ts",
];
const OPENING =
  "/^(?:default|open|openSync|openAsBlob|read|readSync|readFile|readFileSync|createReadStream|copyFile|copyFileSync|cp|cpSync|promises)$/";
const OPEN_MESSAGE =
  "Read files through src/common/read-file.ts: regular ones only, and no more than a limit.";
const OPENING_RULES = [
  {
    selector: `ImportDeclaration[importKind!="type"][source.value=/^(?:node:)?fs(?:.promises)?$/] > ImportSpecifier[imported.name=${OPENING}][importKind!="type"]`,
    message: OPEN_MESSAGE,
  },
  {
    selector:
      "ImportDeclaration[source.value=/^(?:node:)?fs(?:.promises)?$/] > :matches(ImportDefaultSpecifier, ImportNamespaceSpecifier)",
    message: OPEN_MESSAGE,
  },
  {
    selector: 'CallExpression[callee.property.name="readFile"][callee.object.property.name="fs"]',
    message: OPEN_MESSAGE,
  },
];

/** No global is replaced: whoever else runs in the process would see it. */
const GLOBAL_RULES = [
  {
    selector:
      "AssignmentExpression[left.type='MemberExpression'][left.object.name=/^(?:globalThis|global)$/]",
    message: "Hand it in instead of replacing a global.",
  },
  {
    selector: "MemberExpression[object.name='AbortSignal'][property.name='timeout']",
    message: "Use abortAfter of src/common/abort.ts: in Node 20, this may never abort.",
  },
];

/** Texts of strangers pass src/vscode/show-messages.ts, which makes them plain. */
const MESSAGE_RULES = [
  {
    selector: `:matches(MemberExpression > .property, Property > .key)[name=/^(?:${SHOWS.join("|")})$/]`,
    message: "Use src/vscode/show-messages.ts: VS Code makes links and icons of what stands in these.",
  },
  {
    selector: "MemberExpression[computed=true][object.property.name='window']",
    message: "Name the function, so that this rule sees it.",
  },
  {
    selector: "MemberExpression[object.property.name='ProgressLocation'][property.name='Notification']",
    message: "Use withProgress of src/vscode/show-messages.ts.",
  },
  {
    selector:
      ":matches(AssignmentExpression[left.property.name='isTrusted'][right.type!='ObjectExpression'], Property[key.name='isTrusted'][value.type!='ObjectExpression'])",
    message: "Name the commands that the text may call: { enabledCommands: […] }.",
  },
];

export default ts.config(
  { ignores: ["dist/", "out/", "node_modules/", "data/", ".vscode-host/", ".container-host/"] },
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
    // Their repetitions are bounded, or see one line of bounded length (long-lines.ts), and a test times hostile text;
    // looking at them takes minutes.
    ignores: [
      "src/common/secret-tokens.ts",
      "src/reading/documents/asciidoc-blocks.ts",
      "src/reading/documents/asciidoc-inline.ts",
      "src/reading/documents/document-formats.ts",
      "src/reading/documents/front-matter.ts",
      "src/reading/documents/man-blocks.ts",
      "src/reading/documents/markdown-blocks.ts",
      "src/reading/documents/markdown-inline.ts",
      "src/reading/documents/org-blocks.ts",
      "src/reading/documents/plain-text-blocks.ts",
      "src/reading/documents/rst-blocks.ts",
    ],
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
    files: ["**/*.js", "**/*.mjs", "**/*.cjs"],
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
  {
    files: ["src/**/*.ts"],
    ignores: ["src/common/run-git.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          paths: ["child_process", "node:child_process"].map((name) => ({
            name,
            message: "Programs are run by src/common/run-git.ts and nowhere else.",
          })),
        },
      ],
    },
  },
  // A file's last block counts for a rule: each block names all that holds there.
  { files: ["src/**/*.ts"], rules: { "no-restricted-syntax": ["error", ...OPENING_RULES, ...GLOBAL_RULES] } },
  { files: OPENERS, rules: { "no-restricted-syntax": ["error", ...GLOBAL_RULES] } },
  {
    files: ["src/vscode/**/*.ts", "src/extension.ts"],
    ignores: ["src/vscode/show-messages.ts", "src/vscode/input-box.ts"],
    rules: { "no-restricted-syntax": ["error", ...OPENING_RULES, ...GLOBAL_RULES, ...MESSAGE_RULES] },
  },
);
