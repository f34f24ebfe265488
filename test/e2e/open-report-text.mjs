// Reports in the text editor, wherever they were opened before.
import * as ui from "./workbench-page.mjs";

/**
 * Opens a report in the text editor. VS Code opens a file by its name as it was opened last, which may be our view.
 * @param {import("playwright-core").Page} page
 * @param {string} name of the file
 */
export async function openReportText(page, name) {
  await ui.chooseFile(page, name);
  const line = page.locator(`.editor-instance[aria-label*="${name}"] .view-line`).first();
  const toText = ui.preview(page).getByRole("button", { name: "Markdown", exact: true });
  const isText = await Promise.race([line.waitFor().then(() => true), toText.waitFor().then(() => false)]);
  if (isText) return;
  await toText.click();
  await line.waitFor();
}
