// The real VS Code server on a free port of 127.0.0.1, with fresh folders.
import { execFile, spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { runAtExit } from "./cleanup.mjs";
import { HOST, install } from "./install.mjs";

const STARTS_WITHIN_MS = 60_000;

/** Settings under which nothing moves, asks or phones while a test runs. */
const QUIET = {
  "telemetry.telemetryLevel": "off",
  "workbench.startupEditor": "none",
  "workbench.reduceMotion": "on",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "update.showReleaseNotes": false,
  "security.workspace.trust.enabled": false,
  "git.openRepositoryInParentFolders": "never",
  "chat.commandCenter.enabled": false,
  "chat.disableAIFeatures": true,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "window.commandCenter": false,
};

/** What a user's shell may hold and a test must not see. */
const PRIVATE = /^(npm_|VSCODE_|GEMINI_|RESEARCH_|NODE_OPTIONS$)/i;

/**
 * Starts a server and waits until it answers.
 * @param {object} options
 * @param {object} [options.settings] the user's settings, over quiet ones
 * @param {object} [options.machineSettings] those that only a machine may have
 * @param {Record<string, string>} [options.env] reaches the extension host
 * @param {string} [options.vsix] a packaged extension to install first, as a user has it
 * @param {string} [options.helper] the folder of a second extension, such as a stand-in for a chat model
 * @param {number} [options.port] else a free one
 * @param {boolean} [options.smokeTest] lets a page hand in an extension under test; hides notifications
 * @returns {Promise<{ address: string, data: string, log: () => string, stop: () => void }>} `data` is the
 *   server's data folder, `log` its last words; `stop` must be called
 */
export async function startServer({
  settings = {},
  machineSettings = {},
  env = {},
  vsix,
  helper,
  port,
  smokeTest = false,
} = {}) {
  await install();
  const run = fs.mkdtempSync(path.join(os.tmpdir(), "deep-research-h-"));
  let child;
  const stop = runAtExit(() => {
    // The whole group: the server's extension hosts and watchers end with it.
    if (child?.pid !== undefined) endGroup(child.pid);
    fs.rmSync(run, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });
  try {
    const data = path.join(run, "data");
    const folders = [
      "--server-data-dir",
      data,
      "--extensions-dir",
      prepare(run, data, { settings, machineSettings, helper }),
    ];
    const environment = {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !PRIVATE.test(name))),
      // No gallery: nothing is looked for in a marketplace.
      EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":""}',
      // What the extension remembers of its user goes with the server.
      DEEP_RESEARCH_STATE: path.join(run, "state"),
      ...env,
    };
    if (vsix !== undefined) await installVsix(vsix, folders, environment);
    const at = port ?? (await freePort());
    const logFile = path.join(run, "server.log");
    const output = fs.openSync(logFile, "w");
    const listen = ["--host", "127.0.0.1", "--port", String(at), "--without-connection-token"];
    const quiet = ["--accept-server-license-terms", "--telemetry-level", "off"];
    const driver = smokeTest ? ["--enable-smoke-test-driver"] : [];
    child = spawn(HOST.node, [HOST.server, ...listen, ...quiet, ...driver, ...folders], {
      env: environment,
      stdio: ["ignore", output, output],
      detached: true,
    });
    fs.closeSync(output);
    const log = () => fs.readFileSync(logFile, "utf8").slice(-2000);
    const address = `http://127.0.0.1:${at}`;
    await answering(address, child, log);
    return { address, data, log, stop };
  } catch (error) {
    stop();
    throw error;
  }
}

/** Makes the fresh folders. @returns {string} the extensions folder */
function prepare(run, data, { settings, machineSettings, helper }) {
  const extensions = path.join(run, "extensions");
  fs.mkdirSync(extensions);
  for (const [whose, values] of [
    ["User", { ...QUIET, ...settings }],
    ["Machine", machineSettings],
  ]) {
    const folder = path.join(data, "data", whose);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, "settings.json"), JSON.stringify(values));
  }
  if (helper !== undefined) {
    // Only one extension can be handed in as under development: another is found by its folder's name.
    const { publisher, name, version } = JSON.parse(
      fs.readFileSync(path.join(helper, "package.json"), "utf8"),
    );
    fs.cpSync(helper, path.join(extensions, `${publisher}.${name}-${version}`), { recursive: true });
  }
  return extensions;
}

async function installVsix(vsix, folders, env) {
  if (!fs.existsSync(vsix)) throw new Error(`There is no ${vsix}. Make it with: npm run package`);
  const args = [HOST.server, ...folders, "--accept-server-license-terms", "--install-extension", vsix];
  const { stdout, stderr } = await promisify(execFile)(HOST.node, args, { env });
  if (!/successfully installed/.test(stdout))
    throw new Error(`${vsix} was not installed:\n${stdout}${stderr}`);
}

async function answering(address, child, log) {
  const until = performance.now() + STARTS_WITHIN_MS;
  for (;;) {
    const up = await fetch(`${address}/version`, { signal: AbortSignal.timeout(5_000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (up) return;
    if (child.exitCode !== null) throw new Error(`VS Code's server ended at once:\n${log()}`);
    if (performance.now() > until) throw new Error(`VS Code's server does not answer:\n${log()}`);
    await wait(200);
  }
}

function endGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
