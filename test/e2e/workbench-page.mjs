// The workbench as a person uses it: by keys, clicks and what is on the screen.
//
// Every function waits for what it needs and then acts; what does not come is an error that says what was
// on the screen instead. None of them knows Deep Research: the walkthrough is written on top of them (walkthrough.mjs).
import fs from "node:fs";
import path from "node:path";
import { URLSearchParams } from "node:url";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Locator} Locator */

/** A cold extension host takes its time on two cores. */
const PATIENCE_MS = 60_000;

const quickInput = (page) => page.locator(".quick-input-widget:visible");

/**
 * Opens the workbench on a folder and waits until it can be used: the explorer shows the folder's files.
 * Called again on the same page it reloads the window, as "Developer: Reload Window" does.
 * @param {Page} page
 * @param {string} address of the server
 * @param {string} folder absolute; it must hold a file
 */
export async function openWorkbench(page, address, folder) {
  page.setDefaultTimeout(PATIENCE_MS);
  // A window with unsaved files asks before it goes.
  if (page.listenerCount("dialog") === 0) page.on("dialog", (dialog) => void dialog.accept());
  await openWindow(page, address, { folder });
  await explorerRow(page).waitFor();
}

/**
 * Opens a window on the folders of a `.code-workspace` file. Now and then a window in the browser takes such a file
 * for one without folders, and says so in its explorer: then it is opened again.
 * @param {Page} page
 * @param {string} address of the server
 * @param {string} workspace the file
 */
export async function openFolders(page, address, workspace) {
  for (let tries = 1; tries <= 4; tries++) {
    await openWindow(page, address, { workspace });
    if (await appears(explorerRow(page), 10_000)) return;
  }
  throw new Error(`The explorer never showed the folders of ${path.basename(workspace)}.`);
}

/** The first row of the explorer. @param {Page} page */
function explorerRow(page) {
  return page.locator(".explorer-folders-view .monaco-list-row").first();
}

/**
 * Opens a window on something else than one folder.
 * @param {Page} page
 * @param {string} address of the server
 * @param {{ folder?: string, workspace?: string, ew?: "true" }} what a `.code-workspace` file, or nothing (`ew`)
 */
export async function openWindow(page, address, what) {
  await page.goto(`${address}/?${new URLSearchParams(what)}`);
  await page.locator(".statusbar-item").first().waitFor();
  // Until then its editors and panels come back, and take the focus from whatever was opened.
  await page.waitForFunction(() => performance.getEntriesByName("code/LifecyclePhase/Restored").length > 0);
  await page.waitForFunction(
    () => {
      const before = window.focusedBefore;
      window.focusedBefore = document.activeElement;
      return before === document.activeElement;
    },
    undefined,
    { polling: 500 },
  );
}

/** The text of the status bar's items. @param {Page} page @returns {Promise<string>} */
export async function readStatusBar(page) {
  return (await page.locator(".statusbar-item").allInnerTexts()).join(" | ");
}

/**
 * Waits until an item of the status bar shows a text.
 * @param {Page} page
 * @param {RegExp} text
 */
export async function waitForStatus(page, text) {
  if (await appears(page.locator(".statusbar-item", { hasText: text }).first(), PATIENCE_MS)) return;
  throw new Error(`The status bar never showed ${text}; it shows: ${await readStatusBar(page)}`);
}

/** Clicks an item of the status bar. @param {Page} page @param {RegExp} text a part of it */
export async function clickStatus(page, text) {
  await page.locator(".statusbar-item", { hasText: text }).first().locator("a").click();
}

/**
 * Waits for a row of the tree in the side bar.
 * @param {Page} page
 * @param {string} label
 * @param {RegExp} [text] what the row shows besides
 * @returns {Promise<string>} the row's whole text; of several with that label, the first's
 */
export async function readTreeRow(page, label, text = /(?:)/) {
  return (await waitForTreeRow(page, label, text)).innerText();
}

/** As readTreeRow. @returns {Promise<Locator>} the row */
export async function waitForTreeRow(page, label, text = /(?:)/) {
  const row = treeRow(page, label).filter({ hasText: text }).first();
  if (await appears(row, PATIENCE_MS)) return row;
  const shown = await page.locator(".sidebar .customview-tree .monaco-list-row").allInnerTexts();
  throw new Error(`No row shows “${label}” and ${text}; shown are: ${shown.join(" | ") || "none"}`);
}

/** The rows of the tree in the side bar with this label. @param {Page} page @param {string} label */
export function treeRow(page, label) {
  return page
    .locator(".sidebar .customview-tree .monaco-list-row")
    .filter({ has: page.locator(".label-name", { hasText: label }) });
}

/**
 * Runs a command by F1, its title and Enter.
 *
 * The palette's list is a snapshot of when it opened, and an extension's commands arrive after the window:
 * so it is opened again until the row is there.
 * @param {Page} page
 * @param {string} title as the palette shows it: "Category: Title"
 */
export async function runCommand(page, title) {
  await openPaletteAt(page, title);
  await page.keyboard.press("Enter");
  // The command's own input comes in the palette's place: what is read next must not be the palette.
  await page.waitForFunction((text) => {
    const input = document.querySelector(".quick-input-widget input");
    return input === null || !input.checkVisibility() || input.value !== text;
  }, `>${title}`);
}

/**
 * Tells whether the palette offers a command at this moment.
 * @param {Page} page
 * @param {string} title as the palette shows it
 * @returns {Promise<boolean>}
 */
export async function offersCommand(page, title) {
  const row = await typeInPalette(page, title);
  const offered = await appears(row, 2_000);
  await dismiss(page);
  return offered;
}

async function openPaletteAt(page, title) {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    try {
      const row = await typeInPalette(page, title);
      if (await appears(row, 2_000)) {
        // A title may be the beginning of another, which then can stand first.
        const isFocused = (element) => element.classList.contains("focused");
        while (!(await row.evaluate(isFocused, undefined, { timeout: 2_000 }))) {
          await page.keyboard.press("ArrowDown");
        }
        return;
      }
    } catch (error) {
      // A window that is still being restored takes the focus, and the palette goes: then once more.
      if (error.name !== "TimeoutError") throw error;
    }
    await dismiss(page);
  }
  throw new Error(`The command palette never offered “${title}”.`);
}

async function typeInPalette(page, title) {
  await page.keyboard.press("F1");
  await quickInput(page).locator("input").fill(`>${title}`, { timeout: 5_000 });
  return rowLabelled(page, title);
}

/**
 * Answers an input box: waits for it, types, Enter, and waits until it is gone.
 * @param {Page} page
 * @param {string} text what to type; what is prefilled is replaced
 * @param {{ title?: string, shot?: () => Promise<unknown> }} [options] `title`: a part of the box's title, to
 *   tell it from the box before it; `shot` is called when the text stands there and Enter is not yet pressed
 */
export async function answerInputBox(page, text, { title, shot } = {}) {
  await waitForQuickInput(page, title);
  await quickInput(page).locator("input").fill(text);
  await shot?.();
  await page.keyboard.press("Enter");
  await waitUntilAnswered(page, title, text);
}

/** The title of the box that asks a question. */
const ASK = "Deep Research: Ask";

/**
 * Asks a question in its box, after choosing depth and sources by the box's buttons.
 * @param {Page} page
 * @param {string} question
 * @param {{ depth?: string, sources?: string, shot?: (name: string) => Promise<unknown> }} [options] what is left out stays
 *   as the box has it; `shot` is called at each list and before Enter
 */
export async function askQuestion(page, question, { depth, sources, shot } = {}) {
  for (const [button, label] of [
    ["Depth", depth],
    ["Sources", sources],
  ]) {
    if (label === undefined) continue;
    await pressInBox(page, button);
    await pick(page, label, { title: `Deep Research: ${button}`, shot: () => shot?.(button.toLowerCase()) });
  }
  await answerInputBox(page, question, { title: ASK, shot: () => shot?.("question") });
}

/** Presses a button of the question's box. @param {Page} page @param {"Depth" | "Sources"} button */
export async function pressInBox(page, button) {
  await waitForQuickInput(page, ASK);
  await quickInput(page)
    .locator(".quick-input-titlebar .action-label")
    .and(page.locator(`[aria-label^="${button}: "]`))
    .first()
    .click();
}

/**
 * Reads what an open input box holds: its title, prompt or complaint, and text.
 * @param {Page} page
 * @param {{ title?: string }} [options] a part of its title
 * @returns {Promise<{ title: string, message: string, value: string, hidden: boolean }>} `hidden`: as a password
 */
export async function readInputBox(page, { title } = {}) {
  await waitForQuickInput(page, title);
  const box = quickInput(page);
  const input = box.locator("input");
  return {
    title: (await box.locator(".quick-input-title").innerText()).trim(),
    message: (await box.locator(".quick-input-message").innerText()).trim(),
    value: await input.inputValue(),
    hidden: (await input.getAttribute("type")) === "password",
  };
}

/**
 * Picks a row of a quick pick by a click.
 * @param {Page} page
 * @param {string} label the row's label, without its icon
 * @param {{ title?: string, shot?: () => Promise<unknown> }} [options] as of answerInputBox
 */
export async function pick(page, label, { title, shot } = {}) {
  await waitForQuickInput(page, title);
  const row = rowLabelled(page, label);
  if (!(await appears(row, PATIENCE_MS))) {
    throw new Error(`“${label}” is not offered; these are: ${(await shownLabels(page)).join(" | ")}`);
  }
  await shot?.();
  await row.click();
  await waitUntilAnswered(page, title, label);
}

/**
 * Lists the labels of an open quick pick, from the top.
 * @param {Page} page
 * @param {{ title?: string }} [options] a part of its title
 * @returns {Promise<string[]>}
 */
export async function readPick(page, { title } = {}) {
  await waitForQuickInput(page, title);
  await quickInput(page).locator(".monaco-list-row").first().waitFor();
  return shownLabels(page);
}

/** Closes an open quick pick, input box or palette by Escape. @param {Page} page */
export async function dismiss(page) {
  await page.keyboard.press("Escape");
  await quickInput(page).waitFor({ state: "hidden" });
}

/**
 * Waits for a notification.
 * @param {Page} page
 * @param {string | RegExp} text a part of it
 * @param {{ within?: number }} [options] milliseconds
 * @returns {Promise<Locator>} the notification
 */
export async function waitForNotification(page, text, { within = PATIENCE_MS } = {}) {
  const notification = page
    .locator(".notifications-toasts .notification-list-item", { hasText: text })
    .first();
  if (await appears(notification, within)) return notification;
  const shown = await page.locator(".notifications-toasts .notification-list-item-message").allInnerTexts();
  throw new Error(`No notification said ${text}; shown were: ${shown.join(" | ") || "none"}`);
}

/**
 * Waits for a notification and clicks one of its buttons; the notification goes with that.
 * @param {Page} page
 * @param {string | RegExp} text a part of the notification
 * @param {string} button its exact label
 */
export async function answerNotification(page, text, button) {
  const notification = await waitForNotification(page, text);
  await notification.hover();
  await notification.getByRole("button", { name: button, exact: true }).click();
}

/** Closes every notification. @param {Page} page */
export async function clearNotifications(page) {
  await runCommand(page, "Notifications: Clear All Notifications");
  await page.locator(".notifications-toasts .notification-list-item").first().waitFor({ state: "hidden" });
}

/**
 * The Markdown preview's document: a frame in a frame. Of several previews, the one opened last.
 * @param {Page} page
 * @returns {import("playwright-core").FrameLocator} to look for elements in
 */
export function preview(page) {
  return page.locator("iframe.webview.ready").last().contentFrame().frameLocator("iframe#active-frame");
}

/**
 * Waits until the Markdown preview shows a text, and reads all of it.
 * @param {Page} page
 * @param {string | RegExp} text a part of what must be there
 * @param {{ within?: number }} [options] milliseconds
 * @returns {Promise<string>} the preview's whole text
 */
export async function readPreview(page, text, { within = PATIENCE_MS } = {}) {
  const body = preview(page).locator("body");
  const shows = body.filter({ hasText: text });
  try {
    await shows.waitFor({ timeout: within });
  } catch (cause) {
    const shown = await body.innerText({ timeout: 1_000 }).catch(() => "no preview is open");
    throw new Error(`The preview never showed ${text}; it shows: ${shown.slice(0, 500)}`, { cause });
  }
  return body.innerText();
}

/**
 * Waits until a research has ended and its report shows the text. The view shows the run's text before that;
 * only a report counts its verdicts.
 */
export async function readFinishedReport(page, text, { within = PATIENCE_MS } = {}) {
  await preview(page).locator("p.checked").first().waitFor({ timeout: within });
  return readPreview(page, text, { within });
}

/**
 * Waits until the panel's output view shows a text, and reads what it shows.
 * @param {Page} page
 * @param {string} text a part of what must be there
 * @returns {Promise<string>} the lines on the screen
 */
export async function readOutput(page, text) {
  const lines = page.locator(".panel .output-view .view-lines");
  const found = await appears(lines.filter({ hasText: text }), PATIENCE_MS);
  // The editor draws blanks as no-break spaces.
  const shown =
    (await lines.count()) > 0 ? (await lines.innerText()).replaceAll("\u00a0", " ") : "it is closed";
  if (!found) throw new Error(`The output view never showed ${text}; it shows: ${shown}`);
  return shown;
}

/**
 * Chooses a file by Ctrl+P. The list moves while it is filtered, so no row is clicked: Enter takes the one with the focus.
 * @param {Page} page
 * @param {string} name of the file
 */
export async function chooseFile(page, name) {
  await page.keyboard.press("ControlOrMeta+p");
  await quickInput(page).locator("input").fill(name);
  const label = page.locator(".label-name", { hasText: exactText(path.basename(name)) });
  await quickInput(page).locator(".monaco-list-row.focused").filter({ has: label }).waitFor();
  await page.keyboard.press("Enter");
}

/**
 * Opens a file of the workspace in an editor by Ctrl+P, and waits for its text.
 * @param {Page} page
 * @param {string} name of the file
 */
export async function openFile(page, name) {
  await chooseFile(page, name);
  await page
    .locator(`.editor-instance[aria-label*="${path.basename(name)}"] .view-line`)
    .first()
    .waitFor();
}

/**
 * Finds a text of the editor on the screen.
 * @param {Page} page
 * @param {string} text as it stands in one line
 * @returns {Promise<{ x: number, y: number }>} its middle
 */
export async function findInEditor(page, text) {
  const line = page.locator(".editor-instance .view-line").filter({ hasText: text }).first();
  if (!(await appears(line, PATIENCE_MS))) {
    const shown = await page.locator(".editor-instance .view-line").allInnerTexts();
    throw new Error(`The editor never showed “${text}”; it shows: ${shown.slice(0, 30).join("\n")}`);
  }
  // A line is drawn in pieces, by its colours: the text may stand across several.
  return line.evaluate((element, wanted) => {
    const nodes = [];
    const walker = document.createTreeWalker(element, window.NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) nodes.push(walker.currentNode);
    const whole = nodes
      .map(({ data }) => data)
      .join("")
      .replaceAll("\u00a0", " ");
    const middle = whole.indexOf(wanted) + Math.floor(wanted.length / 2);
    let before = 0;
    for (const node of nodes) {
      if (middle < before + node.length) {
        const range = document.createRange();
        range.setStart(node, middle - before);
        range.setEnd(node, middle - before + 1);
        const { x, y, width, height } = range.getBoundingClientRect();
        return { x: x + width / 2, y: y + height / 2 };
      }
      before += node.length;
    }
    throw new Error(`“${wanted}” is not in the line.`);
  }, text);
}

/**
 * Holds the pointer over a text of the editor, and waits for what is told there.
 * @param {Page} page
 * @param {string} text
 * @returns {Promise<string>} the hover's text
 */
export async function hoverInEditor(page, text) {
  const hover = page.locator(".monaco-hover:not(.workbench-hover):visible .hover-contents").first();
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    const { x, y } = await findInEditor(page, text);
    // A pointer that does not move tells nothing.
    await page.mouse.move(x - 4, y);
    await page.mouse.move(x, y);
    if (await appears(hover, 3_000))
      return page.locator(".monaco-hover:not(.workbench-hover):visible").first().innerText();
  }
  throw new Error(`Nothing was told over “${text}”.`);
}

/** Puts the cursor into a text of the editor. @param {Page} page @param {string} text */
export async function clickInEditor(page, text) {
  const { x, y } = await findInEditor(page, text);
  await page.mouse.click(x, y);
}

/** The action of the active editor's title with this name. @param {Page} page @param {string} name */
export function editorAction(page, name) {
  return page.locator(".editor-group-container.active .editor-actions").getByRole("button", { name }).first();
}

/**
 * Makes a function that takes screenshots into a folder, which it empties first: 01-name.png, 02-…
 * @param {Page} page
 * @param {string} folder
 * @returns {(name: string) => Promise<string>} the picture's path
 */
export function screenshots(page, folder) {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  let taken = 0;
  return async (name) => {
    const file = path.join(folder, `${String(++taken).padStart(2, "0")}-${name}.png`);
    // What fades or slides in is drawn as it ends.
    await page.screenshot({ path: file, animations: "disabled", caret: "initial" });
    return file;
  };
}

function exactText(label) {
  return new RegExp(`^\\s*${label.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\s*$`);
}

/** A row of the open list with exactly this label; icons before it do not count. */
function rowLabelled(page, label) {
  const exact = exactText(label);
  return quickInput(page)
    .locator(".monaco-list-row")
    .filter({ has: page.locator(".quick-input-list-row:first-child .label-name", { hasText: exact }) })
    .first();
}

async function shownLabels(page) {
  const labels = await quickInput(page)
    .locator(".monaco-list-row .quick-input-list-row:first-child .label-name")
    .allInnerTexts();
  return labels.map((label) => label.trim());
}

function inputTitled(page, title) {
  return quickInput(page).filter({ has: page.locator(".quick-input-title", { hasText: title }) });
}

async function waitForQuickInput(page, title) {
  const box = quickInput(page);
  if (await appears(title === undefined ? box : inputTitled(page, title), PATIENCE_MS)) return;
  const shown = (await box.count()) > 0 ? await box.innerText() : "no input at all";
  throw new Error(`Waited for the input “${title ?? ""}”; there was: ${shown}`);
}

/** Waits until the input of this title has gone, or says why it did not take the answer. */
async function waitUntilAnswered(page, title, answer) {
  if (title === undefined) return;
  const box = inputTitled(page, title);
  try {
    await box.waitFor({ state: "hidden", timeout: 10_000 });
  } catch (cause) {
    throw new Error(`“${title}” did not take “${answer}”: ${await box.innerText()}`, { cause });
  }
}

/** Whether it becomes visible within so many milliseconds. */
async function appears(locator, timeout) {
  return locator.waitFor({ timeout }).then(
    () => true,
    (error) => {
      if (error.name === "TimeoutError") return false;
      throw error;
    },
  );
}
