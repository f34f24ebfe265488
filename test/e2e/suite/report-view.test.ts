import assert from "node:assert/strict";
import path from "node:path";
import * as vscode from "vscode";
import { command } from "./call-command.js";

/* Where reports and runs open, and that nothing takes the focus. */

interface Result {
  session: string;
  status: string;
  report: string | null;
}

const VIEW = "deepResearch.report";
const QUESTION = { question: "How does a crashed run continue?", depth: "quick" };

const folder = (): vscode.Uri => {
  const first = vscode.workspace.workspaceFolders?.[0];
  assert.ok(first !== undefined, "the workspace is open");
  return first.uri;
};
const allTabs = (): vscode.Tab[] => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
const views = (): { file: string; column: vscode.ViewColumn }[] =>
  allTabs().flatMap(({ input, group }) =>
    input instanceof vscode.TabInputCustom && input.viewType === VIEW
      ? [{ file: input.uri.fsPath, column: group.viewColumn }]
      : [],
  );
const runViews = (): vscode.Tab[] =>
  allTabs().filter(
    ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith("deepResearch.run"),
  );
const closeAll = (): Thenable<unknown> => vscode.commands.executeCommand("workbench.action.closeAllEditors");

async function waitFor(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 150)
      throw new Error(
        `Waited for ${what} in vain: ${allTabs()
          .map(({ label }) => label)
          .join(" | ")}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function openReadme(): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder(), "README.md"));
  return vscode.window.showTextDocument(document, vscode.ViewColumn.One);
}

describe("the report view", () => {
  beforeEach(closeAll);
  after(async () => {
    await closeAll();
  });

  it("shows a run beside the editor, then its report, and leaves the focus where it is", async () => {
    const editor = await openReadme();
    let sawRun = false;
    const listener = vscode.window.tabGroups.onDidChangeTabs(() => {
      sawRun ||= runViews().some(({ group }) => group.viewColumn !== vscode.ViewColumn.One);
    });
    const { report } = await command<Result>("research", QUESTION);
    listener.dispose();
    assert.ok(sawRun, "the run was shown in another column");
    const file = path.join(folder().fsPath, report ?? "");
    await waitFor("the report", () => views().some((view) => view.file === file));
    await waitFor("the run's view to go", () => runViews().length === 0);
    assert.deepEqual(views(), [{ file, column: vscode.ViewColumn.Two }]);
    assert.equal(vscode.window.tabGroups.activeTabGroup.viewColumn, vscode.ViewColumn.One);
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, editor.document.uri.fsPath);
  });

  it("makes no third column, and opens no report twice", async () => {
    await openReadme();
    const { session } = await command<Result>("research", QUESTION);
    await openReadme();
    await command<Result>("resume", session);
    await waitFor("the report", () => views().length === 1);
    await command("openReport", session);
    await command("openLastReport");
    await waitFor(
      "its column",
      () => vscode.window.tabGroups.activeTabGroup.viewColumn === vscode.ViewColumn.Two,
    );
    assert.equal(views().length, 1);
    assert.equal(vscode.window.tabGroups.all.length, 2);
  });

  it("opens in the active group where no text is open", async () => {
    await command<Result>("research", QUESTION);
    await waitFor("the report", () => views().length === 1);
    assert.equal(vscode.window.tabGroups.all.length, 1);
  });

  it("is what commands on the active report act on", async () => {
    await command<Result>("research", QUESTION);
    await waitFor("the report", () => views().length === 1);
    await command("openLastReport");
    const result = await command<{ ok: boolean; citations: number }>("verifyReport");
    assert.equal(result.ok, true);
    assert.ok(result.citations > 0);
  });

  it("opens from the text editor's title, and a note without taking it for a report", async () => {
    const { report } = await command<Result>("research", QUESTION);
    await closeAll();
    const uri = vscode.Uri.joinPath(folder(), report ?? "");
    await vscode.window.showTextDocument(uri);
    await command("openReport", uri);
    await waitFor("the report", () => views().some(({ file }) => file === uri.fsPath));
    const note = vscode.Uri.joinPath(folder(), "README.md");
    await vscode.commands.executeCommand("vscode.openWith", note, VIEW);
    await waitFor("the note", () => views().some(({ file }) => file === note.fsPath));
  });

  it("stays open after a run that found nothing, until the next run", async () => {
    const { report, status } = await command<Result>("research", {
      question: "Which zebra composes quarterly sonnets?",
    });
    assert.equal(status, "failed");
    assert.equal(report, null);
    await waitFor("the view of the run", () => runViews().length === 1);
    await command<Result>("research", QUESTION);
    await waitFor("the report", () => views().length === 1);
    await waitFor("the run's view to go", () => runViews().length === 0);
  });
});
