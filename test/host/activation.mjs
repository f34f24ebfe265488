// How long the packaged extension takes to activate, by the real workbench's own clock: in each of several
// windows a command of ours is run for the first time, and "Show Running Extensions" tells what that took.
// Prints the milliseconds as a JSON list.
//   node test/host/activation.mjs [WINDOWS]
import path from "node:path";
import { openBrowser } from "./browser.mjs";
import { startServer } from "./server.mjs";
import * as ui from "./ui.mjs";
import { copyWorkspace, root } from "./workspace.mjs";

const windows = Number(process.argv[2] ?? 3);

async function main() {
  const workspace = copyWorkspace();
  let server, browser;
  try {
    server = await startServer({ vsix: path.join(root, "deep-research.vsix") });
    // So tall that the list of running extensions, slowest first, is on the screen as a whole.
    browser = await openBrowser({ height: 3000 });
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
  await ui.openWorkbench(page, address, folder);
  await ui.runCommand(page, "Deep Research: Show Log");
  await ui.readOutput(page, "");
  await ui.runCommand(page, "Developer: Show Running Extensions");
  const own = page.locator(".runtime-extensions-editor .extension", { hasText: /^Deep Research/ });
  const text = await own.locator(".activation-time").first().innerText();
  const [, milliseconds] = /Activation: (\d+)ms/.exec(text) ?? [];
  if (milliseconds === undefined) throw new Error(`The workbench says of our activation: ${text}`);
  return Number(milliseconds);
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
