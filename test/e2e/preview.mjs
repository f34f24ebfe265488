// Opens hostile reports in the real Markdown preview, with the packaged extension: nothing may be asked for, and each
// must be readable to its end. Prints one line of JSON: kinds, leakedWithout (with --without), leaked, broken.
//   node test/e2e/preview.mjs [VSIX] [--together N] [--without] [--only KIND] [--view]
// --view opens them in the report view instead, with the kinds that attack it.
// --together puts so many kinds into one report, to be quick. --without also opens the same texts as plain notes, each
// alone, to tell how many would ask for something without us.
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import built from "../../out/fakes/hostile-reports.js";
import builtForView from "../../out/fakes/hostile-view-reports.js";
import { openBrowser } from "./browser.mjs";
import { startServer } from "./code-server.mjs";
import * as ui from "./workbench-page.mjs";
import { copyWorkspace, root } from "./workspace.mjs";

const { hostileReports } = built;
const { hostileViewReports } = builtForView;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    together: { type: "string" },
    without: { type: "boolean" },
    only: { type: "string" },
    view: { type: "boolean" },
  },
});
const vsix = path.resolve(positionals[0] ?? path.join(root, "deep-research.vsix"));

/** Every file opens in a preview of its own, without an editor: one that breaks cannot spoil the next. */
const SETTINGS = {
  "workbench.editorAssociations": {
    "*.md": values.view === true ? "deepResearch.report" : "vscode.markdown.preview.editor",
  },
  "deepResearch.reportOutputPath": "./answers",
  // Reports that somebody else wrote lie in folders that nobody trusts.
  "security.workspace.trust.enabled": true,
  "security.workspace.trust.startupPrompt": "never",
};

/** What a report asks for it asks for at once; this long is waited behind its last sentence. */
const SETTLE_MS = 120;

/** Listens on 127.0.0.1, and notes what is asked of it. */
async function startCanary() {
  const asked = [];
  const server = http.createServer((request, response) => {
    asked.push(`${request.headers.host ?? ""}${request.url ?? ""}`);
    response.writeHead(200, { "access-control-allow-origin": "*" }).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { asked, port, stop };
}

/** Opens a file in its preview. @returns {Promise<boolean>} whether its end can be read within so long */
async function canBeRead(page, file, end, within) {
  // A preview that went elsewhere would swallow the keys.
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("ControlOrMeta+p");
  const input = page.locator(".quick-input-widget:visible input");
  await input.fill(file);
  const row = page.locator(".quick-input-widget:visible .monaco-list-row.focused");
  await row.filter({ hasText: path.basename(file) }).waitFor();
  await page.keyboard.press("Enter");
  const shown = ui.preview(page).locator("body").getByText(end).last();
  return shown.waitFor({ timeout: within }).then(
    () => true,
    () => false,
  );
}

/** Holds that a citation is a chip in our style, and leads to a heading that is there. */
async function seesChip(page) {
  const chip = ui.preview(page).locator("a.deep-research-chip.deep-research-supported").first();
  // The style sheet may come after the text. Without it the wait ends with an error.
  await chip.evaluate(async (element) => {
    const isStyled = () => globalThis.getComputedStyle(element).display === "inline-block";
    for (let tries = 0; !isStyled(); tries++) {
      if (tries > 100) throw new Error("A citation is not shown as a chip.");
      await new Promise((resolve) => globalThis.setTimeout(resolve, 50));
    }
  });
  assert.equal(
    await ui
      .preview(page)
      .locator(`h3${await chip.getAttribute("href")}`)
      .count(),
    1,
  );
}

/**
 * Opens each report.
 * @returns {Promise<{ leaked: string[], broken: string[], asked: string[], seconds: number }>} kinds, and addresses
 */
async function openAll({ page, outbound }, canary, reports, patience) {
  const began = performance.now();
  outbound.length = canary.asked.length = 0;
  const broken = [];
  for (const { folder, name, kinds, end } of reports) {
    if (!(await canBeRead(page, `${folder}/${fileName(name)}`, end, patience))) broken.push(...kinds);
    // What is left open takes in the list of sources, as text.
    else if (values.view !== true && folder !== "notes" && !name.endsWith("unclosed")) await seesChip(page);
    await wait(SETTLE_MS);
  }
  // What comes late.
  await wait(1_000);
  const asked = [...outbound, ...canary.asked];
  const leaked = reports
    .flatMap(({ kinds }) => kinds)
    .filter((kind) => asked.some((address) => new RegExp(`/${kind}(?:[^a-z-]|-\\d|$)`).test(address)));
  return { leaked, broken, asked, seconds: Math.round((performance.now() - began) / 1_000) };
}

/** The view shows the title first, all at once, and nothing that stands behind the sources; or it shows no report. */
function endInView({ kinds: [first] }) {
  return new RegExp(`^${first}$|cannot be shown as a report`);
}

function fileName(name) {
  return `${name.slice(0, 60)}.md`;
}

async function main() {
  const canary = await startCanary();
  const workspace = copyWorkspace();
  let server, browser;
  try {
    const bases = [`https://canary.test`, `http://canary.test`, `http://127.0.0.1:${canary.port}`];
    const wanted = ({ kinds }) => values.only === undefined || kinds.includes(values.only);
    const together = Number(values.together ?? 1);
    // Half of them are reports by their front matter, the others by their folder.
    const viewKinds = values.view === true ? hostileViewReports(bases) : [];
    const byFolder = hostileReports(bases, { together, ours: false });
    const reports = hostileReports(bases, { together })
      .map((report, at) => ({
        folder: "elsewhere",
        // The view shows what has the front matter of a report.
        ...(at % 2 === 0 || values.view === true ? report : { ...byFolder[at], folder: "answers" }),
      }))
      .map((report) => (values.view === true ? { ...report, end: endInView(report) } : report))
      .concat(viewKinds.map((report) => ({ folder: "elsewhere", ...report })))
      .filter(wanted);
    const notes = hostileReports(bases, { ours: false })
      .map((note) => ({ ...note, folder: "notes" }))
      .filter(wanted);
    for (const { folder, name, markdown } of [...reports, ...notes]) {
      fs.mkdirSync(path.join(workspace.folder, folder), { recursive: true });
      fs.writeFileSync(path.join(workspace.folder, folder, fileName(name)), markdown);
    }
    server = await startServer({ vsix, settings: SETTINGS });
    browser = await openBrowser();
    await ui.openWorkbench(browser.page, server.address, workspace.folder);
    const found = await openAll(browser, canary, reports, 10_000);
    const without = values.without === true ? await openAll(browser, canary, notes, 2_000) : undefined;
    const figures = {
      kinds: notes.length + viewKinds.length,
      leakedWithout: without?.leaked.length ?? null,
      leaked: found.leaked.length,
      broken: found.broken.length,
      brokenWithout: without?.broken.length ?? null,
      requests: found.asked.length,
      seconds: found.seconds,
    };
    console.log(JSON.stringify(figures));
    for (const kind of found.leaked) console.log(`  ✘ ${kind} asked for something`);
    for (const kind of found.broken) console.log(`  ✘ ${kind} cannot be read to its end`);
    for (const address of found.asked) console.log(`  ✘ Asked for: ${address}`);
    if (without !== undefined) {
      console.log(`  Without us these ask: ${without.leaked.join(" ")}`);
      console.log(`  Without us these cannot be read: ${without.broken.join(" ")}`);
    }
    if (found.asked.length + found.broken.length > 0) process.exitCode = 1;
  } finally {
    await browser?.close();
    server?.stop();
    canary.stop();
    workspace.remove();
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
