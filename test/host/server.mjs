// The real VS Code server on a free port of 127.0.0.1, with fresh folders, and a browser on it.
import { execFile, spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { HOST, install } from "./install.mjs";

/** Settings under which nothing moves, asks or phones while a test runs. */
const QUIET = {
  "telemetry.telemetryLevel": "off",
  "workbench.startupEditor": "none",
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

/**
 * Starts a server.
 * @param {{ settings?: object, env?: Record<string, string>, vsix?: string, port?: number, smokeTest?: boolean }} options
 *   `smokeTest` lets a page hand in an extension under test; it hides notifications
 * @returns the server's address, and `stop`, which must be called
 */
export async function startServer({ settings = {}, env = {}, vsix, port, smokeTest = false } = {}) {
  const executable = await install();
  const run = fs.mkdtempSync(path.join(os.tmpdir(), "deep-research-host-"));
  const data = path.join(run, "data");
  const extensions = path.join(run, "extensions");
  fs.mkdirSync(path.join(data, "data/User"), { recursive: true });
  fs.mkdirSync(extensions);
  fs.writeFileSync(path.join(data, "data/User/settings.json"), JSON.stringify({ ...QUIET, ...settings }));
  const environment = {
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(npm_|VSCODE_|GEMINI_|RESEARCH_)/i.test(name)),
    ),
    EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":""}',
    ...env,
  };
  const folders = ["--server-data-dir", data, "--extensions-dir", extensions];
  if (vsix !== undefined) {
    await promisify(execFile)(
      HOST.node,
      [HOST.server, ...folders, "--accept-server-license-terms", "--install-extension", vsix],
      {
        env: environment,
      },
    );
  }
  const at = port ?? (await freePort());
  const log = fs.openSync(path.join(run, "server.log"), "w");
  const child = spawn(
    HOST.node,
    [
      HOST.server,
      "--host",
      "127.0.0.1",
      "--port",
      String(at),
      "--without-connection-token",
      "--accept-server-license-terms",
      "--telemetry-level",
      "off",
      ...(smokeTest ? ["--enable-smoke-test-driver"] : []),
      ...folders,
    ],
    { env: environment, stdio: ["ignore", log, log], detached: true },
  );
  const address = `http://127.0.0.1:${at}`;
  const stop = async () => {
    try {
      // The whole group: the server's extension hosts and watchers end with it.
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended already.
    }
    fs.closeSync(log);
    await wait(100);
    fs.rmSync(run, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  for (let tries = 0; ; tries++) {
    if (
      await fetch(`${address}/version`).then(
        (response) => response.ok,
        () => false,
      )
    )
      break;
    if (tries > 150 || child.exitCode !== null) {
      const said = fs.readFileSync(path.join(run, "server.log"), "utf8");
      await stop();
      throw new Error(`VS Code's server did not start:\n${said.slice(-2000)}`);
    }
    await wait(200);
  }
  return { address, executable, data, stop };
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

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

/**
 * Opens a browser in which nothing leaves 127.0.0.1.
 * @returns the page, the addresses that were refused (an assertion: there should be none), and `close`
 */
export async function openBrowser(executable, { width = 1280, height = 800 } = {}) {
  const browser = await chromium.launch({ executablePath: executable, args: FLAGS });
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: "light" });
  const outbound = [];
  const secret = Buffer.alloc(32, 7);
  await context.route("**/*", (route) => {
    const url = new URL(route.request().url());
    // Secrets are kept in the browser, sealed with a key that the server is asked for.
    if (url.pathname.endsWith("/mint-key")) return route.fulfill({ body: secret });
    if (url.hostname === "127.0.0.1" || !/^(https?|wss?):$/.test(url.protocol) || isWebview(url))
      return route.continue();
    outbound.push(url.href);
    return route.abort();
  });
  return { page: await context.newPage(), outbound, close: () => browser.close() };
}

/** Webviews live at a host of their own that VS Code's server itself answers for. */
function isWebview(url) {
  return url.hostname.endsWith(".localhost") || url.hostname === "localhost";
}
