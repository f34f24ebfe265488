import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { command } from "./call-command.js";

interface Result {
  session: string;
  status: string;
  report: string | null;
  refresh?: { report: string; draft: string | null; changes: { claims: { reworded: unknown[] } } };
}

const folder = (): string => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
const uri = (file: string | null | undefined): vscode.Uri => vscode.Uri.file(path.join(folder(), file ?? ""));
const text = (file: string | null | undefined): string => readFileSync(uri(file).fsPath, "utf8");
const diffs = (): vscode.TabInputTextDiff[] =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .map(({ input }) => input)
    .filter((input) => input instanceof vscode.TabInputTextDiff);

const tabsOf = (file: string | null): vscode.Tab[] =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) =>
        (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) &&
        input.uri.fsPath === uri(file).fsPath,
    );

describe("a report in VS Code", () => {
  const file = "docs/pigeons.md";
  const FIRST = "A carrier pigeon flies home at 70 kilometres an hour. It rests after ten hours.\n";
  let made: Result;

  before(async () => {
    mkdirSync(path.dirname(uri(file).fsPath), { recursive: true });
    writeFileSync(uri(file).fsPath, `# Pigeons\n\n${FIRST}`);
    made = await command<Result>("research", {
      question: "How does a carrier pigeon fly home?",
      depth: "quick",
    });
    assert.match(text(made.report), /70 kilometres/);
  });
  after(async () => {
    rmSync(uri(file).fsPath);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  const refreshAfter = async (
    from: string,
    to: string,
    argument: unknown = uri(made.report),
  ): Promise<Result> => {
    writeFileSync(uri(file).fsPath, text(file).replace(from, to));
    return command<Result>("refreshReport", argument);
  };

  it("is left alone where nothing changed", async () => {
    const done = await command<Result>("refreshReport", uri(made.report));
    assert.deepEqual([done.status, done.refresh?.draft], ["done", null]);
    assert.equal(diffs().length, 0);
  });

  it("is shown beside the refreshed one, and replaced when that is accepted", async () => {
    const old = text(made.report);
    const done = await refreshAfter("70", "80");
    const draft = done.refresh?.draft ?? "";
    const [diff] = diffs();
    assert.deepEqual(
      [diff?.original.fsPath, diff?.modified.fsPath],
      [uri(made.report).fsPath, uri(draft).fsPath],
    );
    assert.equal(text(made.report), old);
    const cursor = vscode.window.activeTextEditor?.selection.active.line ?? 0;
    assert.match(
      text(draft).split("\n")[cursor] ?? "",
      /80 kilometres/,
      "the diff opens at the first change",
    );
    assert.equal(done.refresh?.changes.claims.reworded.length, 1);
    const listed = command<number | undefined>("showRefreshChanges", uri(draft));
    // The list has no event of its own: Enter is pressed until it is there to take it.
    const presses = setInterval(
      () => void vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem"),
      300,
    );
    const line = await listed;
    clearInterval(presses);
    assert.match(text(draft).split("\n")[line ?? 0] ?? "", /80 kilometres/);
    assert.deepEqual(vscode.languages.getDiagnostics(uri(draft)), []);
    // From the editor's title, which hands in what the editor shows.
    const accepted = await command<{ session: string; report: string }>("acceptRefresh", uri(draft));
    assert.deepEqual(accepted, { session: done.session, report: made.report });
    assert.match(text(made.report), /80 kilometres/);
    const shown = await vscode.workspace.openTextDocument(uri(made.report));
    assert.match(shown.getText(), /80 kilometres/);
    assert.equal(existsSync(uri(draft).fsPath), false);
    assert.equal(diffs().length, 0);
    assert.equal(tabsOf(made.report).length, 1, "the report has one tab");
    assert.equal((await command<{ ok: boolean }>("verifyReport", uri(made.report))).ok, true);
  });

  it("stays in its text tab when that is what was open", async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await vscode.window.showTextDocument(uri(made.report), { preview: false });
    const done = await refreshAfter("80", "85");
    await command("acceptRefresh", done.session);
    const tabs = tabsOf(made.report);
    assert.deepEqual([tabs.length, tabs[0]?.input instanceof vscode.TabInputText], [1, true]);
    await refreshAfter("85", "80").then(({ session }) => command("acceptRefresh", session));
  });

  it("stays when the refreshed one is discarded, by the session alone as after a reload", async () => {
    const done = await refreshAfter("80", "90");
    const draft = done.refresh?.draft;
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    const old = text(made.report);
    assert.equal((await command<{ session: string }>("discardRefresh", done.session)).session, done.session);
    assert.deepEqual([text(made.report), existsSync(uri(draft).fsPath)], [old, false]);
    // Nothing waits now: that is told, and nothing is done.
    assert.equal(await command("acceptRefresh", done.session), undefined);
  });

  it("goes on to the next question, from the session or from the report", async () => {
    const given = { question: "And when does it rest?", depth: "quick", scope: "offline" };
    const next = await command<Result>("followUp", made.session, given);
    assert.equal(next.status, "done");
    assert.match(text(next.report), /rests after ten hours/);
    const header = text(`data/sessions/${next.session}/journal.jsonl`).split("\n")[0] ?? "";
    assert.equal((JSON.parse(header) as { follows: string }).follows, made.session);
    const fromReport = await command<Result>("followUp", uri(next.report), given);
    const second = text(`data/sessions/${fromReport.session}/journal.jsonl`).split("\n")[0] ?? "";
    assert.equal((JSON.parse(second) as { follows: string }).follows, next.session);
  });

  it("gives its claims to other documents, with links that lead back, at each cursor, in one undo", async () => {
    const notes = "docs/deep/notes.md";
    mkdirSync(path.dirname(uri(notes).fsPath), { recursive: true });
    writeFileSync(uri(notes).fsPath, "one\ntwo\n");
    const editor = await vscode.window.showTextDocument(uri(notes));
    editor.selections = [0, 1].map((line) => new vscode.Selection(line, 3, line, 3));
    const inserted = await command<string>("insertClaim", "A carrier pigeon");
    const target = /\]\((\S+?)#source-1\)/.exec(inserted)?.[1] ?? "";
    assert.equal(
      path.resolve(path.dirname(uri(notes).fsPath), target).startsWith(uri("data/reports").fsPath),
      true,
    );
    assert.equal(existsSync(path.resolve(path.dirname(uri(notes).fsPath), target)), true);
    assert.equal(editor.document.getText(), `one${inserted}\ntwo${inserted}\n`);
    await vscode.commands.executeCommand("undo");
    assert.equal(editor.document.getText(), "one\ntwo\n");

    const code = await vscode.workspace.openTextDocument({ language: "typescript", content: "// " });
    const other = await vscode.window.showTextDocument(code);
    other.selection = new vscode.Selection(0, 3, 0, 3);
    await command("insertClaim", "A carrier pigeon");
    assert.match(code.getText(), /^\/\/ A carrier pigeon .* \(data\/reports\/\S+\.md, 1\.1\)$/);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");

    // A report is not written into.
    await vscode.window.showTextDocument(uri(made.report));
    const before = text(made.report);
    assert.equal(await command("insertClaim", "A carrier pigeon"), undefined);
    assert.equal(text(made.report), before);
  });
});
