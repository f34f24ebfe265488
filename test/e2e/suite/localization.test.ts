import assert from "node:assert/strict";
import * as vscode from "vscode";

/* The first minutes, in the extension host: what works without a folder's own reports, a key or a network. */

describe("the first minutes", () => {
  it("open a sample report in its view, which verifies", async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await vscode.commands.executeCommand("deepResearch.openSample");
    const isShown = (): boolean =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .some(
          ({ input }) =>
            input instanceof vscode.TabInputCustom &&
            input.viewType === "deepResearch.report" &&
            input.uri.path.includes("whose-worker-dies"),
        );
    for (let tries = 0; tries < 100 && !isShown(); tries++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(isShown());
    const result = await vscode.commands.executeCommand<{ ok: boolean; citations: number; since: unknown[] }>(
      "deepResearch.verifyReport",
      "sample",
    );
    assert.equal(result.ok, true);
    assert.ok(result.citations >= 6);
    assert.deepEqual(result.since, []);
  });

  it("open the walkthrough", async () => {
    await vscode.commands.executeCommand("deepResearch.getStarted");
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));
    assert.ok(
      tabs.some((label) => /Welcome|Get Started|Walkthrough/.test(label)),
      tabs.join(" | "),
    );
  });

  it("speak the language of the window", () => {
    // The suite's window is English: no bundle is loaded, and texts stay as they are written.
    assert.equal(vscode.env.language, "en");
    assert.equal(vscode.l10n.bundle, undefined);
  });
});
