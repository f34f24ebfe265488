// Runs the host suite (out/host) with Mocha inside the real Node extension host of VS Code.
//   node test/host/suite.mjs
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { startFake } from "./fake.mjs";
import { openBrowser, startServer } from "./server.mjs";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "../..");
const LIMIT_MS = 5 * 60_000;

async function main() {
  const temporary = mkdtempSync(path.join(os.tmpdir(), "deep-research-suite-"));
  const workspace = path.join(temporary, "workspace");
  cpSync(path.join(root, "test/host/workspace"), workspace, { recursive: true });
  const results = path.join(temporary, "results.json");
  const closing = [() => rmSync(temporary, { recursive: true, force: true })];
  try {
    const fake = await startFake();
    closing.unshift(fake.stop);
    const server = await startServer({
      smokeTest: true,
      env: { DEEP_RESEARCH_HOST_RESULTS: results, GEMINI_BASE_URL: fake.address },
    });
    closing.unshift(server.stop);
    const browser = await openBrowser(server.executable);
    closing.unshift(browser.close);
    const ended = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("The host suite did not end in time.")), LIMIT_MS);
      closing.unshift(() => clearTimeout(timer));
      void browser.page.exposeFunction("codeAutomationExit", (code) => resolve(code));
      void browser.page.exposeFunction("codeAutomationLog", () => undefined);
    });
    const remote = (file) => `vscode-remote://127.0.0.1:${new URL(server.address).port}${file}`;
    const payload = [
      ["extensionDevelopmentPath", remote(root)],
      ["extensionTestsPath", remote(path.join(root, "out/host/index.js"))],
      ["skipWelcome", "true"],
    ];
    await browser.page.goto(
      `${server.address}/?folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`,
    );
    await ended;
    if (!existsSync(results))
      throw new Error("The host suite left no results: the extension host did not run it.");
    const { passed, failed } = JSON.parse(readFileSync(results, "utf8"));
    for (const { title, milliseconds } of passed) console.log(`  ✔ ${title} (${milliseconds} ms)`);
    for (const { title, error } of failed) console.log(`  ✘ ${title}\n${error}`);
    if (browser.outbound.length > 0) failed.push({});
    for (const address of browser.outbound) console.log(`  ✘ left 127.0.0.1: ${address}`);
    console.log(`\n${passed.length} passed, ${failed.length} failed`);
    if (failed.length > 0 || passed.length === 0) process.exitCode = 1;
  } finally {
    for (const close of closing) await close();
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
