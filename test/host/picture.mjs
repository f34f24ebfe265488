// Takes all pictures of the README and of the walkthrough anew, from the real window.
//   npm run picture            all of them
//   npm run picture -- read    only those whose names hold this
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openBrowser } from "./browser.mjs";
import { startServer } from "./server.mjs";
import * as ui from "./ui.mjs";
import { root } from "./workspace.mjs";

/** A picture of the walkthrough is small enough to be in the extension; its test holds this, too. */
const MOST_BYTES = 60_000;

/** The report is the picture; the less there is around it, the smaller it is. */
const BELOW_TITLE_BAR = { top: 30, bottom: 430 };

const THEMES = { light: "Default Light Modern", dark: "Default Dark Modern" };

/**
 * The walkthrough's pictures by their steps, taken one after the other in one window on a small workspace.
 * Each returns what of the window is shown: all of it, or from one line to another.
 * @type {Record<string, (page: import("playwright-core").Page) => Promise<{ top?: number, bottom?: number }>>}
 */
const STEPS = {
  try: async (page) => {
    await ui.runCommand(page, "Deep Research: Open Sample Report");
    await ui.readPreview(page, "What to watch");
    await scrollToTitle(page);
    return BELOW_TITLE_BAR;
  },
  key: async (page) => {
    await ui.runCommand(page, "View: Close All Editors");
    await ui.runCommand(page, "Deep Research: Set API Key");
    await ui.readInputBox(page, { title: "Set API Key" });
    return { bottom: 240 };
  },
  ask: async (page) => {
    await ui.dismiss(page);
    await ui.runCommand(page, "Deep Research: Research…");
    await ui.answerInputBox(page, "What happens to a job whose worker dies?", { title: "(1 of 3)" });
    await ui.pick(page, "Standard", { title: "(2 of 3)" });
    await ui.readPick(page, { title: "(3 of 3)" });
    return { bottom: 240 };
  },
  read: async (page) => {
    await ui.pick(page, "This Workspace", { title: "(3 of 3)" });
    await ui.readPreview(page, "What to watch");
    await scrollToTitle(page);
    await ui.clearNotifications(page);
    await ui.runCommand(page, "Deep Research: Verify Report");
    const [newest] = await ui.readPick(page, { title: "Verify Report" });
    await ui.pick(page, newest, { title: "Verify Report" });
    await ui.waitForNotification(page, "all stand");
    await page.getByText("Checking citations").first().waitFor({ state: "hidden" });
    return BELOW_TITLE_BAR;
  },
  keep: async (page) => {
    await ui.clearNotifications(page);
    await ui.runCommand(page, "View: Close All Editors");
    await page.keyboard.press("Control+Shift+G");
    await page.locator(".scm-view .monaco-list-row", { hasText: "journal.jsonl" }).first().waitFor();
    await page.locator(".pane-header", { hasText: "Graph" }).first().click();
    await widenSideBar(page, 440);
    return { bottom: 320 };
  },
};

/** A report begins with its front matter; a picture with its title. */
async function scrollToTitle(page) {
  const title = ui.preview(page).locator("h1").first();
  await title.evaluate((element) => element.scrollIntoView());
}

/** Drags the side bar's edge. */
async function widenSideBar(page, by) {
  const { x, width } = await page.locator(".part.sidebar").boundingBox();
  await page.mouse.move(x + width + 2, 300);
  await page.mouse.down();
  await page.mouse.move(x + width + by / 2, 300);
  await page.mouse.move(x + by, 300);
  await page.mouse.up();
}

async function takeReadme(temporary, take) {
  const folder = path.join(temporary, "deep-research");
  execFileSync("git", ["clone", "--quiet", root, folder]);
  await inWindow({ folder, size: { width: 1280, height: 860 } }, async (page) => {
    await ui.runCommand(page, "Deep Research: Research…");
    await ui.answerInputBox(page, "How does a killed session continue?", { title: "(1 of 3)" });
    await ui.pick(page, "Standard", { title: "(2 of 3)" });
    await ui.pick(page, "This Workspace", { title: "(3 of 3)" });
    await ui.readPreview(page, "continues where its journal ends");
    await ui.runCommand(page, "View: Close Primary Side Bar");
    await take(page, "media/report.png");
  });
}

async function takeWalkthrough(temporary, theme, take) {
  const folder = path.join(temporary, theme, "ferry");
  for (const name of ["README.md", "docs"]) {
    fs.cpSync(path.join(root, "media/sample", name), path.join(folder, name), { recursive: true });
  }
  const git = (...args) => execFileSync("git", ["-C", folder, ...args]);
  git("init", "--quiet");
  git("add", ".");
  git("-c", "user.name=Ferry", "-c", "user.email=ferry@example.org", "commit", "--quiet", "-m", "The docs");
  const settings = {
    "workbench.colorTheme": THEMES[theme],
    "workbench.activityBar.location": "hidden",
    "workbench.statusBar.visible": true,
    "scm.defaultViewMode": "list",
  };
  await inWindow({ folder, settings, size: { width: 720, height: 460 } }, async (page) => {
    await ui.runCommand(page, "View: Close Primary Side Bar");
    for (const [step, show] of Object.entries(STEPS)) {
      await take(page, `media/walkthrough/${step}-${theme}.png`, await show(page));
    }
  });
}

/** Opens a window with the packaged extension on a folder, and closes it afterwards. */
async function inWindow({ folder, settings, size }, use) {
  let server, browser;
  try {
    server = await startServer({ vsix: path.join(root, "deep-research.vsix"), settings });
    browser = await openBrowser(size);
    await ui.openWorkbench(browser.page, server.address, folder);
    await use(browser.page);
  } finally {
    await browser?.close();
    server?.stop();
  }
}

async function main() {
  const wanted = process.argv[2] ?? "";
  const take = async (page, name, { top = 0, bottom } = {}) => {
    if (!name.includes(wanted)) return;
    const { width, height: whole } = page.viewportSize();
    const file = path.join(root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    // Nothing that blinks, and no pointer over anything.
    await page.mouse.move(width - 2, whole - 2);
    await page.screenshot({
      path: file,
      clip: { x: 0, y: top, width, height: (bottom ?? whole) - top },
      caret: "hide",
    });
    const bytes = fs.statSync(file).size;
    console.log(`${name} ${Math.round(bytes / 1000)} kB`);
    if (name.startsWith("media/walkthrough/") && bytes > MOST_BYTES) throw new Error(`${name} is too large.`);
  };
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "deep-research-p-"));
  try {
    if ("media/report.png".includes(wanted)) await takeReadme(temporary, take);
    if (wanted !== "report")
      for (const theme of Object.keys(THEMES)) await takeWalkthrough(temporary, theme, take);
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
