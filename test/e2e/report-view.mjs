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
      await frame.evaluate(() => window.scrollTo(0, 0));
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

  "shows a run in every width": async ({ page, shot, fake }) => {
    await ui.runCommand(page, "View: Close Primary Side Bar");
    await ask(page, QUESTION);
    await ui.readPreview(page, /Finish Now/);
    await ui.preview(page).locator("#add-question").waitFor();
    fake.pause();
    for (const [size, viewport] of Object.entries(SIZES)) {
      const frame = await resize(page, viewport);
      await shot(`run ${size}`);
      assert.deepEqual(await findLayoutProblems(frame), [], size);
    }
    fake.goOn();
    await resize(page, WIDE);
    await ui.readPreview(page, /\d+ of \d+ verified/);
  },

  "moves nothing that is read while a run goes on": async ({ page, shot }) => {
    await ui.runCommand(page, "View: Close Primary Side Bar");
    await page.setViewportSize({ width: 1280, height: 560 });
    await ask(page, QUESTION);
    await ui.readPreview(page, /Finish Now/);
    const { sum, read, seen } = await watchShifts(await viewFrame(page));
    console.log(`      layout shifts of the run: ${sum.toFixed(4)}, of what is read: ${read.toFixed(4)}`);
    assert.ok(seen > 0, "a section was read");
    assert.equal(read, 0);
    assert.ok(sum <= MOST_SHIFT, `${sum}`);
    // From here on nothing but this test sends something to the page.
    await ui.readPreview(page, /\d+ of \d+ verified/);
    for (const [size, viewport] of Object.entries(SIZES)) {
      const frame = await resize(page, viewport);
      await streamRun(frame, size);
      await shot(`streamed ${size}`);
      assert.deepEqual(await findLayoutProblems(frame), [], size);
    }
  },

  "takes another question from the view while a run goes on": async ({ page, shot, fake, folder }) => {
    const added = "What is kept in the ledger?";
    await ask(page, QUESTION);
    const view = ui.preview(page);
    await view.locator("#add-question").waitFor();
    // Nothing is answered until the question was added.
    fake.pause();
    await view.locator("#add-question").fill(added);
    await page.keyboard.press("Enter");
    const row = view.locator(".progress-list li", { hasText: added });
    await row.filter({ hasText: "waiting" }).waitFor();
    await view.locator("#announcement", { hasText: `Added: ${added}` }).waitFor();
    assert.equal(await view.locator("#add-question").inputValue(), "");
    await shot("added");
    // The same question once more: it says why not, and the row stands there once.
    await view.locator("#add-question").fill(added);
    await view.getByRole("button", { name: "Add Question" }).click();
    await ui.waitForNotification(page, "is already being researched");
    await ui.clearNotifications(page);
    assert.equal(await row.count(), 1);
    fake.goOn();
    await row.filter({ hasText: "searched" }).waitFor();
    await view.getByText("Too late for another question").waitFor();
    fake.pause();
    assert.equal(await view.locator("#add-question").isEditable(), false);
    await shot("too-late");
    fake.goOn();
    await ui.readPreview(page, /\d+ of \d+ verified/);
    const [session] = fs.readdirSync(path.join(folder, "data/sessions")).filter((name) => /^\d/.test(name));
    const journal = fs.readFileSync(path.join(folder, "data/sessions", session, "journal.jsonl"), "utf8");
    assert.ok(journal.includes(added));
  },

  "offers to resume a run that a reload of the window interrupted": async ({ page, shot, fake, reopen }) => {
    await ask(page, QUESTION);
    await ui.readPreview(page, /Finish Now[^]*(?:searching|searched)/);
    fake.pause();
    await reopen();
    await ui.waitForNotification(page, `A run was interrupted: “${QUESTION}”`);
    await shot("interrupted");
    fake.goOn();
    await ui.answerNotification(page, "A run was interrupted", "Resume");
    await ui.readPreview(page, /\d+ of \d+ verified/);
    await ui.runCommand(page, "View: Show Deep Research");
    await shot("resumed");
    // It is offered once.
    await reopen();
    await page.waitForTimeout(3000);
    assert.equal(await page.locator(".notifications-toasts", { hasText: "interrupted" }).count(), 0);
  },

  "asks once what git keeps of reports and sessions": async ({ page, shot, folder, reopen }) => {
    execFileSync("git", ["init", "--quiet"], { cwd: folder });
    await reopen();
    await askOffline(page, QUESTION);
    await ui.readPreview(page, /\d+ of \d+ verified/);
    await ui.waitForNotification(page, "Which should git track?");
    await shot("git");
    await ui.answerNotification(page, "Which should git track?", "Reports Only");
    const untracked = () =>
      execFileSync("git", ["status", "--short", "--untracked-files=all", "data"], { cwd: folder }).toString();
    await waitUntil(() => !untracked().includes("data/sessions/2"));
    assert.match(untracked(), /data\/reports\//);
    await ui.runCommand(page, "View: Close All Editors");
    await ask(page, "What is kept in the ledger?");
    await ui.readPreview(page, /\d+ of \d+ verified/);
    await page.waitForTimeout(2000);
    assert.equal(await page.locator(".notifications-toasts", { hasText: "git keep" }).count(), 0);
    assert.doesNotMatch(untracked(), /data\/sessions\/2/);
  },

  "says on top what was not found, and what to try": async ({ page, shot }) => {
    await ui.runCommand(page, "View: Close Primary Side Bar");
    await askOffline(page, "Which zebra eats quantum marmalade?");
    await ui.readPreview(page, "No answer was found");
    const callout = ui.preview(page).locator(".no-answer");
    assert.match(await callout.innerText(), /No readable sources were found[^]*What you can try:/);
    // What the view says is not said once more in a notification.
    assert.equal(await page.locator(".notifications-toasts .notification-list-item").count(), 0);
    await shot("no-answer");
    for (const [size, viewport] of Object.entries(SIZES)) {
      const frame = await resize(page, viewport);
      await shot(`no-answer ${size}`);
      assert.deepEqual(await findLayoutProblems(frame), [], size);
      const box = await callout.boundingBox();
      assert.ok(box.y < viewport.height / 2, `${size}: the callout begins at ${box.y}`);
    }
    await resize(page, WIDE);
    // Sources were read, and nothing in them answers: a report says so on top.
    await ask(page, "How much does a licence of the ledger cost in Japan?");
    await ui.readPreview(page, /No answer was found[^]*licence[^]*What you can try:/);
    assert.ok((await callout.boundingBox()).y < WIDE.height / 2);
    await shot("no-evidence");
    await callout.getByRole("button", { name: "Research…" }).click();
    await ui.readInputBox(page, { title: "Deep Research: Ask" });
    await ui.dismiss(page);
  },
};

/** Waits until something is so. */
async function waitUntil(isSo) {
  for (let tries = 0; tries < 50; tries++) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("It never became so.");
}

/**
 * Sends a run to the page, as the host does, with everything that can come above the text that is read: it stays where it is
 * to the pixel, and so does the text of a later section that is read beside it.
 */
async function streamRun(frame, size) {
  const text = (words) => [
    Array.from({ length: 120 }, (_, n) => ({ text: `${words} ${n} is said here.`, note: "" })),
  ];
  const question = (n, state, word) => ({
    id: `q${n}`,
    question: `Question ${n}?`,
    state,
    word,
    canSkip: false,
  });
  const source = (n, reason) => ({
    title: `Source ${n}`, place: `docs/${n}.md`, state: reason === "" ? "now" : "dropped", word: "reading", reason,
  }); // prettier-ignore
  const begun = {
    question: "How does it go on?", title: "", step: "Reading", facts: ["1 source"], estimate: "", verdicts: "",
    phases: [{ label: "Gathering", state: "now" }], canSteer: true, ended: null,
    questions: [question(1, "now", "searching")], sources: [source(1, "")],
    sections: [
      { heading: "One", state: "done", word: "verified", paragraphs: text("The first") },
      { heading: "Two", state: "now", word: "being verified", paragraphs: [] },
    ],
  }; // prettier-ignore
  const reason =
    "Nothing in it answers the questions, and this is said at some length so that it takes two lines.";
  const changes = [
    { sources: [source(1, reason)] },
    { sources: [source(1, reason), ...[2, 3, 4, 5, 6].map((n) => source(n, ""))] },
    { questions: [1, 2, 3].map((n) => question(n, "done", "searched")) },
    { canSteer: false },
    {
      estimate: "Estimate: 9 to 45 calls, $0.0136 to $0.29",
      facts: ["12 sources", "31 calls", "$0.0129", "1 min 4 s"],
    },
    {
      step: "Checking a claim whose words are many, so many that they take more than a line of a narrow column",
    },
    {
      sections: [
        begun.sections[0],
        { heading: "Two", state: "done", word: "verified", paragraphs: text("Second") },
      ],
    },
    { verdicts: "24 of 24 sentences supported" },
  ];
  const send = (run) =>
    frame.evaluate(async (data) => {
      window.dispatchEvent(new window.MessageEvent("message", { data: { type: "run", run: data } }));
      await new Promise((resolve) =>
        window.requestAnimationFrame(() => window.requestAnimationFrame(resolve)),
      );
    }, run);
  await send(begun);
  const read = () =>
    frame.evaluate(() => document.querySelector(".section-text").getBoundingClientRect().top);
  await frame.evaluate(() => {
    const at = document.querySelector(".section-text").getBoundingClientRect();
    window.scrollBy(0, at.top - 30);
  });
  const began = await read();
  let run = begun;
  for (const change of changes) {
    run = { ...run, ...change };
    await send(run);
    const moved = Math.abs((await read()) - began);
    // The window scrolls by whole pixels.
    assert.ok(moved < 1, `${size}: ${Object.keys(change).join(", ")} moved what is read by ${moved} px`);
  }
}

/** The frame that holds the page of the view opened last. */
async function viewFrame(page) {
  const outer = await page.locator("iframe.webview.ready").last().elementHandle();
  const inner = await (await outer.contentFrame()).locator("iframe#active-frame").elementHandle();
  return inner.contentFrame();
}

/** Gives the window a size, and waits until the view has it. The side bar must be closed. */
async function resize(page, viewport) {
  await page.setViewportSize(viewport);
  const frame = await viewFrame(page);
  await frame.waitForFunction(
    ({ width }) => window.innerWidth < width && window.innerWidth > width - 80,
    viewport,
  );
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

/**
 * Reads along while a run goes on: scrolls to the first section's text as soon as it comes, and notes each layout shift until the
 * view is closed.
 * @returns {Promise<{ sum: number, read: number, seen: number }>} all shifts, those that moved a section's text, and how
 *   many sections were seen
 */
async function watchShifts(frame) {
  await frame.evaluate(() => {
    const shifts = { sum: 0, read: 0, seen: 0 };
    window.shifts = shifts;
    const isRead = ({ node }) =>
      (node instanceof window.Element ? node : node?.parentElement)?.closest(".section-text") != null;
    const moved = ({ previousRect, currentRect }) =>
      previousRect.height > 0 && previousRect.top !== currentRect.top;
    new window.PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries()) {
        shifts.sum += value;
        if (sources.some((source) => isRead(source) && moved(source))) shifts.read += value;
      }
    }).observe({ type: "layout-shift" });
    new window.MutationObserver(() => {
      const texts = document.querySelectorAll(".section-text");
      if (shifts.seen === 0) texts[0]?.scrollIntoView({ block: "start", behavior: "instant" });
      shifts.seen = texts.length;
    }).observe(document.body, { childList: true, subtree: true });
  });
  let last = null;
  for (;;) {
    const now = await frame.evaluate(() => window.shifts).catch(() => null);
    if (now === null) return last;
    last = now;
    await frame
      .page()
      .waitForTimeout(100)
      .catch(() => undefined);
  }
}

async function ask(page, question) {
  await ui.runCommand(page, "Deep Research: Research…");
  await ui.askQuestion(page, question, { depth: "Quick", sources: "This Workspace" });
}

async function askOffline(page, question) {
  await ui.runCommand(page, "Deep Research: Remove API Key");
  await ui.waitForNotification(page, "Gemini API key removed");
  await ui.clearNotifications(page);
  await ask(page, question);
}

async function main() {
  let failures = 0;
  const taken = path.join(root, "out/report-view-walk");
  for (const [name, step] of Object.entries(STEPS).filter(([each]) => chosen.test(each))) {
    const began = performance.now();
    const workspace = copyWorkspace();
    let fake, server, browser;
    try {
      fake = await startFake({ latency: 800 });
      server = await startServer({ vsix, env: { GEMINI_BASE_URL: fake.address } });
      browser = await openBrowser(WIDE);
      writeDocuments(workspace.folder);
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
