// Runs npm scripts one after the other, stops at the first that fails, and prints how long each took:
//   node test/run-scripts.mjs test:types test:format
// It installs packages first where they are missing. Their "pre" scripts, which build, are skipped: the list has a step
// that builds once for all.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(path.join(path.dirname(fileURLToPath(import.meta.url)), ".."));
createRequire(import.meta.url)("../esbuild.js").install();

/** @returns {Promise<boolean>} whether the script succeeded */
function runScript(name) {
  const args = ["run", "--silent", "--ignore-scripts", name];
  const npm = process.env.npm_execpath;
  const child = npm
    ? spawn(process.execPath, [npm, ...args], { stdio: ["ignore", "inherit", "inherit"] })
    : spawn("npm", args, {
        stdio: ["ignore", "inherit", "inherit"],
        shell: process.platform === "win32",
      });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code === 0));
  });
}

const times = [];
let failed = null;
for (const name of process.argv.slice(2)) {
  console.log(`\n== ${name}`);
  const start = performance.now();
  if (!(await runScript(name))) failed = name;
  times.push(`${name} ${((performance.now() - start) / 1000).toFixed(1)} s`);
  if (failed !== null) break;
}
console.log(`\n${times.join(" · ")}`);
if (failed !== null) {
  console.error(`Failed: ${failed}. To run it alone: npm run ${failed}`);
  process.exitCode = 1;
}
