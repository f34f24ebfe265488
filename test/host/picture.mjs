// Takes the README's picture: a real report on this repository, in the real preview.
//   npm run picture
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openBrowser } from "./browser.mjs";
import { startServer } from "./server.mjs";
import * as ui from "./ui.mjs";
import { root } from "./workspace.mjs";

const QUESTION = "How does a killed session continue?";

const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "deep-research-p-"));
const folder = path.join(temporary, "deep-research");
let server, browser;
try {
  execFileSync("git", ["clone", "--quiet", root, folder]);
  server = await startServer({ vsix: path.join(root, "deep-research.vsix") });
  browser = await openBrowser({ width: 1280, height: 860 });
  const { page } = browser;
  await ui.openWorkbench(page, server.address, folder);
  await ui.runCommand(page, "Deep Research: Research…");
  await ui.answerInputBox(page, QUESTION, { title: "(1 of 3)" });
  await ui.pick(page, "Standard", { title: "(2 of 3)" });
  await ui.pick(page, "This Workspace", { title: "(3 of 3)" });
  await ui.readPreview(page, "continues where its journal ends");
  await ui.runCommand(page, "View: Close Primary Side Bar");
  await page.screenshot({ path: path.join(root, "media/report.png") });
  console.log("media/report.png");
} finally {
  await browser?.close();
  server?.stop();
  fs.rmSync(temporary, { recursive: true, force: true });
}
