// The pictures of the README and of the walkthrough, as steps through the real window: the walk takes them at
// each run into out/walk, and `npm run picture` puts them where they are shown.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { openBrowser } from "./browser.mjs";
import { startServer } from "./code-server.mjs";
import { openReportText } from "./open-report-text.mjs";
import * as ui from "./workbench-page.mjs";
import { root } from "./workspace.mjs";

/** All of them are in the extension, which is to stay small; a picture of text needs few colours. */
const COLOURS = 64;
/** A picture of the walkthrough; the manifest's test holds this, too. */
const MOST_BYTES = 60_000;

export const THEMES = { light: "Light Modern", dark: "Dark Modern" };

/** The report is the picture; the less there is around it, the smaller it is. */
const BELOW_TITLE_BAR = { top: 30, bottom: 430 };

/**
 * The walkthrough's pictures by their steps, taken one after the other in one window on a small workspace.
 * Each returns what of the window is shown: all of it, or from one line to another.
 * @type {Record<string, (page: import("playwright-core").Page, folder: string) =>
 *   Promise<{ top?: number, bottom?: number }>>}
 */
const WALKTHROUGH = {
  try: async (page) => {
    await ui.runCommand(page, "Deep Research: Open Sample Report");
    await ui.readPreview(page, "goes to the shelf");
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
    await ui.readInputBox(page, { title: "Deep Research: Ask" });
    await page.keyboard.type("What happens to a job whose worker dies?");
    await ui.pressInBox(page, "Sources");
    await ui.readPick(page, { title: "Deep Research: Sources" });
    return { bottom: 240 };
  },
  read: async (page, folder) => {
    await ui.pick(page, "This Workspace", { title: "Deep Research: Sources" });
    await ui.askQuestion(page, "What happens to a job whose worker dies?", { depth: "Standard" });
    await ui.readFinishedReport(page, "goes to the shelf");
    await ui.clearNotifications(page);
    await ui.runCommand(page, "View: Close All Editors");
    await openReport(page, folder);
    await ui.hoverInEditor(page, "[[1.1]]");
    return BELOW_TITLE_BAR;
  },
  keep: async (page) => {
    await ui.runCommand(page, "View: Close All Editors");
    await page.keyboard.press("Control+Shift+G");
    await page.locator(".scm-view .monaco-list-row", { hasText: "worker-dies.md" }).first().waitFor();
    await page.locator(".pane-header", { hasText: "Graph" }).first().click();
    await widenSideBar(page, 440);
    return { bottom: 320 };
  },
};

/** The README's pictures, in one window on a copy of this repository. @type {typeof WALKTHROUGH} */
const README = {
  report: async (page) => {
    await ui.runCommand(page, "Deep Research: Research…");
    const question = "How does a killed session continue?";
    await ui.askQuestion(page, question, { depth: "Standard", sources: "This Workspace" });
    await ui.readFinishedReport(page, "continues where its journal ends");
    await scrollToTitle(page);
    await ui.runCommand(page, "View: Show Deep Research");
    await (await ui.waitForTreeRow(page, "How a killed session continues")).click();
    await page.keyboard.press("ArrowRight");
    await ui.readTreeRow(page, "Sources");
    await ui.readPreview(page, "continues where its journal ends");
    await ui.clearNotifications(page);
    return {};
  },
  code: async (page, folder) => {
    await ui.runCommand(page, "View: Close All Editors");
    await ui.runCommand(page, "View: Close Primary Side Bar");
    await openReport(page, folder);
    await ui.hoverInEditor(page, "[[1.1]]");
    return { top: 30, bottom: 430 };
  },
};

/** Opens the one report there is in the editor, and waits for what stands above its title. */
async function openReport(page, folder) {
  const [name] = fs.readdirSync(path.join(folder, "data/reports"));
  await openReportText(page, name);
  const lens = page.locator(".codelens-decoration", { hasText: "citations verified" }).first();
  await lens.waitFor();
  // As the view, it is shown from its title on.
  await lens.hover();
  const { y } = await lens.boundingBox();
  await page.mouse.wheel(0, y - 75);
}

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

/** Pictures that belong together: the window that they are taken in, and what is done there. */
const SETS = {
  readme: {
    size: { width: 1280, height: 860 },
    steps: README,
    file: (step) => `media/${step}.png`,
    // Reports on this repository are no part of it.
    settings: (theme) => ({ "workbench.colorTheme": THEMES[theme], "search.useIgnoreFiles": false }),
    folder(beside) {
      const folder = beside("deep-research");
      execFileSync("git", ["clone", "--quiet", root, folder]);
      return folder;
    },
  },
  walkthrough: {
    size: { width: 720, height: 460 },
    steps: WALKTHROUGH,
    file: (step, theme) => `media/walkthrough/${step}-${theme}.png`,
    settings: (theme) => ({
      "workbench.colorTheme": THEMES[theme],
      "workbench.activityBar.location": "hidden",
      // A citation that wraps has no one place to point at.
      "editor.fontSize": 12,
      "scm.defaultViewMode": "list",
    }),
    folder(beside) {
      const folder = beside("ferry");
      for (const name of ["README.md", "docs"]) {
        fs.cpSync(path.join(root, "media/sample", name), path.join(folder, name), { recursive: true });
      }
      const git = (...args) => execFileSync("git", ["-C", folder, ...args]);
      git("init", "--quiet");
      git("add", ".");
      git(
        "-c",
        "user.name=Ferry",
        "-c",
        "user.email=ferry@example.org",
        "commit",
        "--quiet",
        "-m",
        "The docs",
      );
      return folder;
    },
  },
};

/**
 * Takes a set of pictures.
 * @param {keyof typeof SETS} name
 * @param {object} where
 * @param {keyof typeof THEMES} where.theme
 * @param {string} where.vsix
 * @param {string} where.into the folder that stands for the repository
 * @param {(name: string) => string} where.beside gives a path for a folder to work in
 * @param {string[]} [where.outbound] what the browser asked for outside 127.0.0.1 is put here
 * @returns {Promise<string[]>} the files
 */
export async function takePictures(name, { theme, vsix, into, beside, outbound = [] }) {
  const { size, steps, file, settings, folder } = SETS[name];
  const taken = [];
  let server, browser;
  try {
    server = await startServer({ vsix, settings: settings(theme) });
    browser = await openBrowser(size);
    const { page } = browser;
    const at = folder((each) => path.join(beside(`${name}-${theme}`), each));
    await ui.openWorkbench(page, server.address, at);
    await ui.runCommand(page, "View: Close Primary Side Bar");
    for (const [step, show] of Object.entries(steps)) {
      const picture = path.join(into, file(step, theme));
      await take(page, picture, await show(page, at));
      taken.push(picture);
    }
    outbound.push(...browser.outbound);
    return taken;
  } finally {
    await browser?.close();
    server?.stop();
  }
}

async function take(page, file, { top = 0, bottom }) {
  const { width, height: whole } = page.viewportSize();
  // Nothing that blinks; the pointer stays where it shows something.
  const clip = { x: 0, y: top, width, height: (bottom ?? whole) - top };
  const shot = await page.screenshot({ clip, caret: "hide", animations: "disabled" });
  const small = await sharp(shot).png({ palette: true, colours: COLOURS, effort: 10 }).toBuffer();
  if (file.includes("walkthrough") && small.length > MOST_BYTES) throw new Error(`${file} is too large.`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, small);
}
