// Runs the host suite (out/host) with Mocha inside the real Node extension host of VS Code.
//   node test/e2e/suite.mjs [GREP]    only tests whose names match
import fs from "node:fs";
import path from "node:path";
import { URLSearchParams } from "node:url";
import { openBrowser } from "./browser.mjs";
import { startFake } from "./fake-gemini-process.mjs";
import { tell } from "./print-results.mjs";
import { startServer } from "./code-server.mjs";
import { copyWorkspace, root } from "./workspace.mjs";

const ENDS_WITHIN_MS = 5 * 60_000;
const suite = path.join(root, "out/e2e/index.js");

async function main() {
  if (!fs.existsSync(suite)) throw new Error("The suite is not built. Run: node esbuild.js --tests");
  const workspace = copyWorkspace();
  const results = workspace.beside("results.json");
  let fake, server, browser;
  try {
    fake = await startFake();
    server = await startServer({
      smokeTest: true,
      env: {
        DEEP_RESEARCH_HOST_RESULTS: results,
        DEEP_RESEARCH_HOST_GREP: process.argv[2] ?? "",
        GEMINI_BASE_URL: fake.address,
      },
    });
    browser = await openBrowser();
    const problem = await runIn(browser.page, server.address, workspace.folder);
    const failures = tell(results, browser.outbound, problem);
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
async function runIn(page, address, folder) {
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
    await page.goto(`${address}/?${new URLSearchParams({ folder, payload })}`);
    return await ended;
  } finally {
    clearTimeout(timer);
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
