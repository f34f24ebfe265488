// Walks through the packaged extension as a person does, in the real workbench, and takes a picture of each
// step into out/walk/.
//   node test/host/walk.mjs [VSIX]
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { openBrowser } from "./browser.mjs";
import { startFake } from "./fake.mjs";
import { startServer } from "./server.mjs";
import * as ui from "./ui.mjs";
import { copyWorkspace, root } from "./workspace.mjs";

const vsix = path.resolve(process.argv[2] ?? path.join(root, "deep-research.vsix"));
const KEY = "fake-key-for-the-walk";

/**
 * What is done, in this order; each step goes on where the one before it stopped.
 * @type {Record<string, (at: {
 *   page: import("playwright-core").Page, shot: (name: string) => Promise<string>, folder: string,
 *   reopen: () => Promise<void>,
 * }) => Promise<void>>}
 */
const STEPS = {
  "opens the workbench on a folder": async ({ reopen, shot }) => {
    await reopen();
    await shot("workbench");
  },

  "asks a question offline and reads the report": async ({ page, shot, folder }) => {
    await ui.runCommand(page, "Deep Research: Research…");
    await ui.answerInputBox(page, "How does a crashed run continue?", {
      title: "(1 of 3)",
      shot: () => shot("question"),
    });
    await ui.pick(page, "Quick", { title: "(2 of 3)", shot: () => shot("depth") });
    await ui.pick(page, "This Workspace", { title: "(3 of 3)", shot: () => shot("sources") });
    const report = await ui.readPreview(page, "continues from the ledger");
    await shot("report");
    assert.match(report, /Offline engine\./);
    assert.equal(fs.readdirSync(path.join(folder, "data/reports")).length, 1);
  },

  "is told what helps when there is nothing to resume": async ({ page, shot }) => {
    await ui.runCommand(page, "Deep Research: Resume…");
    await ui.waitForNotification(page, "nothing to resume");
    await shot("nothing-to-resume");
    await ui.answerNotification(page, "nothing to resume", "Research…");
    assert.match((await ui.readInputBox(page, { title: "(1 of 3)" })).title, /Question$/);
    await ui.dismiss(page);
  },

  "tells in the log what was done": async ({ page, shot }) => {
    await ui.runCommand(page, "Deep Research: Show Log");
    const log = await ui.readOutput(page, "nothing to resume");
    assert.match(log, /\[info\] Ended: done/);
    await shot("log");
  },

  "sets a key, which outlives the window": async ({ page, shot, reopen }) => {
    await ui.runCommand(page, "Deep Research: Set API Key");
    assert.equal((await ui.readInputBox(page, { title: "Set API Key" })).hidden, true);
    await ui.answerInputBox(page, KEY, { title: "Set API Key", shot: () => shot("key") });
    await ui.waitForNotification(page, "The Gemini key works");
    await page.getByText("Trying the Gemini key").first().waitFor({ state: "hidden" });
    await shot("key-works");
    await reopen();
    await ui.runCommand(page, "Deep Research: Research…");
    await ui.answerInputBox(page, "What is a ledger?", { title: "(1 of 3)" });
    await ui.pick(page, "Quick", { title: "(2 of 3)" });
    // The web is offered to those who have a key.
    assert.ok((await ui.readPick(page, { title: "(3 of 3)" })).includes("The Web"));
    await shot("sources-with-key");
    await ui.dismiss(page);
  },
};

async function main() {
  const workspace = copyWorkspace();
  let fake, server, browser;
  let passed = 0;
  try {
    fake = await startFake();
    server = await startServer({ vsix, env: { GEMINI_BASE_URL: fake.address } });
    browser = await openBrowser();
    const { page, outbound } = browser;
    const shot = ui.screenshots(page, path.join(root, "out/walk"));
    const reopen = () => ui.openWorkbench(page, server.address, workspace.folder);
    for (const [name, step] of Object.entries(STEPS)) {
      const began = performance.now();
      try {
        await step({ page, shot, folder: workspace.folder, reopen });
        assert.deepEqual(outbound, [], "nothing leaves 127.0.0.1");
      } catch (error) {
        console.log(`  ✘ ${name}\n${error.message}`);
        console.log(`      what was on the screen: ${path.relative(root, await shot("failed"))}`);
        console.log(`\n${passed} passed, 1 failed`);
        process.exitCode = 1;
        return;
      }
      passed++;
      console.log(`  ✔ ${name} (${Math.round(performance.now() - began)} ms)`);
    }
    console.log(`\n${passed} passed, 0 failed`);
  } finally {
    await browser?.close();
    server?.stop();
    fake?.stop();
    workspace.remove();
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
