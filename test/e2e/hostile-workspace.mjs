// Opens a stranger's folder in the real window, as a user would, twice: not trusted and trusted. Nothing in it may run,
// write, delete, ask for anything or hold the window up; no notification may hold a link.
//   node test/e2e/hostile-workspace.mjs [VSIX] [--only untrusted|trusted]      pictures are in out/hostile/
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import built from "../../out/fakes/hostile-workspace.js";
import { openBrowser } from "./browser.mjs";
import { runAtExit } from "./cleanup.mjs";
import { startServer } from "./code-server.mjs";
import * as ui from "./workbench-page.mjs";
import { root } from "./workspace.mjs";

const {
  addEndlessSession,
  addHeavyReports,
  HOSTILE,
  LURE_TEXT,
  isArmed,
  makeHostileWorkspace,
  removeHostile,
} = built;
const { values, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: "string" } } });
const vsix = path.resolve(positionals[0] ?? path.join(root, "deep-research.vsix"));

/** No step may take longer, on a busy machine of two cores: a folder must not hold the window up. */
const STEP_MS = 30_000;

const SETTINGS = {
  "security.workspace.trust.enabled": true,
  "security.workspace.trust.startupPrompt": "always",
  "security.workspace.trust.banner": "never",
  // VS Code's own git runs what a trusted repository configures: only ours is looked at.
  "git.enabled": false,
};

/** Keys that call our commands with arguments, as a link of another extension would. */
const KEYS = [
  {
    key: "ctrl+alt+shift+1",
    command: "deepResearch.deleteSession",
    args: { session: HOSTILE.sessions.lure, report: "delete" },
  },
  { key: "ctrl+alt+shift+2", command: "deepResearch.setApiKey", args: "a-key-of-a-stranger" },
  { key: "ctrl+alt+shift+3", command: "deepResearch.acceptRefresh", args: HOSTILE.sessions.refresh },
  { key: "ctrl+alt+shift+4", command: "deepResearch.archive", args: { keep: 0 } },
  { key: "ctrl+alt+shift+5", command: "deepResearch.backup", args: "../outside/taken.zip" },
];

/** Counts what is asked of 127.0.0.1; answers as a page, and as a Gemini that knows every key. */
async function startListener() {
  const asked = [];
  const server = http.createServer((request, response) => {
    asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
    response.writeHead(200, { "content-type": "application/json" }).end('{"models":[{"name":"models/x"}]}');
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { asked, port: server.address().port, stop };
}

/** What a step is given: the page, the folder and how to take a picture. */
const toasts = (page) => page.locator(".notifications-toasts .notification-list-item");

/** Holds that nothing which is shown can be followed to a command, and that clicking on the words does nothing. */
async function clickNotifications(page) {
  for (const message of await page.locator(".notifications-toasts .notification-list-item-message").all()) {
    const words = message.getByText(LURE_TEXT).first();
    if ((await words.count()) > 0) await words.click({ position: { x: 20, y: 6 }, timeout: 2_000 });
  }
  await assertNoLink(page);
}

async function assertNoLink(page) {
  const found = await page
    .locator(
      ".notifications-toasts .notification-list-item-message a, .quick-input-message a, .monaco-dialog-box .dialog-message-container a",
    )
    .evaluateAll((links) => links.map((link) => `${link.textContent} → ${link.getAttribute("href")}`));
  assert.deepEqual(found, [], "a notification, an input box or a dialog holds a link");
  const hovered = await page
    .locator(".monaco-hover a")
    .evaluateAll((links) => links.map((link) => link.dataset.href ?? link.getAttribute("href") ?? ""));
  const foreign = hovered.filter(
    (href) =>
      /^(command|file|vscode):/.test(href) &&
      !/^command:(deepResearch\.openCitation|_typescript|editor\.action)/.test(href),
  );
  assert.deepEqual(foreign, [], "a hover holds a link to a command");
}

/** Says how a dialog stands: its words and which button has the focus. */
async function readDialog(page) {
  const dialog = page.locator(".monaco-dialog-box");
  await dialog.waitFor({ timeout: STEP_MS });
  await page.waitForFunction(() => document.activeElement?.closest(".dialog-buttons") !== null);
  const focused = await page.evaluate(() => document.activeElement?.textContent ?? "");
  return { text: await dialog.locator(".dialog-message-container").innerText(), focused };
}

async function run(page, title) {
  await ui.runCommand(page, `Deep Research: ${title}`);
}

async function closeAll(page) {
  await page.keyboard.press("Escape");
  await ui.runCommand(page, "View: Close All Editors");
  if ((await toasts(page).count()) > 0) await ui.clearNotifications(page);
}

/** Opens a row of the explorer, from the top. */
async function expand(page, ...names) {
  for (const name of names) {
    const row = page.locator(".explorer-folders-view .monaco-list-row", { hasText: name }).first();
    await row.waitFor({ timeout: STEP_MS });
    if ((await row.getAttribute("aria-expanded")) === "false") await row.click();
  }
}

async function showView(page) {
  const row = page.locator(".sidebar .customview-tree .monaco-list-row").first();
  // A second click would hide it.
  if (await row.isVisible()) return;
  await page
    .locator(".activitybar .action-item")
    .filter({ has: page.getByLabel("Deep Research") })
    .first()
    .click();
  await row.waitFor({ timeout: STEP_MS });
}

/** Holds that the window answers while a report is open and checked. */
async function answerDuring(page, report) {
  await ui.openFile(page, report);
  await run(page, "Verify Report");
  await toasts(page).first().waitFor({ timeout: STEP_MS });
  const began = performance.now();
  await run(page, "Check Health");
  await ui.readPreview(page, "All checks", { within: STEP_MS });
  assert.ok(performance.now() - began < STEP_MS / 2, "the window was held up");
}

/** What is done in both windows, in this order. */
const STEPS = {
  "expands the explorer, whose badges check every report": async ({ page }) => {
    await expand(page, "data", "reports");
    await page
      .locator(".explorer-folders-view .monaco-list-row", { hasText: "2026-11-02" })
      .first()
      .waitFor();
  },
  "names the keys of a settings file in plain words": async ({ page, shot }) => {
    await run(page, "Verify Report");
    await ui.waitForNotification(page, "unknown setting", { within: STEP_MS });
    await shot("yaml");
    await clickNotifications(page);
  },
  "checks its health over that": async ({ page }) => {
    await run(page, "Check Health");
    await ui.readPreview(page, "All checks", { within: STEP_MS });
    await clickNotifications(page);
    await closeAll(page);
  },
  "opens a report and tells its citations under the pointer": async ({ page, folder }) => {
    // The rest is about what comes after the settings are mended.
    fs.rmSync(path.join(folder, HOSTILE.yaml));
    await ui.openFile(page, HOSTILE.report);
    await page
      .locator(".codelens-decoration", { hasText: "citations verified" })
      .first()
      .waitFor({ timeout: STEP_MS });
    await ui.hoverInEditor(page, "[[1.1]]");
    await assertNoLink(page);
    await page.keyboard.press("Escape");
  },
  "asks before a link out of the workspace is opened": async ({ page, shot, trusted }) => {
    const { x, y } = await ui.findInEditor(page, "../../../outside/precious.md");
    await page.keyboard.down("Control");
    await page.mouse.move(x - 3, y);
    await page.mouse.move(x, y);
    await page.mouse.click(x, y);
    await page.keyboard.up("Control");
    const { text, focused } = await readDialog(page);
    assert.match(text, /points outside the workspace/);
    assert.match(text, /outside\/precious\.md/);
    assert.equal(focused, "Cancel");
    await shot(`link-${trusted}`);
    await page.keyboard.press("Enter");
    await page.locator(".monaco-dialog-box").waitFor({ state: "detached" });
    assert.equal(await page.locator(".tabs-container .tab", { hasText: "precious" }).count(), 0);
  },
  "follows no command of a report in the editor": async ({ page }) => {
    const { x, y } = await ui.findInEditor(page, "(command:workbench");
    await page.keyboard.down("Control");
    await page.mouse.move(x - 3, y);
    await page.mouse.move(x, y);
    await page.mouse.click(x, y);
    await page.keyboard.up("Control");
    await wait(500);
  },
  "shows its preview without a way out": async ({ page, shot }) => {
    await ui.runCommand(page, "Markdown: Open Preview");
    await ui.readPreview(page, "The last sentence is here.", { within: STEP_MS });
    const body = ui.preview(page).locator("body");
    const hrefs = await body
      .locator("a")
      .evaluateAll((all) => all.map((each) => each.getAttribute("href") ?? ""));
    assert.ok(hrefs.includes("../../docs/ships.md"), "what stays inside is a link");
    const allowed = /^(?:#source-\d+|\.\.\/\.\.\/docs\/ships\.md|http:\/\/127\.0\.0\.1:\d+\/page)$/;
    assert.deepEqual(
      hrefs.filter((href) => !allowed.test(href)),
      [],
    );
    const outside = body.locator(".deep-research-outside");
    assert.ok((await outside.count()) >= 3, "what leads out says so");
    assert.match(
      (await outside.first().getAttribute("title")) ?? "",
      /Points outside the workspace: .*precious\.md/,
    );
    await outside.first().scrollIntoViewIfNeeded();
    await outside.first().hover();
    await shot("preview");
    for (const each of await outside.all()) await each.click();
    await body.getByText(LURE_TEXT).first().click();
    await closeAll(page);
  },
  "verifies reports by their hostile names": async ({ page, shot }) => {
    await page.keyboard.press("ControlOrMeta+p");
    await page.locator(".quick-input-widget:visible input").fill("2026-11-02");
    await page
      .locator(".quick-input-widget:visible .monaco-list-row", { hasText: "2026-11-02" })
      .first()
      .click();
    await page
      .locator(".editor-instance .view-line", { hasText: "A name" })
      .first()
      .waitFor({ timeout: STEP_MS });
    await run(page, "Verify Report");
    await toasts(page).first().waitFor({ timeout: STEP_MS });
    await page
      .locator(".notifications-toasts", { hasText: /findings|do not stand|not stand|report/i })
      .waitFor();
    await shot("verify");
    await clickNotifications(page);
    await closeAll(page);
  },
  "lists its sessions, and tells of each under the pointer": async ({ page, shot }) => {
    await showView(page);
    const rows = page.locator(".sidebar .customview-tree .monaco-list-row");
    for (const label of ["Name", "What is"]) {
      await rows.filter({ hasText: label }).first().hover();
      await page
        .locator(".workbench-hover .monaco-hover, .monaco-hover.workbench-hover")
        .first()
        .waitFor({ timeout: STEP_MS });
      await assertNoLink(page);
    }
    await shot("sessions");
    await rows.filter({ hasText: "Name" }).first().click();
    await page.keyboard.press("ArrowRight");
    for (const part of ["Plan", "Sources"])
      await rows.filter({ hasText: part }).first().click({ timeout: STEP_MS });
    const source = rows.filter({ hasText: LURE_TEXT }).filter({ hasText: "precious.md" }).first();
    await source.click({ timeout: STEP_MS });
    await rows
      .filter({ hasText: /^Report/ })
      .first()
      .click();
    await ui.waitForNotification(page, "outside this folder", { within: STEP_MS });
    await clickNotifications(page);
    assert.equal(await page.locator(".tabs-container .tab", { hasText: "precious" }).count(), 0);
  },
  "opens no report that a journal places outside": async ({ page }) => {
    await run(page, "Open Last Report");
    await toasts(page).first().waitFor({ timeout: STEP_MS });
    await clickNotifications(page);
    assert.equal(await page.locator(".tabs-container .tab", { hasText: "precious" }).count(), 0);
    await closeAll(page);
  },
  "shows figures of journals": async ({ page }) => {
    await run(page, "Show Statistics");
    await page
      .locator(".tabs-container .tab", { hasText: "Research Statistics" })
      .waitFor({ timeout: STEP_MS });
    await closeAll(page);
  },
  "accepts no refreshed report that would be written outside": async ({ page, trusted }) => {
    await run(page, "Accept Refreshed Report");
    if (trusted) {
      // A draft of which the header leads outside does not count as one: there is nothing to accept.
      await wait(2_000);
    } else await ui.waitForNotification(page, "not trusted", { within: STEP_MS });
    await clickNotifications(page);
    await ui.clearNotifications(page);
  },
  "asks before a call with arguments acts, and Enter does nothing": async ({ page, shot, trusted }) => {
    const calls = { 1: /Delete|sessions?/, 3: /Accept/, 4: /Archive/, 5: /Back Up/ };
    for (const [key, words] of Object.entries(calls)) {
      await page.keyboard.press(`Control+Alt+Shift+Digit${key}`);
      // Where nothing is trusted, most is refused at once.
      const came = await Promise.race([
        page
          .locator(".monaco-dialog-box")
          .waitFor({ timeout: STEP_MS })
          .then(() => "dialog"),
        toasts(page)
          .first()
          .waitFor({ timeout: STEP_MS })
          .then(() => "toast"),
      ]);
      if (came === "dialog") {
        const { text, focused } = await readDialog(page);
        assert.match(text, words);
        assert.match(focused, /Cancel/);
        if (key === "1") await shot("asked");
        await assertNoLink(page);
        await page.keyboard.press("Enter");
        await page.locator(".monaco-dialog-box").waitFor({ state: "detached" });
      } else {
        assert.equal(trusted, false, `key ${key} was not asked about`);
        await clickNotifications(page);
      }
      if ((await toasts(page).count()) > 0) await ui.clearNotifications(page);
    }
    await page.keyboard.press("Control+Alt+Shift+Digit2");
    const { value, hidden } = await ui.readInputBox(page, { title: "Set API Key" });
    assert.deepEqual([value, hidden], ["", true], "the key is typed, whatever was handed in");
    await ui.dismiss(page);
  },
};

/** What only a trusted window does. */
const TRUSTED = {
  "researches the folder offline, and runs nothing of its repositories": async ({ page }) => {
    await run(page, "Research…");
    const question = "Where does a ship wait in the harbour?";
    await ui.askQuestion(page, question, { depth: "Quick", sources: "This Workspace" });
    await ui.readFinishedReport(page, /waits in the harbour|quay/, { within: STEP_MS });
    await closeAll(page);
  },
  "says what a question of a session goes on from, without a link": async ({ page }) => {
    await run(page, "Ask Follow-Up Question…");
    await ui.readPick(page, { title: "Follow Up" });
    await page
      .locator(".quick-input-widget:visible .monaco-list-row", { hasText: LURE_TEXT })
      .first()
      .click();
    const { message } = await ui.readInputBox(page, { title: "Deep Research: Ask" });
    assert.match(message, /\[Free keys\] \(command:/);
    await assertNoLink(page);
    await ui.dismiss(page);
  },
  "asks before a stranger's session goes on at the user's cost": async ({ page, listener, shot }) => {
    await run(page, "Set API Key");
    await ui.answerInputBox(page, "a-key-of-the-user", { title: "Set API Key" });
    await ui.waitForNotification(page, /The Gemini key works|key saved/, { within: STEP_MS });
    await ui.clearNotifications(page);
    // The key was tried, as the user wanted.
    listener.asked.length = 0;
    await run(page, "Resume Session…");
    await ui.readPick(page, { title: "Resume" });
    await page
      .locator(".quick-input-widget:visible .monaco-list-row", { hasText: "interrupted" })
      .first()
      .click();
    await readDialog(page);
    await shot("foreign-session");
    await page.keyboard.press("Escape");
    await wait(1_000);
    assert.deepEqual(listener.asked, []);
    await run(page, "Remove API Key");
    await ui.waitForNotification(page, "key removed", { within: STEP_MS });
    await ui.clearNotifications(page);
  },
};

/** What comes last, since a window that cannot bear it does nothing after it; by what it is about. */
const LAST = {
  brackets: [
    "answers while a report of brackets is checked",
    async ({ page, made, listener, shot }) => {
      addHeavyReports(made, listener.port);
      await answerDuring(page, HOSTILE.brackets);
      await shot("brackets");
      await closeAll(page);
    },
  ],
  large: [
    "answers while a report of 5 MB is open and checked",
    async ({ page, shot }) => {
      await answerDuring(page, HOSTILE.large);
      await shot("large");
      await closeAll(page);
    },
  ],
  endless: [
    "lists sessions beside one that is endless",
    async ({ page, made }) => {
      addEndlessSession(made);
      await showView(page);
      await page
        .locator(".sidebar .customview-tree .monaco-list-row", { hasText: "Name" })
        .first()
        .waitFor({ timeout: STEP_MS });
      await run(page, "Check Health");
      await ui.readPreview(page, "All checks", { within: STEP_MS });
      await closeAll(page);
    },
  ],
};

/** One window: every step, and what the canaries say of each. */
async function open(kind, { server, browser, listener, failures, times }) {
  const trusted = kind === "trusted";
  const top = fs.mkdtempSync(path.join(os.tmpdir(), "deep-research-x-"));
  const remove = runAtExit(() => removeHostile(top));
  try {
    const made = makeHostileWorkspace(top, { port: listener.port, env: trusted ? "key" : "fifo" });
    const { page, outbound } = browser;
    let before = made.hash();
    const sessions = fs.readdirSync(path.join(made.folder, "data/sessions")).join();
    const shot = ui.screenshots(page, path.join(root, "out/hostile", kind));
    listener.asked.length = outbound.length = 0;
    await ui.openWindow(page, server.address, { folder: made.folder });
    await page.getByRole("button", { name: trusted ? /^Yes, I trust/ : /^No, I don.t trust/ }).click();
    await page.locator(".explorer-folders-view .monaco-list-row").first().waitFor();
    const last = Object.fromEntries(Object.values(LAST));
    for (const [name, step] of Object.entries({
      ...STEPS,
      ...(trusted ? TRUSTED : {}),
      ...last,
    })) {
      const began = performance.now();
      const problems = [];
      try {
        await step({ page, made, folder: made.folder, shot, trusted, listener });
        await assertNoLink(page);
      } catch (error) {
        problems.push(error.message.split("\n").slice(0, 6).join(" "));
        await shot("problem").catch(() => undefined);
        for (let tries = 0; tries < 3; tries++) await page.keyboard.press("Escape");
      }
      const took = performance.now() - began;
      if (took > STEP_MS) problems.push(`it took ${Math.round(took)} ms`);
      const untitled = await page.locator(".tabs-container .tab", { hasText: "Untitled" }).count();
      if (untitled > 0) problems.push("a command of the folder ran");
      const ran = made.ran();
      if (ran.length > 0) problems.push(`these programs ran: ${ran.join(", ")}`);
      for (const each of ran) fs.rmSync(path.join(made.canaries, each));
      const hash = made.hash();
      if (hash !== before) problems.push("what lies outside, or the repository, was changed");
      before = hash;
      const asked = [...outbound, ...listener.asked].filter((each) => !each.includes("a-key-of-the-user"));
      if (asked.length > 0) problems.push(`these were asked for: ${asked.join(", ")}`);
      outbound.length = listener.asked.length = 0;
      times.push(`${kind}: ${name} ${Math.round(took)} ms`);
      if (problems.length === 0) console.log(`  ✔ ${kind}: ${name} (${Math.round(took)} ms)`);
      else {
        failures.push(name);
        console.log(`  ✘ ${kind}: ${name}: ${problems.join("; ")}`);
      }
    }
    const left = fs.readdirSync(path.join(made.folder, "data/sessions"));
    assert.ok(
      sessions.split(",").every((each) => left.includes(each)),
      "no session may go",
    );
  } finally {
    remove();
  }
}

async function main() {
  const armed = fs.mkdtempSync(path.join(os.tmpdir(), "deep-research-a-"));
  assert.ok(isArmed(armed), "plain git does not run the programs of this folder, so it proves nothing");
  removeHostile(armed);
  const listener = await startListener();
  const failures = [];
  const times = [];
  let server, browser;
  try {
    server = await startServer({
      vsix,
      settings: SETTINGS,
      env: { GEMINI_BASE_URL: `http://127.0.0.1:${listener.port}` },
    });
    fs.writeFileSync(path.join(server.data, "data/User/keybindings.json"), JSON.stringify(KEYS));
    for (const kind of ["untrusted", "trusted"]) {
      if (values.only !== undefined && values.only !== kind) continue;
      browser = await openBrowser();
      await open(kind, { server, browser, listener, failures, times });
      await browser.close();
      browser = undefined;
    }
  } finally {
    await browser?.close();
    server?.stop();
    listener.stop();
  }
  console.log(`\n${times.length - failures.length} passed, ${failures.length} failed`);
  if (failures.length > 0) process.exitCode = 1;
}

main().catch((error) => {
  console.error(error.stack);
  process.exitCode = 1;
});
