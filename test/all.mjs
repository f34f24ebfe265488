// Everything that must hold, one after the other, with what each step took:
//   node test/all.mjs              all of it (npm test)
//   node test/all.mjs types lint   only these
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
process.chdir(root);
createRequire(import.meta.url)("../esbuild.js").install();

const bin = (name, ...args) => [path.join("node_modules", ".bin", name), ...args];
const node = (...args) => [process.execPath, ...args];

/** Each step's name and its commands. Builds stand where the first step needs them. */
const STEPS = {
  types: [bin("tsc", "--noEmit")],
  lint: [bin("eslint", ".", "--max-warnings", "0")],
  format: [bin("prettier", "--check", "--log-level", "warn", ".")],
  build: [node("esbuild.js"), node("esbuild.js", "--tests")],
  unit: [bin("mocha", "--enable-source-maps", "--timeout", "20000", "out/unit/**/*.test.js")],
  integration: [
    bin("mocha", "--enable-source-maps", "--timeout", "60000", "--exit", "out/integration/**/*.test.js"),
  ],
  "host: install": [node("test/e2e/install.mjs")],
  "host: suite": [node("test/e2e/suite.mjs")],
  "host: package": [
    bin(
      "vsce",
      "package",
      "--no-dependencies",
      "--allow-missing-repository",
      "--no-rewrite-relative-links",
      "--out",
      "deep-research.vsix",
    ),
  ],
  "host: preview": [node("test/e2e/preview.mjs", "--together", "5")],
  "host: hostile": [node("test/e2e/hostile-workspace.mjs")],
  "host: axe": [node("test/e2e/accessibility.mjs")],
  "host: walk": [node("test/e2e/walkthrough.mjs")],
};

function run([command, ...args]) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(signal === null ? code : 1));
  });
}

const wanted = process.argv.slice(2);
const took = [];
let failed = null;
for (const [name, commands] of Object.entries(STEPS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n== ${name}`);
  const began = performance.now();
  for (const command of commands) if (failed === null && (await run(command)) !== 0) failed = name;
  took.push(`${name} ${((performance.now() - began) / 1000).toFixed(1)} s`);
  if (failed !== null) break;
}
console.log(`\n${took.join(" · ")}`);
console.log(`${took.length - (failed === null ? 0 : 1)} passed, ${failed === null ? 0 : 1} failed`);
if (failed !== null) {
  console.error(`Failed: ${failed}`);
  process.exitCode = 1;
}
