// Runs the host suite (out/host) with Mocha inside the real Node extension host of VS Code.
// One window has a folder on the disk, another one a folder that is only in memory.
//   node test/e2e/suite.mjs [GREP]    only tests whose names match; "virtual" for those of the second window alone
import fs from "node:fs";
import path from "node:path";
import { URLSearchParams } from "node:url";
import { openBrowser } from "./browser.mjs";
import { startFake } from "./fake-gemini-process.mjs";
import { printResults } from "./print-results.mjs";
import { startServer } from "./code-server.mjs";
import { copyWorkspace, root } from "./workspace.mjs";

const ENDS_WITHIN_MS = 5 * 60_000;
const suite = path.join(root, "out/e2e/index.js");

const VIRTUAL = "virtual workspaces";

async function main() {
  if (!fs.existsSync(suite)) throw new Error("The suite is not built. Run: node esbuild.js --tests");
  const grep = process.argv[2] ?? "";
  const isVirtual = grep !== "" && VIRTUAL.startsWith(grep);
  if (!isVirtual) await runWindow(grep, ({ folder }) => ({ folder }));
  if (isVirtual || grep === "") {
    await runWindow(VIRTUAL, ({ beside }) => {
      const workspace = beside("memory.code-workspace");
      fs.writeFileSync(workspace, JSON.stringify({ folders: [{ uri: "memory:/project", name: "project" }] }));
      return { workspace };
    });
  }
}

/**
 * Runs the tests in a window of its own.
 * @param {string} grep
 * @param {(copied: ReturnType<typeof copyWorkspace>) => Record<string, string>} open what the window opens, as its
 *   address has it
 */
async function runWindow(grep, open) {
  const workspace = copyWorkspace();
  const results = workspace.beside("results.json");
  let fake, server, browser;
  try {
    fake = await startFake();
    server = await startServer({
      smokeTest: true,
      env: {
        DEEP_RESEARCH_HOST_RESULTS: results,
        DEEP_RESEARCH_HOST_GREP: grep,
        GEMINI_BASE_URL: fake.address,
      },
    });
    browser = await openBrowser();
    const problem = await runIn(browser.page, server.address, open(workspace));
    const failures = printResults(results, browser.outbound, problem);
    if (failures === 0) return;
    process.exitCode = 1;
    if (problem !== null) {
      console.error([server.log(), ...browser.console.slice(-20)].join("\n"));
      await browser.page.screenshot({ path: path.join(root, "out/e2e/stopped.png") });
      console.error("What the window showed: out/e2e/stopped.png");
    }
  } finally {
    await browser?.close();
    server?.stop();
    fake?.stop();
    workspace.remove();
  }
}

/**
 * Opens a window with the repository as the extension under test, and waits for its suite to end.
 * @returns {Promise<string | null>} what kept the suite from its end, or null
 */
async function runIn(page, address, opened) {
  let timer;
  const ended = new Promise((resolve) => {
    timer = setTimeout(() => resolve(`The suite did not end in ${ENDS_WITHIN_MS / 1000} s.`), ENDS_WITHIN_MS);
    page.once("crash", () => resolve("The browser's page crashed."));
    void page.exposeFunction("codeAutomationExit", () => resolve(null));
    void page.exposeFunction("codeAutomationLog", () => undefined);
  });
  try {
    const remote = (file) => `vscode-remote://127.0.0.1:${new URL(address).port}${file}`;
    const payload = JSON.stringify([
      ["extensionDevelopmentPath", remote(root)],
      ["extensionTestsPath", remote(suite)],
      ["skipWelcome", "true"],
    ]);
    await page.goto(`${address}/?${new URLSearchParams({ ...opened, payload })}`);
    return await ended;
  } finally {
    clearTimeout(timer);
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
