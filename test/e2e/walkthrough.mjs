// Walks through the packaged extension as a person does, in the real workbench, and takes a picture of each
// step into out/walk/.
//   node test/e2e/walkthrough.mjs [VSIX [STEPS]]
// STEPS is a pattern; each step goes on where the one before it stopped, so the first two are mostly needed.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { openBrowser } from "./browser.mjs";
import { startFake } from "./fake-gemini-process.mjs";
import { writeJournals } from "./fixture-journals.mjs";
import { takePictures } from "./screenshots.mjs";
import { startServer } from "./code-server.mjs";
import { openReportText } from "./open-report-text.mjs";
import * as ui from "./workbench-page.mjs";
import { copyWorkspace, root } from "./workspace.mjs";

const vsix = path.resolve(process.argv[2] ?? path.join(root, "deep-research.vsix"));
const chosen = new RegExp(process.argv[3] ?? "");
const KEY = "fake-key-for-the-walk";

/**
 * What is done, in this order; each step goes on where the one before it stopped.
 * @type {Record<string, (at: {
 *   page: import("playwright-core").Page, shot: (name: string) => Promise<string>, folder: string,
 *   beside: (name: string) => string, reopen: () => Promise<void>, server: { address: string, data: string },
 *   fake: Awaited<ReturnType<typeof startFake>>, outbound: string[],
 * }) => Promise<void>>}
 */
const STEPS = {
  "opens the workbench on a folder": async ({ reopen, shot }) => {
    await reopen();
    await shot("workbench");
  },

  "asks a question offline and reads the report": async ({ page, shot, folder }) => {
    // What a person does, from the question to the highlighted source of a sentence.
    await act("question to source", () => ui.runCommand(page, "Deep Research: Research…"));
    await act("question to source", () => ui.pressInBox(page, "Depth"));
    await act("question to source", () => ui.pick(page, "Quick", { title: "Deep Research: Depth" }));
    await act("question to source", () => ui.askQuestion(page, "How does a crashed run continue?", { shot }));
    const report = await ui.readFinishedReport(page, "continues from the ledger");
    await shot("report");
    assert.match(report, /Offline engine\./);
    assert.equal(fs.readdirSync(path.join(folder, "data/reports")).length, 1);
  },

  "leads from a sentence to its source, and from a wrong sentence to its repair": async ({
    page,
    shot,
    folder,
  }) => {
    const view = ui.preview(page);
    const chip = view.locator(".chip").first();
    await chip.hover();
    await view.locator(".card", { hasText: "A crashed run continues from the ledger." }).waitFor();
    await shot("card");
    await act("question to source", () => chip.click());
    // The file opens beside the report, with the quote selected.
    await page.locator('.editor-instance[aria-label*="retries.md"] .selected-text').first().waitFor();
    assertActions("question to source", 6);
    assert.equal(await page.locator(".editor-group-container").count(), 2);
    await shot("source");
    const [name] = fs.readdirSync(path.join(folder, "data/reports"));
    const file = path.join(folder, "data/reports", name);
    const text = fs.readFileSync(file, "utf8");
    fs.writeFileSync(file, text.replace("[[1.1]](#source-1)", "[[1.9]](#source-1)"));
    await view.locator(".chip-broken").first().waitFor();
    const repair = "broken citation to repair";
    await act(repair, () => view.getByRole("button", { name: "Next", exact: true }).click());
    await shot("broken");
    await act(repair, () => view.getByRole("button", { name: "Fix in Editor" }).first().click());
    await page.locator(`.editor-instance[aria-label*="${name}"] .selected-text`).first().waitFor();
    await shot("repair");
    // The sentence is selected, so that what is typed or pasted takes its place.
    const [, sentence] = /^(.*continues from the ledger.*)$/m.exec(text) ?? [];
    await act(repair, () => page.keyboard.insertText(sentence));
    await act(repair, () => page.keyboard.press("Control+S"));
    await view.locator(".chip-broken").first().waitFor({ state: "detached" });
    assertActions(repair, 4);
    assert.equal(fs.readFileSync(file, "utf8"), text);
    await ui.runCommand(page, "View: Close All Editors");
  },

  "marks a broken report in the explorer, and no longer once it is mended": async ({
    page,
    shot,
    folder,
  }) => {
    const [name] = fs.readdirSync(path.join(folder, "data/reports"));
    const file = path.join(folder, "data/reports", name);
    const text = fs.readFileSync(file, "utf8");
    const badge = (sign) =>
      page.waitForFunction(
        ([label, wanted]) => {
          const rows = [...document.querySelectorAll(".explorer-folders-view .monaco-list-row")];
          const row = rows.find((each) => each.textContent.includes(label));
          const signs = [...(row?.querySelectorAll("*") ?? [])].map(
            (each) => window.getComputedStyle(each, "::after").content,
          );
          // Beside ours there may be the number of its problems: "1, !".
          return row !== undefined && signs.some((each) => each.endsWith('!"')) === wanted;
        },
        [name, sign],
      );
    fs.writeFileSync(file, text.replace('1. "', '1. "Never '));
    await openReportText(page, name);
    await ui.runCommand(page, "File: Reveal Active File in Explorer View");
    await ui.runCommand(page, "View: Close Editor");
    await badge(true);
    await shot("badge");
    fs.writeFileSync(file, text);
    await badge(false);
  },

  "verifies the report that it picks": async ({ page, shot }) => {
    await ui.runCommand(page, "View: Close All Editors");
    await ui.runCommand(page, "Deep Research: Verify Report");
    const [newest] = await ui.readPick(page, { title: "Verify Report" });
    await ui.pick(page, newest, { title: "Verify Report" });
    await ui.waitForNotification(page, "all valid");
    await shot("verified");
  },

  "reads the report as code: its quote under the pointer, and F12 as far as the file": async ({
    page,
    shot,
    folder,
  }) => {
    await ui.clearNotifications(page);
    await ui.runCommand(page, "View: Close All Editors");
    const [name] = fs.readdirSync(path.join(folder, "data/reports"));
    const lines = fs.readFileSync(path.join(folder, "data/reports", name), "utf8").split("\n");
    await openReportText(page, name);
    await page.locator(".codelens-decoration", { hasText: "citations verified" }).first().waitFor();
    const told = await ui.hoverInEditor(page, "[[1.1]]");
    assert.match(told, /supported/);
    assert.match(told, /Source Entry\s*\|\s*Snapshot\s*\|\s*retries\.md, Line \d+/);
    await shot("hover");
    await page.keyboard.press("Escape");
    await ui.clickInEditor(page, "[[1.1]]");
    await page.keyboard.press("F12");
    const entry = lines.findIndex((line) => line.startsWith("## Sources"));
    const quote = lines.findIndex((line, at) => at > entry && /^\s*1\. "/.test(line)) + 1;
    await ui.waitForStatus(page, new RegExp(`Ln ${quote},`));
    await page.keyboard.press("F12");
    // The snapshot, and the lines of the file as they are today.
    await page.locator(".peekview-title", { hasText: "Definitions (2)" }).waitFor();
    await page.locator(".reference-zone-widget .view-line", { hasText: "A crashed run" }).first().waitFor();
    await shot("definitions");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+Home");
    await ui.hoverInEditor(page, "[[1.1]]");
    await page
      .locator(".monaco-hover:not(.workbench-hover):visible")
      .getByText("Snapshot", { exact: true })
      .click();
    await page.locator(".tabs-container .tab.active", { hasText: "read on" }).waitFor();
    await ui.findInEditor(page, "A crashed run continues from the ledger.");
    await shot("snapshot");
    await ui.runCommand(page, "View: Close All Editors");
  },

  "is told what helps when there is nothing to resume": async ({ page, shot }) => {
    await ui.runCommand(page, "Deep Research: Resume Session…");
    await ui.waitForNotification(page, "nothing to resume");
    await shot("nothing-to-resume");
    await ui.answerNotification(page, "nothing to resume", "Research…");
    await ui.readInputBox(page, { title: "Deep Research: Ask" });
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
    await shot("key-works");
    await reopen();
    await ui.runCommand(page, "Deep Research: Research…");
    // What was chosen last is what Enter takes.
    assert.match((await ui.readInputBox(page, { title: "Deep Research: Ask" })).title, /\(Quick · /);
    await ui.pressInBox(page, "Sources");
    // The web is offered to those who have a key.
    assert.ok((await ui.readPick(page, { title: "Deep Research: Sources" })).includes("The Web"));
    await shot("sources-with-key");
    await ui.dismiss(page);
  },

  "researches with Gemini, shows how far it is, and can be cancelled and resumed": async ({
    page,
    shot,
    fake,
  }) => {
    await ui.runCommand(page, "Deep Research: Research…");
    await ui.askQuestion(page, "How does a crashed run continue?", {
      depth: "Quick",
      sources: "This Workspace",
    });
    await ui.waitForStatus(page, /[1-5]\/5 .+ · \d+ sources? · \d+ calls? · \$/);
    assert.equal(await page.locator(".notifications-toasts .notification-list-item").count(), 0);
    await ui.readPreview(page, /Finish Now[^]*(?:waiting|searching|searched)/);
    // It is seen and cancelled before it ends.
    fake.pause();
    await shot("live");
    // A click on it shows the run in the view, where it can be followed and ended.
    await ui.clickStatus(page, /\d+ sources? · \d+ calls?/);
    const run = await ui.readTreeRow(page, "How does a crashed run continue?", /\([1-5] of 5\)/);
    assert.match(run, /\([1-5] of 5\)/);
    await ui.readTreeRow(page, "Plan", /\d of \d searched/);
    await shot("progress");
    await ui.runCommand(page, "Deep Research: Cancel Run");
    await ui.waitForNotification(page, "was cancelled");
    fake.goOn();
    await shot("cancelled");
    assert.doesNotMatch(await ui.readStatusBar(page), /\d+ calls?/);
    await ui.answerNotification(page, "was cancelled", "Resume");
    const report = await ui.readFinishedReport(page, /Gemini[^]*continues from the ledger/);
    assert.doesNotMatch(report, /Offline engine/);
    await shot("report-gemini");
    assert.equal(await ui.offersCommand(page, "Deep Research: Cancel Run"), false);
  },

  "says what keeps a cancelled research from being resumed": async ({ page, folder, fake }) => {
    await ui.clearNotifications(page);
    await ui.runCommand(page, "Deep Research: Research…");
    await ui.askQuestion(page, "How often is a courier asked?", {
      depth: "Quick",
      sources: "This Workspace",
    });
    await ui.waitForStatus(page, /[1-5]\/5 /);
    fake.pause();
    await ui.runCommand(page, "Deep Research: Cancel Run");
    await ui.waitForNotification(page, "was cancelled");
    fake.goOn();
    const sessions = path.join(folder, "data/sessions");
    const gone = fs.readdirSync(sessions).find((name) => name.includes("how-often-is-a-courier"));
    fs.rmSync(path.join(sessions, gone), { recursive: true });
    await ui.answerNotification(page, "was cancelled", "Resume");
    await ui.waitForNotification(page, "There is no session");
    await ui.clearNotifications(page);
  },

  "looks at the plan first, changes it, and steers what runs": async ({
    page,
    shot,
    folder,
    fake,
    reopen,
  }) => {
    await ui.clearNotifications(page);
    const settings = path.join(folder, ".vscode/settings.json");
    fs.mkdirSync(path.dirname(settings));
    fs.writeFileSync(settings, JSON.stringify({ "deepResearch.reviewPlan": true }));
    await reopen();
    await ui.runCommand(page, "View: Close All Editors");
    await ask(page, "How does a crashed run continue?", "This Workspace");
    const lens = page.locator(".codelens-decoration", { hasText: "Run this plan" }).first();
    await lens.waitFor();
    assert.match(await lens.innerText(), /\d questions?, \d+ to \d+ calls, \$[\d.]+ to \$[\d.]+/);
    await ui.clickInEditor(page, "1. How does");
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await page.keyboard.type("- When is the ledger written?");
    await page.keyboard.press("Escape");
    await shot("plan");
    // Nothing is answered until it was seen and steered.
    fake.pause();
    await ui.editorAction(page, "Run Plan").click();
    await ui.waitForStatus(page, /2\/5 /);
    await ui.runCommand(page, "Deep Research: Skip Question…");
    const asked = await ui.readPick(page, { title: "Skip" });
    assert.ok(asked.includes("When is the ledger written?"));
    await ui.pick(page, asked[0], { title: "Skip" });
    await ui.runCommand(page, "Deep Research: Add Question…");
    await ui.answerInputBox(page, "What is kept in the ledger?", { title: "Add" });
    await ui.clickStatus(page, /2\/5 /);
    await ui.readTreeRow(page, asked[0], /skipped/);
    await shot("steered");
    fake.goOn();
    // What was added is gathered when the round is.
    await ui.readTreeRow(page, "What is kept in the ledger?");
    await ui.readFinishedReport(page, /verified[^]*ledger/);
    fs.rmSync(settings);
    await reopen();
    await ui.runCommand(page, "View: Close All Editors");
  },

  "refreshes a report whose source changed, and accepts what is new": async ({ page, shot, folder }) => {
    await ui.clearNotifications(page);
    await ui.runCommand(page, "View: Close All Editors");
    await ui.runCommand(page, "View: Close Primary Side Bar");
    const file = path.join(folder, "docs/retries.md");
    const text = fs.readFileSync(file, "utf8");
    fs.writeFileSync(file, text.replace("A crashed run continues", "A crashed run always continues"));
    const reports = path.join(folder, "data/reports");
    const name = fs
      .readdirSync(reports)
      .find((each) => fs.readFileSync(path.join(reports, each), "utf8").includes("A crashed run continues"));
    await openReportText(page, name);
    await ui.runCommand(page, "Deep Research: Refresh Report");
    await page.locator(".monaco-diff-editor .modified .view-line", { hasText: "always" }).first().waitFor();
    await shot("refreshed");
    await ui.editorAction(page, "Show Refresh Changes").click();
    assert.ok((await ui.readPick(page, { title: "Refresh Changes" })).length > 0);
    await shot("changes");
    await ui.dismiss(page);
    await ui.editorAction(page, "Accept Refreshed Report").click();
    await page.locator(".monaco-diff-editor").first().waitFor({ state: "detached" });
    // It was read as text, and stays in that one tab.
    await page.locator(".editor-instance .view-line", { hasText: "always" }).first().waitFor();
    assert.equal(await page.locator(".tabs-container .tab").count(), 1);
    await shot("accepted");
    await ui.runCommand(page, "View: Close All Editors");
    assert.match(fs.readFileSync(path.join(reports, name), "utf8"), /always/);
    fs.writeFileSync(file, text);
  },

  "asks from the editor's context menu, with the selection as the question": async ({ page, shot }) => {
    await ui.openFile(page, "retries.md");
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Shift+End");
    await page
      .locator(".editor-instance .view-line")
      .nth(2)
      .click({ button: "right", position: { x: 80, y: 8 } });
    await page.getByRole("menuitem", { name: "Research Selection" }).first().waitFor();
    await shot("context-menu");
    await page.getByRole("menuitem", { name: "Research Selection" }).first().click();
    const { value } = await ui.readInputBox(page, { title: "Deep Research: Ask" });
    assert.match(value, /^When a courier does not answer/);
    await ui.dismiss(page);
  },

  "says that a key is bad, and forgets a key": async ({ page, shot }) => {
    await ui.clearNotifications(page);
    await ui.runCommand(page, "Deep Research: Set API Key");
    await ui.readInputBox(page, { title: "Set API Key" });
    await page.keyboard.type("bad-key-for-the-walk");
    await page.keyboard.press("Enter");
    // The box stays open with what is wrong, and no notification outlives it.
    await page
      .locator(".quick-input-message", { hasText: "Google does not recognize this Gemini API key" })
      .waitFor();
    await shot("bad-key");
    await ui.dismiss(page);
    assert.equal(await page.locator(".notifications-toasts .notification-list-item").count(), 0);
    await ui.runCommand(page, "Deep Research: Remove API Key");
    await ui.waitForNotification(page, "Gemini API key removed");
    await ui.clearNotifications(page);
  },

  "says that the day's quota is used up, and researches offline instead": async ({ page, shot }) => {
    await ui.runCommand(page, "Deep Research: Set API Key");
    await ui.answerInputBox(page, "quota-key-for-the-walk", { title: "Set API Key" });
    await ui.waitForNotification(page, "could not be verified");
    await ui.clearNotifications(page);
    await ask(page, "Who is told each day?", "The Web");
    // The first time that the web is searched, who may get the question is asked.
    await ui.pick(page, "No Search Service", { title: "Which search service" });
    await ui.waitForNotification(page, "used up");
    await shot("quota");
    await ui.answerNotification(page, "used up", "Research Offline");
    await ui.readFinishedReport(page, /offline[^]*its sender is told each day/);
  },

  "says that there is no network, and keeps the session": async ({ page, shot, fake }) => {
    await ui.runCommand(page, "Deep Research: Set API Key");
    await ui.answerInputBox(page, KEY, { title: "Set API Key" });
    await ui.waitForNotification(page, "The Gemini key works");
    await ui.clearNotifications(page);
    fake.stop();
    await ask(page, "What is a courier?", "The Web");
    const problem = await ui.waitForNotification(page, "cannot be reached");
    await shot("no-network");
    await problem.hover();
    await problem.getByRole("button", { name: "Resume", exact: true }).waitFor();
    await ui.clearNotifications(page);
  },

  "checks its health, and says what to do": async ({ page, shot }) => {
    await ui.runCommand(page, "View: Close All Editors");
    await ui.runCommand(page, "Deep Research: Check Health");
    const health = await ui.readPreview(page, "Deep Research Health");
    assert.match(health, /Failed: 1\./);
    assert.match(health, /Connection \(failed\).*refuses connections/s);
    assert.match(health, /Full-text search is working/);
    assert.equal(health.includes(KEY), false);
    await shot("health");
  },

  "finds sessions in the view, and shows all of them again": async ({ page, shot }) => {
    await ui.runCommand(page, "View: Show Deep Research");
    const says = page.locator(".sidebar .tree-explorer-viewlet-tree-view .message", { hasText: "sessions" });
    // Once dismissed, as anybody does who only looks.
    const filter = async () => {
      await ui.runCommand(page, "Deep Research: Filter Sessions…");
      await ui.readPick(page, { title: "Filter Sessions" });
    };
    await filter();
    await ui.dismiss(page);
    for (const word of ["crashed", "courier"]) {
      await filter();
      await page.keyboard.type(word);
      await page.keyboard.press("Enter");
      await says.filter({ hasText: word }).waitFor();
      if (word === "crashed") await shot("filtered");
      await ui.runCommand(page, "Deep Research: Clear Filter");
      await says.waitFor({ state: "hidden" });
    }
  },

  "shows statistics": async ({ page, shot, folder }) => {
    writeJournals(folder);
    await ui.runCommand(page, "View: Close All Editors");
    await ui.runCommand(page, "Deep Research: Show Statistics");
    await ui.readPreview(page, "Completion time");
    await shot("statistics");
  },

  "can be read in high contrast": async ({ page, shot, folder, server }) => {
    const settings = path.join(server.data, "data/User/settings.json");
    const before = fs.readFileSync(settings, "utf8");
    const theme = { "workbench.colorTheme": "Default High Contrast" };
    fs.writeFileSync(settings, JSON.stringify({ ...JSON.parse(before), ...theme }));
    await ui.openWindow(page, server.address, { folder });
    await page.locator(".monaco-workbench.hc-black").waitFor();
    await ui.runCommand(page, "View: Close All Editors");
    await ui.runCommand(page, "View: Show Deep Research");
    await (await ui.waitForTreeRow(page, "How a crashed run continues")).click();
    await page.keyboard.press("ArrowRight");
    await ui.readTreeRow(page, "Sources");
    const [name] = fs.readdirSync(path.join(folder, "data/reports"));
    await openReportText(page, name);
    // It opens where it was left.
    await page.keyboard.press("Control+Home");
    await page.locator(".codelens-decoration", { hasText: "citations verified" }).first().waitFor();
    await ui.hoverInEditor(page, "[[1.1]]");
    await shot("high-contrast");
    fs.writeFileSync(settings, before);
  },

  "says what is missing without a folder": async ({ page, shot, server }) => {
    await ui.openWindow(page, server.address, { ew: "true" });
    await ui.runCommand(page, "Deep Research: Research…");
    await ui.waitForNotification(page, "No folder is open");
    await shot("no-folder");
    await ui.answerNotification(page, "No folder is open", "Open Folder");
    await page.locator(".quick-input-widget:visible").waitFor();
    await ui.dismiss(page);
    await ui.runCommand(page, "Deep Research: Check Health");
    assert.match(await ui.readPreview(page, "All checks"), /No folder is open/);
  },

  "asks which of several folders is meant": async ({ page, shot, server, folder, beside }) => {
    const file = beside("two.code-workspace");
    fs.writeFileSync(
      file,
      JSON.stringify({ folders: [{ path: folder }, { path: path.join(folder, "docs") }] }),
    );
    await ui.openFolders(page, server.address, file);
    await ui.runCommand(page, "Deep Research: Research…");
    assert.deepEqual((await ui.readPick(page)).slice(0, 2), ["workspace", "docs"]);
    await shot("several-folders");
    await ui.pick(page, "docs");
    await ui.readInputBox(page, { title: "Deep Research: Ask" });
    await ui.dismiss(page);
  },

  "opens the sample report without a folder, checks it, and shows the walkthrough": async ({
    page,
    shot,
    server,
  }) => {
    await ui.openWindow(page, server.address, { ew: "true" });
    await ui.runCommand(page, "Deep Research: Get Started");
    const steps = page.locator(".getting-started-step");
    await steps.first().waitFor();
    assert.equal(await steps.count(), 5);
    // By keys alone: the steps can be reached and opened.
    await page.getByRole("button", { name: "Open Sample Report" }).first().focus();
    await shot("walkthrough");
    await page.keyboard.press("Enter");
    await ui.readPreview(page, /worker dies[^]*Sources/);
    await page
      .getByRole("link", { name: "Verify the sample" })
      .or(page.getByText("Verify the sample"))
      .first()
      .click();
    await ui.waitForNotification(page, /^[^/]*\.md: \d+ citations, all valid/);
    await shot("sample-verified");
    await ui.clearNotifications(page);
  },

  "speaks German in a German window": async ({ folder, server }) => {
    const browser = await openBrowser({ language: "de" });
    const { page, outbound } = browser;
    const shot = ui.screenshots(page, path.join(root, "out/walk/german"));
    try {
      await ui.openWorkbench(page, server.address, folder);
      await ui.runCommand(page, "Deep Research: Recherchieren…");
      const title = "Deep Research: Fragen (Standard · Dieser Arbeitsbereich)";
      const { message } = await ui.readInputBox(page, { title });
      assert.match(message, /nichts verlässt diesen Rechner/);
      await shot("question");
      await ui.answerInputBox(page, "How does a crashed run continue?", { title: "Deep Research: Fragen" });
      await ui.readFinishedReport(page, "continues from the ledger");
      const chip = ui.preview(page).locator(".chip-supported").first();
      assert.match((await chip.getAttribute("aria-label")) ?? "", /^Beleg 1\.1, wörtlich, /);
      // What the engine says, too.
      await ui.clearNotifications(page);
      await ui.runCommand(page, "View: Close All Editors");
      await ui.runCommand(page, "Deep Research: Bericht prüfen");
      const [newest] = await ui.readPick(page, { title: "Bericht prüfen" });
      await ui.pick(page, newest, { title: "Bericht prüfen" });
      await ui.waitForNotification(page, /\d+ Belege, alle bestätigt\./);
      await shot("verified");
      await ui.runCommand(page, "Deep Research: Sitzungen filtern…");
      await shot("filter");
      await ui.dismiss(page);
      await ui.runCommand(page, "View: Show Deep Research");
      await (await ui.waitForTreeRow(page, "How a crashed run continues")).click();
      await page.keyboard.press("ArrowRight");
      await ui.readTreeRow(page, "Quellen");
      await shot("view");
      await ui.runCommand(page, "Deep Research: Zwischenspeicher leeren");
      await ui.waitForNotification(page, "Zwischenspeicher");
      assert.deepEqual(outbound, []);
    } catch (error) {
      await shot("failed");
      throw error;
    } finally {
      await browser.close();
    }
  },

  "runs nothing in a folder that is not trusted": async ({ page, shot, folder }) => {
    const settings = {
      "security.workspace.trust.enabled": true,
      "security.workspace.trust.startupPrompt": "never",
    };
    const server = await startServer({ vsix, settings });
    try {
      await ui.openWorkbench(page, server.address, folder);
      // Reading and checking what is there works.
      await ui.runCommand(page, "Deep Research: Verify Report");
      const [newest] = await ui.readPick(page, { title: "Verify Report" });
      await ui.pick(page, newest, { title: "Verify Report" });
      await ui.waitForNotification(page, "all valid");
      // What only reads works there.
      await ui.runCommand(page, "Deep Research: Check Health");
      assert.match(await ui.readPreview(page, "All checks"), /nothing is researched/);
      await ui.runCommand(page, "Deep Research: Show Statistics");
      await ui.readPreview(page, "Research in workspace");
      await ui.runCommand(page, "Deep Research: Research…");
      await ui.waitForNotification(page, "This workspace is not trusted");
      await shot("untrusted");
      await ui.answerNotification(page, "This workspace is not trusted", "Manage Workspace Trust");
      await page.getByText("You are in Restricted Mode", { exact: false }).first().waitFor();
    } finally {
      server.stop();
    }
  },

  "takes the pictures of the README and the walkthrough": async ({ beside, outbound }) => {
    const where = { theme: "light", vsix, into: path.join(root, "out/walk"), beside, outbound };
    const taken = [...(await takePictures("readme", where)), ...(await takePictures("walkthrough", where))];
    const shown = [
      ...fs.readFileSync(path.join(root, "README.md"), "utf8").matchAll(/\((media\/\S+?\.png)\)/g),
    ];
    assert.deepEqual(
      shown.map(([, file]) => file).filter((file) => !taken.includes(path.join(root, "out/walk", file))),
      [],
      "each picture of the README is taken by the walk",
    );
  },
};

/** Asks a question of a source, quickly. */
/** How many things a person did for a task: a command, a click, a text with Enter. */
const ACTIONS = new Map();

async function act(task, work) {
  ACTIONS.set(task, (ACTIONS.get(task) ?? 0) + 1);
  await work();
}

function assertActions(task, most) {
  const count = ACTIONS.get(task) ?? 0;
  console.log(`  ${task}: ${count} actions, of ${most} at most`);
  assert.ok(count <= most, `${task} took ${count} actions; ${most} are allowed.`);
}

async function ask(page, question, source) {
  await ui.runCommand(page, "Deep Research: Research…");
  await ui.askQuestion(page, question, { depth: "Quick", sources: source });
}

async function main() {
  const workspace = copyWorkspace();
  let fake, server, browser;
  let passed = 0;
  try {
    // Slow enough that a person, and a walk, can see and cancel what goes on.
    fake = await startFake({ latency: 300 });
    server = await startServer({ vsix, env: { GEMINI_BASE_URL: fake.address } });
    browser = await openBrowser();
    const { page, outbound } = browser;
    const shot = ui.screenshots(page, path.join(root, "out/walk"));
    const reopen = () => ui.openWorkbench(page, server.address, workspace.folder);
    for (const [name, step] of Object.entries(STEPS).filter(([each]) => chosen.test(each))) {
      const began = performance.now();
      try {
        await step({ page, shot, ...workspace, reopen, server, fake, outbound });
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
