// How long the packaged extension takes to activate, by the real workbench's own clocks, in each of several windows in
// which a command of ours is run for the first time. Prints a JSON list of milliseconds:
//   own     from just before our code is loaded to its end, and the same of activate(): the extension host's marks
//   shown   what "Show Running Extensions" says, whose clock runs while other extensions are loaded before ours
//   node test/e2e/activation.mjs [WINDOWS]
import path from "node:path";
import { openBrowser } from "./browser.mjs";
import { startServer } from "./code-server.mjs";
import * as ui from "./workbench-page.mjs";
import { copyWorkspace, root } from "./workspace.mjs";

const windows = Number(process.argv[2] ?? 3);
/** So tall that the list of running extensions, slowest first, is on the screen as a whole; and so that all marks are. */
const LIST = { width: 1280, height: 3000 };
const MARKS = { width: 1280, height: 40_000 };
const ID = "deep-research.deep-research";

async function main() {
  const workspace = copyWorkspace();
  let server, browser;
  try {
    server = await startServer({ vsix: path.join(root, "deep-research.vsix") });
    browser = await openBrowser(LIST);
    const took = [];
    for (let n = 0; n < windows; n++)
      took.push(await activation(browser.page, server.address, workspace.folder));
    console.log(JSON.stringify(took));
  } finally {
    await browser?.close();
    server?.stop();
    workspace.remove();
  }
}

/** Each window has an extension host of its own, in which nothing of ours has been loaded yet. */
async function activation(page, address, folder) {
  await page.setViewportSize(LIST);
  await ui.openWorkbench(page, address, folder);
  await ui.runCommand(page, "Deep Research: Show Log");
  await ui.readOutput(page, "");
  await ui.runCommand(page, "Developer: Show Running Extensions");
  const row = page.locator(".runtime-extensions-editor .extension", { hasText: /^Deep Research/ });
  const text = await row.locator(".activation-time").first().innerText();
  const [, shown] = /Activation: (\d+)ms/.exec(text) ?? [];
  if (shown === undefined) throw new Error(`The workbench says of our activation: ${text}`);
  return { own: (await ownMarks(page)) ?? Number(shown), shown: Number(shown) };
}

/**
 * Milliseconds between the extension host's marks before and after each of the two, as far as it has told its marks:
 * it does so once, early on. What comes later comes when no other extension is loaded any more.
 */
async function ownMarks(page) {
  await ui.runCommand(page, "Developer: Startup Performance");
  await page.setViewportSize(MARKS);
  const editor = page.locator(".editor-instance .view-line");
  await editor.filter({ hasText: "code/extHost/ready" }).first().waitFor();
  const marks = (await editor.filter({ hasText: ID }).allInnerTexts()).join("\n");
  const at = (mark) => Number(new RegExp(`/${mark}/${ID}\\s+(\\d+)`).exec(marks)?.[1]);
  const took = ["LoadExtensionCode", "ActivateExtension"].map((step) => at(`did${step}`) - at(`will${step}`));
  const sum = took.reduce((all, each) => all + each, 0);
  return Number.isNaN(sum) ? null : sum;
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
