// Opens the page of statistics and a report in the real window, in each kind of theme, empty and full, wide and narrow, and
// holds it against axe's rules for accessibility: no violation. Takes a picture of each into out/axe/.
//   node test/e2e/accessibility.mjs [VSIX]
import { setTimeout as wait } from "node:timers/promises";
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { openBrowser } from "./browser.mjs";
import { writeJournals } from "./fixture-journals.mjs";
import { writeMixedReport } from "./mixed-report.mjs";
import { startFake } from "./fake-gemini-process.mjs";
import { startServer } from "./code-server.mjs";
import * as ui from "./workbench-page.mjs";
import { copyWorkspace, root } from "./workspace.mjs";

const vsix = path.resolve(process.argv[2] ?? path.join(root, "deep-research.vsix"));
const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** By the class that a webview's body has. */
const THEMES = {
  "vscode-light": "Light Modern",
  "vscode-dark": "Dark Modern",
  "vscode-high-contrast": "Default High Contrast",
  "vscode-high-contrast-light": "Default High Contrast Light",
};

/** The frame that holds the page, once it shows a text. */
async function pageShowing(page, text) {
  for (let tries = 0; tries < 20; tries++) {
    await ui.preview(page).locator("body").filter({ hasText: text }).first().waitFor();
    const outer = await page.locator("iframe.webview.ready").last().elementHandle();
    const active = (await outer?.contentFrame())?.locator("iframe#active-frame");
    const inner = await active?.elementHandle({ timeout: 5_000 }).catch(() => null);
    // A page that comes back to the front gets new frames: those of before are gone.
    const frame = await inner?.contentFrame().catch(() => null);
    if (frame) return frame;
    await wait(250);
  }
  throw new Error(`No page that shows ${text} stayed.`);
}

/** @returns {Promise<string[]>} what breaks a rule, a line each */
async function violations(frame) {
  await frame.evaluate(axe);
  return frame.evaluate(async () => {
    const { violations: found } = await globalThis.axe.run(document);
    return found.map(
      ({ id, help, nodes }) =>
        `${id}: ${help}\n      ${nodes
          .map(({ html }) => html)
          .slice(0, 3)
          .join("\n      ")}`,
    );
  });
}

async function main() {
  const workspace = copyWorkspace();
  let fake, server, browser;
  let failures = 0;
  let since = performance.now();
  const recordViolations = (what, found) => {
    console.log(`  ${found.length === 0 ? "✔" : "✘"} ${what} (${Math.round(performance.now() - since)} ms)`);
    since = performance.now();
    for (const line of found) console.log(`    ${line}`);
    failures += found.length;
  };
  try {
    // Slow enough that a run is still in progress when it is looked at.
    fake = await startFake({ latency: 1000 });
    server = await startServer({ vsix, env: { GEMINI_BASE_URL: fake.address } });
    browser = await openBrowser({ width: 1320, height: 1000 });
    const { page, outbound } = browser;
    const shot = ui.screenshots(page, path.join(root, "out/axe"));
    // The palette offers the statistics where there is a place for sessions.
    fs.mkdirSync(path.join(workspace.folder, "data/sessions"), { recursive: true });
    await ui.openWorkbench(page, server.address, workspace.folder);
    await ui.runCommand(page, "Deep Research: Set API Key");
    await ui.answerInputBox(page, "a-key-of-the-checks", { title: "Set API Key" });
    await ui.waitForNotification(page, "The Gemini key works");
    await ui.clearNotifications(page);
    await ui.runCommand(page, "Deep Research: Show Statistics");
    recordViolations("nothing to show yet", await violations(await pageShowing(page, "No sessions yet")));
    await shot("empty");

    writeMixedReport(workspace.folder);
    writeJournals(workspace.folder);
    const settings = path.join(server.data, "data/User/settings.json");
    for (const [kind, theme] of Object.entries(THEMES)) {
      const now = JSON.parse(fs.readFileSync(settings, "utf8"));
      fs.writeFileSync(settings, JSON.stringify({ ...now, "workbench.colorTheme": theme }));
      await ui.openWorkbench(page, server.address, workspace.folder);
      await ui.runCommand(page, "Deep Research: Show Statistics");
      const frame = await pageShowing(page, "Completion time");
      await frame.locator(`body.${kind}`).waitFor();
      recordViolations(`${theme}, 30 days`, await violations(frame));
      await frame.evaluate(() => window.scrollTo(0, 0));
      await shot(kind);
      await frame.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
      await shot(`${kind}-below`);
      await ui.runCommand(page, "Deep Research: Open Last Report");
      const report = await pageShowing(page, /\d+ of \d+ verified/);
      await report.locator(`body.${kind}`).waitFor();
      for (const summary of await report.locator("summary:visible").all()) await summary.click();
      await report.locator(".chip").first().focus();
      await report.locator(".chip").nth(1).hover();
      await report.locator(".card").waitFor();
      recordViolations(`${theme}, a report with a card`, await violations(report));
      await shot(`${kind}-report`);
      await ui.runCommand(page, "View: Close Editor");
      await ui.runCommand(page, "Deep Research: Research…");
      await ui.askQuestion(page, "How does a crashed run continue?", { sources: "This Workspace" });
      const live = await pageShowing(page, /Finish Now/);
      fake.pause();
      await live.locator(`body.${kind}`).waitFor();
      recordViolations(`${theme}, a run in progress`, await violations(live));
      await shot(`${kind}-live`);
      await ui.runCommand(page, "Deep Research: Cancel Run");
      fake.goOn();
      await ui.waitForNotification(page, "was cancelled");
      await ui.clearNotifications(page);
      await ui.runCommand(page, "View: Close Editor");
    }
    const frame = await pageShowing(page, "Completion time");
    for (const range of ["7 days", "90 days", "All"]) {
      await frame.getByRole("radio", { name: range }).focus();
      await page.keyboard.press("Space");
      assert.equal(await frame.locator(".view:visible").count(), 1);
      for (const summary of await frame.locator("summary:visible").all()) await summary.click();
      recordViolations(`${range}, with its tables`, await violations(frame));
      await frame.evaluate(() => window.scrollTo(0, 0));
      await shot(range.replace(" ", "-").toLowerCase());
    }
    await page.setViewportSize({ width: 420, height: 900 });
    recordViolations("narrow", await violations(frame));
    await shot("narrow");
    assert.deepEqual(outbound, [], "nothing leaves 127.0.0.1");
    if (failures > 0) process.exitCode = 1;
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
