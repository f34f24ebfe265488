// The report view and the live view in the real window: their layout in every width, what moves while a run goes on, what a run
// can be told, and what a window says that was closed during a run. Takes pictures into out/report-view-walk/.
//   node test/e2e/report-view.mjs [VSIX [STEPS]]
// STEPS is a pattern; each step works alone.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { openBrowser } from "./browser.mjs";
import { startServer } from "./code-server.mjs";
import { startFake } from "./fake-gemini-process.mjs";
import { findLayoutProblems } from "./layout-problems.mjs";
import { writeMixedReport } from "./mixed-report.mjs";
import * as ui from "./workbench-page.mjs";
import { copyWorkspace, root } from "./workspace.mjs";

const vsix = path.resolve(process.argv[2] ?? path.join(root, "deep-research.vsix"));
const chosen = new RegExp(process.argv[3] ?? "");

/** The window's own size, in pixels of the page. A zoom of 150 % leaves two thirds of each side. */
const WIDE = { width: 1280, height: 900 };
const SIZES = {
  wide: WIDE,
  "zoom of 150 %": { width: 853, height: 600 },
  // The activity bar and the borders take 60 pixels.
  "column of 240 pixels": { width: 300, height: 900 },
};

/** What a layout shift may add up to. 0.1 counts as good for a page; what is read does not move at all. */
const MOST_SHIFT = 0.1;

const QUESTION = "How does a crashed run continue?";

/**
 * @type {Record<string, (at: {
 *   page: import("playwright-core").Page, shot: (name: string) => Promise<string>, folder: string,
 *   reopen: () => Promise<void>, fake: Awaited<ReturnType<typeof startFake>>,
 * }) => Promise<void>>}
 */
const STEPS = {
  "shows a report in every width": async ({ page, shot, folder, reopen }) => {
    const report = writeMixedReport(folder);
    addLongParts(report);
    await reopen();
    await ui.runCommand(page, "Deep Research: Open Last Report");
    await ui.readPreview(page, /\d+ of \d+ verified/);
    await ui.runCommand(page, "View: Close Primary Side Bar");
    for (const [size, viewport] of Object.entries(SIZES)) {
      const frame = await resize(page, viewport);
      await shot(`report ${size}`);
      for (const summary of await frame.locator("main summary").all()) await summary.click();
      assert.deepEqual(await findLayoutProblems(frame), [], size);
      await frame.locator(".chip").nth(1).focus();
      await page.keyboard.press("Shift+Tab");
      await page.keyboard.press("Tab");
      await frame.locator(".card").waitFor();
      await shot(`card ${size}`);
      await page.keyboard.press("Escape");
      await frame.locator("#sources").scrollIntoViewIfNeeded();
      await shot(`sources ${size}`);
      for (const summary of await frame.locator("main summary").all()) await summary.click();
    }
    await resize(page, WIDE);
    await ui.runCommand(page, "View: Close All Editors");
  },

  "shows a run in every width, and moves nothing that is read": async ({
    page,
    shot,
    folder,
    fake,
    reopen,
  }) => {
    writeDocuments(folder);
    await reopen();
    await ui.runCommand(page, "View: Close Primary Side Bar");
    await ask(page, QUESTION);
    await ui.readPreview(page, /Finish Now/);
    let frame = await viewFrame(page);
    await watchShifts(frame);
    await frame.locator("#add-question").waitFor();
    fake.pause();
    for (const [size, viewport] of Object.entries(SIZES)) {
      frame = await resize(page, viewport);
      await shot(`run ${size}`);
      assert.deepEqual(await findLayoutProblems(frame), [], size);
    }
    await resize(page, { width: 1280, height: 560 });
    fake.goOn();
    // As a reader does: to the first section as soon as it has come.
    await frame.locator(".section-text").first().waitFor();
    fake.pause();
    await frame.locator(".section-text").first().scrollIntoViewIfNeeded();
    await shot("sections");
    for (const [size, viewport] of Object.entries(SIZES)) {
      frame = await resize(page, viewport);
      await shot(`sections ${size}`);
      assert.deepEqual(await findLayoutProblems(frame), [], size);
    }
    await resize(page, WIDE);
    const shifts = await readShifts(frame);
    console.log(JSON.stringify(shifts));
    fake.goOn();
    await ui.readPreview(page, /\d+ of \d+ verified/);
    await ui.runCommand(page, "View: Close All Editors");
  },
};

/** The frame that holds the page of the view opened last. */
async function viewFrame(page) {
  const outer = await page.locator("iframe.webview.ready").last().elementHandle();
  const inner = await (await outer.contentFrame()).locator("iframe#active-frame").elementHandle();
  return inner.contentFrame();
}

/** Gives the window a size, and waits until the view has it. */
async function resize(page, viewport) {
  await page.setViewportSize(viewport);
  const frame = await viewFrame(page);
  await frame.waitForFunction((width) => window.innerWidth < width, viewport.width);
  await page.waitForTimeout(300);
  return frame;
}

/** Adds what is hard to lay out: a long word, a wide table, and a sentence with many citations. */
function addLongParts(report) {
  const text = fs.readFileSync(report, "utf8");
  const chips = ["1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8"]
    .map((n) => `[[${n}]](#source-1)`)
    .join("");
  const word = "aVeryLongNameOfASettingThatNoLineOfAColumnHasRoomForAndThatIsNotToBeCut".repeat(2);
  const parts = [
    "## A section with a long heading, longer than a column of contents",
    `The setting \`${word}\` says it. ${chips}`,
    `| one | two | three | four | five |\n|---|---|---|---|---|\n| ${word} | b | c | d | e ${chips} |`,
    `\`\`\`ts\nconst ${word} = "${word}";\n\`\`\``,
  ];
  fs.writeFileSync(report, text.replace("## Retries", `${parts.join("\n\n")}\n\n## Retries`));
}

/** Files that all have something to say on the question. */
function writeDocuments(folder) {
  for (let number = 1; number <= 8; number++) {
    const lines = [1, 2, 3].map(
      (each) =>
        `A crashed run of kind ${number}.${each} does continue from the ledger of place ${number}${each}.`,
    );
    fs.writeFileSync(
      path.join(folder, `docs/crash-${number}.md`),
      `# Crashed runs ${number}\n\n${lines.join("\n\n")}\n`,
    );
  }
}

/** Notes each layout shift of a page from now on: its share of the window, and whether it moved a section's text. */
async function watchShifts(frame) {
  await frame.evaluate(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const { value, sources, startTime } of list.getEntries())
        window.shifts.push({
          value,
          startTime,
          moved: sources.map(({ node, previousRect, currentRect }) => ({
            node: node instanceof Element ? `${node.tagName}.${node.className}` : (node?.nodeName ?? ""),
            isText: (node instanceof Element ? node : node?.parentElement)?.closest(".section-text") != null,
            by: currentRect.top - previousRect.top,
          })),
        });
    }).observe({ type: "layout-shift" });
  });
}

function readShifts(frame) {
  return frame.evaluate(() => window.shifts);
}

async function ask(page, question) {
  await ui.runCommand(page, "Deep Research: Research…");
  await ui.askQuestion(page, question, { depth: "Quick", sources: "This Workspace" });
}

async function main() {
  let failures = 0;
  const taken = path.join(root, "out/report-view-walk");
  fs.rmSync(taken, { recursive: true, force: true });
  for (const [name, step] of Object.entries(STEPS).filter(([each]) => chosen.test(each))) {
    const began = performance.now();
    const workspace = copyWorkspace();
    let fake, server, browser;
    try {
      fake = await startFake({ latency: 400 });
      server = await startServer({ vsix, env: { GEMINI_BASE_URL: fake.address } });
      browser = await openBrowser(WIDE);
      const { page, outbound } = browser;
      const shots = ui.screenshots(page, path.join(taken, name.replace(/\W+/g, "-")));
      const shot = (what) => shots(what.replace(/\W+/g, "-"));
      const reopen = () => ui.openWorkbench(page, server.address, workspace.folder);
      try {
        await reopen();
        await setKey(page);
        await step({ page, shot, folder: workspace.folder, reopen, fake });
        assert.deepEqual(outbound, [], "nothing leaves 127.0.0.1");
        console.log(`  ✔ ${name} (${Math.round(performance.now() - began)} ms)`);
      } catch (error) {
        failures++;
        console.log(`  ✘ ${name}\n${error.message}`);
        fake.goOn();
        console.log(`      what was on the screen: ${path.relative(root, await shot("failed"))}`);
      }
    } finally {
      await browser?.close();
      server?.stop();
      fake?.stop();
      workspace.remove();
    }
  }
  if (failures > 0) process.exitCode = 1;
}

async function setKey(page) {
  await ui.runCommand(page, "Deep Research: Set API Key");
  await ui.answerInputBox(page, "a-key-of-the-walk", { title: "Set API Key" });
  await ui.waitForNotification(page, "The Gemini key works");
  await ui.clearNotifications(page);
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
