// Takes pictures of the report view with every kind of state: light, dark, both kinds of high contrast, and narrow.
//   node test/e2e/report-view-screenshots.mjs [VSIX]      into out/report-view/
import fs from "node:fs";
import path from "node:path";
import { openBrowser } from "./browser.mjs";
import { startServer } from "./code-server.mjs";
import { writeMixedReport } from "./mixed-report.mjs";
import * as ui from "./workbench-page.mjs";
import { copyWorkspace, root } from "./workspace.mjs";

const vsix = path.resolve(process.argv[2] ?? path.join(root, "deep-research.vsix"));

const PICTURES = [
  { name: "light", theme: "Default Light Modern", width: 1280 },
  { name: "dark", theme: "Default Dark Modern", width: 1280 },
  { name: "high-contrast", theme: "Default High Contrast", width: 1280 },
  { name: "high-contrast-light", theme: "Default High Contrast Light", width: 1280 },
  { name: "narrow", theme: "Default Light Modern", width: 300 },
].filter(({ name }) => process.argv[3] === undefined || name === process.argv[3]);

const workspace = copyWorkspace();
const folder = path.join(root, "out/report-view");
fs.mkdirSync(folder, { recursive: true });
try {
  writeMixedReport(workspace.folder);
  for (const { name, theme, width } of PICTURES) {
    const server = await startServer({ vsix, settings: { "workbench.colorTheme": theme } });
    const browser = await openBrowser({ width: 1280, height: 1000 });
    const { page } = browser;
    const shoot = async (what) => {
      const file = path.join(folder, `${name}-${what}.png`);
      await page.screenshot({ path: file, animations: "disabled" });
      console.log(path.relative(root, file));
    };
    try {
      await ui.openWorkbench(page, server.address, workspace.folder);
      await ui.runCommand(page, "Deep Research: Open Last Report");
      await ui.readPreview(page, /\d+ of \d+ verified/);
      await ui.runCommand(page, "View: Close Primary Side Bar");
      await page.setViewportSize({ width, height: 1000 });
      await ui.preview(page).locator(".chip").first().waitFor();
      await shoot("top");
      const chip = ui.preview(page).locator(".chip").nth(1);
      await chip.hover();
      await ui.preview(page).locator(".card").waitFor();
      await shoot("card");
      await page.mouse.move(5, 5);
      await ui.preview(page).locator("#source-1").scrollIntoViewIfNeeded();
      await shoot("sources");
      await ui.preview(page).locator("textarea").scrollIntoViewIfNeeded();
      await shoot("follow-up");
    } finally {
      await browser.close();
      server.stop();
    }
  }
} finally {
  workspace.remove();
}
