// Builds everything, and from a checkout sets up what is missing first:
//   node esbuild.js                  the extension and the terminal program, into dist/
//   node esbuild.js --watch          the same, again at each change
//   node esbuild.js --tests          the tests, into out/
//   node esbuild.js --start ARGS     installs where needed, builds, and runs the terminal program
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

process.chdir(__dirname);

/** Installs the packages if that was not done, or not since the lock file changed. */
function install() {
  const stamp = "node_modules/.package-lock.json";
  const newer = (file) => fs.existsSync(stamp) && fs.statSync(stamp).mtimeMs >= fs.statSync(file).mtimeMs;
  // Packages that are linked from elsewhere belong to whoever put them there.
  if (newer("package-lock.json") || fs.lstatSync("node_modules", { throwIfNoEntry: false })?.isSymbolicLink())
    return;
  console.error("Installing packages (once) …");
  const npm = process.env.npm_execpath;
  const command = npm ? [process.execPath, [npm, "ci"]] : ["npm", ["ci"]];
  execFileSync(command[0], command[1], {
    stdio: ["ignore", 2, 2],
    shell: !npm && process.platform === "win32",
  });
  const now = new Date();
  fs.utimesSync(stamp, now, now);
}

/**
 * Google's SDK sends its requests by the `fetch` of src/models/gemini/sdk-fetch.ts, and nobody else does.
 * @type {import("esbuild").Plugin}
 */
const sdkFetch = {
  name: "sdk-fetch",
  setup(build) {
    // Bundled also where other packages are not, so that the name can be bound.
    build.onResolve({ filter: /^@google\/generative-ai$/ }, () => ({
      path: path.join(path.dirname(require.resolve("@google/generative-ai")), "index.mjs"),
    }));
    build.onLoad({ filter: /@google[\\/]generative-ai[\\/]dist[\\/]index\.mjs$/ }, ({ path: file }) => {
      const ours = JSON.stringify(path.resolve("src/models/gemini/sdk-fetch.ts"));
      return { contents: `import { fetch } from ${ours};\n${fs.readFileSync(file, "utf8")}`, loader: "js" };
    });
  },
};

const shared = {
  plugins: [sdkFetch],
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  sourcemap: true,
  logLevel: "warning",
};

/** What runs on threads of its own, and what such a thread loads only when it meets a PDF. */
const threads = {
  "extraction-worker": "src/reading/documents/extraction-worker.ts",
  "workspace-worker": "src/app/workspace-worker.ts",
  pdf: "unpdf",
};

/** Parts of packages that are left out, or lie in a bundle of their own. @type {import("esbuild").Plugin} */
const apart = {
  name: "apart",
  setup(build) {
    // Trees of pages are made without what listens to events.
    build.onResolve({ filter: /\/event-target\.js$/ }, ({ importer }) =>
      /[\\/]linkedom[\\/]/.test(importer)
        ? { path: path.resolve("src/reading/documents/linkedom-event-target-stub.ts") }
        : undefined,
    );
    // Only the parser is used. The package's index brings a serializer with tables that cannot be shaken off.
    build.onResolve({ filter: /^htmlparser2$/ }, () => ({
      path: path.join(path.dirname(require.resolve("htmlparser2")), "../esm/Parser.js"),
    }));
    build.onResolve({ filter: /^cssomnom\/parse$/ }, () => ({
      path: path.resolve("src/reading/documents/linkedom-style-sheet-stub.ts"),
    }));
    // Few threads ever read a PDF, and its reader is larger than all else: a bundle of its own.
    build.onResolve({ filter: /^unpdf$/ }, ({ kind }) =>
      kind === "entry-point" ? undefined : { path: "./pdf.js", external: true },
    );
  },
};

/** What is loaded only where a collector of traces is set. */
const telemetry = { otlp: "src/app/telemetry/otlp.ts" };

const product = {
  ...shared,
  plugins: [sdkFetch, apart],
  minify: true,
  outdir: "dist",
  entryPoints: {
    extension: "src/extension.ts",
    "vscode/main": "src/vscode/main.ts",
    "vscode/preview/markdown-it-plugin": "src/vscode/preview/markdown-it-plugin.ts",
    cli: "src/cli/main.ts",
    ...threads,
    ...telemetry,
  },
  // The entry loads the rest when a command first runs or a Markdown preview opens: bundles of their own.
  external: ["vscode", "./vscode/main.js", "./vscode/preview/markdown-it-plugin.js", "canvas"],
  // VS Code and Node both load the second bundle by require.
  supported: { "dynamic-import": false },
  legalComments: "none",
};

/** The script of the report view, which runs in a web page. */
const page = {
  bundle: true,
  platform: "browser",
  target: "chrome120",
  format: "iife",
  sourcemap: true,
  logLevel: "warning",
  minify: true,
  legalComments: "none",
  outdir: "dist",
  entryPoints: { "vscode/report-page": "src/vscode/report-page/main.ts" },
};

const NOTICES = "THIRD_PARTY_NOTICES.txt";
const SQLITE = "node-sqlite3-wasm/dist/node-sqlite3-wasm.wasm";

function tests() {
  const files = (folder) =>
    fs.existsSync(folder)
      ? fs.readdirSync(folder, { recursive: true }).map((name) => path.join(folder, String(name)))
      : [];
  const named = (folder, ending) => files(folder).filter((file) => file.endsWith(ending));
  // The speed of what is put together as the product is, its packages inside; not so what it is held against.
  const asProduct = named("test/bench/speed", ".ts").filter(
    (file) => !file.endsWith("readability-process.ts"),
  );
  return [
    {
      ...shared,
      outdir: "out",
      outbase: "test",
      packages: "external",
      entryPoints: [
        ...named("test/unit", ".test.ts"),
        ...named("test/integration", ".test.ts"),
        ...named("test/fakes", "-server.ts"),
        ...named("test/fakes", "-reports.ts"),
        ...named("test/fakes", "-workspace.ts"),
        ...named("test/package", "write-architecture.ts"),
        ...named("test/package", "write-settings-schema.ts"),
        ...named("test/bench", ".ts").filter((file) => !asProduct.includes(file)),
      ],
    },
    { ...product, minify: false, outdir: "out", outbase: "test", entryPoints: asProduct },
    // As in the product, whose threads start quicker for it.
    { ...product, sourcemap: false, outdir: "out", entryPoints: { ...threads, ...telemetry } },
    {
      ...shared,
      outdir: "out/e2e",
      external: ["vscode", "mocha"],
      entryPoints: named("test/e2e/suite", ".ts"),
    },
  ].filter(({ entryPoints }) => Object.keys(entryPoints).length > 0);
}

/** SQLite looks for its program beside ours. */
function copySqlite(folder) {
  fs.copyFileSync(require.resolve(SQLITE), path.join(folder, path.basename(SQLITE)));
}

/** What is in the bundles is shipped with its licences. */
function writeNotices(metafile, folder) {
  const { bundledFiles, noticesOf, packagesOf } = require("./notices.js");
  const packages = packagesOf([...bundledFiles(metafile), require.resolve(SQLITE)]);
  fs.writeFileSync(path.join(folder, NOTICES), noticesOf(packages));
}

async function main([mode, ...rest]) {
  install();
  const esbuild = require("esbuild");
  if (mode === "--watch") {
    for (const options of [product, page]) {
      const context = await esbuild.context({ ...options, minify: false, logLevel: "info" });
      await context.watch();
    }
    return;
  }
  if (mode === "--tests") {
    fs.rmSync("out", { recursive: true, force: true });
    await Promise.all(tests().map((options) => esbuild.build(options)));
    copySqlite("out");
    return;
  }
  const [{ metafile }] = await Promise.all([
    esbuild.build({ ...product, metafile: true }),
    esbuild.build(page),
  ]);
  copySqlite("dist");
  writeNotices(metafile, "dist");
  if (mode === "--start") {
    // npm stands in the checkout's folder, whatever folder the user called it from.
    process.argv = [process.argv[0], path.join(__dirname, "dist/cli.js"), ...rest];
    require("./dist/cli.js");
  }
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}

module.exports = { install };
