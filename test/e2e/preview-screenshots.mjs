// Takes pictures of a report with every verdict in the real preview: light, dark and high contrast.
//   node test/e2e/preview-screenshots.mjs [VSIX]      into out/preview/
import fs from "node:fs";
import path from "node:path";
import { openBrowser } from "./browser.mjs";
import { startServer } from "./code-server.mjs";
import * as ui from "./workbench-page.mjs";
import { copyWorkspace, root } from "./workspace.mjs";

const vsix = path.resolve(process.argv[2] ?? path.join(root, "deep-research.vsix"));

const THEMES = {
  light: "Default Light Modern",
  dark: "Default Dark Modern",
  "high-contrast": "Default High Contrast",
  "high-contrast-light": "Default High Contrast Light",
};

const REPORT = `---
title: How parcels are found again
date: 2026-11-22
engine: gemini
depth: standard
session: 20261122-1015-parcels-7f3a
checked: 3 supported, 2 qualified, 1 not checked, 1 unsupported, 1 contradicted
---

# How parcels are found again

> **Question.** How does a crashed run find the parcels that it had taken on?

A run writes each parcel into the ledger before a courier is asked. [[1.1]](#source-1) [[1.2]](#source-1)
After a crash it continues from the ledger's last line, \`HANDED\` or not. [[1.2]](#source-1)
A courier who does not answer is asked three times at most. [[2.1]](#source-2) *(qualified: the second source says so of letters only)*

## What is written when

| what | when | who reads it |
|---|---|---|
| \`TAKEN\` | before the courier is asked | the next run [[1.1]](#source-1) |
| \`HANDED\` | when the courier signs | the accounts, and the sender's page [[1.3]](#source-1) *(qualified: the accounts read it weekly)* |

## Where the sources disagree

The ledger is kept for thirty days, and the guide of 2008 keeps it for ever. [[1.3]](#source-1) [[2.1]](#source-2) *(contradicted: source 1 says ninety days)*
No ledger was ever lost. [[1.1]](#source-1) *(unsupported: the quote does not speak of losses)*

## What could not be settled

Other couriers keep such ledgers as well. [[3]](#source-3) *(not checked)*
A line that was edited by hand cites what is not there. [[2.7]](#source-2)

## Sources

### Source 1

[The ledger](../../docs/ledger.md#L3-L20), lines 3 to 20 at \`9f2c1d0\`, read on 2026-11-22.
[Snapshot](../sessions/20261122-1015-parcels-7f3a/sources/4be1c07a55d0e9aa.md), SHA-256 \`4be1c07a55d0e9aa4be1c07a55d0e9aa4be1c07a55d0e9aa4be1c07a55d0e9aa\`.

1. "Each parcel is written down before a courier is asked."
2. "The next run begins at the ledger's last line."
3. "HANDED is written when the courier signs."

### Source 2

[Guide for couriers, 2008](https://example.org/guide), read on 2026-11-22.

1. "A letter is offered three times."

### Source 3

Found with Google Search, not re-checkable: [example.org](https://example.org/x). Searches: "courier ledger".
`;

const workspace = copyWorkspace();
const folder = path.join(root, "out/preview");
fs.mkdirSync(folder, { recursive: true });
try {
  fs.mkdirSync(path.join(workspace.folder, "data/reports"), { recursive: true });
  fs.writeFileSync(path.join(workspace.folder, "data/reports/parcels.md"), REPORT);
  for (const [name, theme] of Object.entries(THEMES)) {
    const settings = {
      "workbench.colorTheme": theme,
      "workbench.editorAssociations": { "*.md": "vscode.markdown.preview.editor" },
    };
    const server = await startServer({ vsix, settings });
    const browser = await openBrowser({ width: 1000, height: 1000 });
    try {
      await ui.openWorkbench(browser.page, server.address, workspace.folder);
      await ui.runCommand(browser.page, "View: Close Primary Side Bar");
      await browser.page.keyboard.press("ControlOrMeta+p");
      await browser.page.locator(".quick-input-widget:visible input").fill("parcels.md");
      await browser.page.locator(".quick-input-widget:visible .monaco-list-row.focused").waitFor();
      await browser.page.keyboard.press("Enter");
      await ui.readPreview(browser.page, "courier ledger");
      const file = path.join(folder, `${name}.png`);
      await browser.page.screenshot({ path: file, animations: "disabled" });
      console.log(path.relative(root, file));
    } finally {
      await browser.close();
      server.stop();
    }
  }
} finally {
  workspace.remove();
}
