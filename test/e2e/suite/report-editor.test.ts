import assert from "node:assert/strict";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { command } from "./call-command.js";

interface Result {
  session: string;
  report: string | null;
}

const SOURCE = "docs/retries.md";

const folder = (): string => {
  const first = vscode.workspace.workspaceFolders?.[0];
  assert.ok(first !== undefined, "the workspace is open");
  return first.uri.fsPath;
};
const inFolder = (name: string): string => path.join(folder(), name);
const run = <T>(name: string, ...args: unknown[]): Thenable<T> =>
  name.startsWith("deepResearch.")
    ? command<T>(name.replace("deepResearch.", ""), ...args)
    : vscode.commands.executeCommand<T>(name, ...args);

async function waitFor<T>(what: string, find: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 150; tries++) {
    const found = await find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Waited for ${what} in vain.`);
}

describe("a report in the editor", () => {
  let uri: vscode.Uri;
  let document: vscode.TextDocument;
  let sound: string;
  let source: string;
  let session: string;

  before(async () => {
    source = readFileSync(inFolder(SOURCE), "utf8");
    const result = await run<Result>("deepResearch.research", {
      question: "How does a crashed run continue, and how often is a courier asked?",
    });
    session = result.session;
    uri = vscode.Uri.file(inFolder(result.report ?? ""));
    sound = readFileSync(uri.fsPath, "utf8");
    document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
  });
  afterEach(async () => {
    writeFileSync(inFolder(SOURCE), source);
    await put(sound);
    await document.save();
  });

  /** Makes the open report say this. */
  async function put(text: string): Promise<void> {
    if (document.getText() === text) return;
    const edit = new vscode.WorkspaceEdit();
    edit.replace(uri, new vscode.Range(0, 0, document.lineCount, 0), text);
    await vscode.workspace.applyEdit(edit);
  }
  const position = (text: string, inside = 1): vscode.Position => {
    const at = document.getText().indexOf(text);
    assert.ok(at >= 0, `the report has “${text}”`);
    return document.positionAt(at + inside);
  };
  const ours = (): vscode.Diagnostic[] =>
    vscode.languages.getDiagnostics(uri).filter(({ source: from }) => from === "Deep Research");
  const diagnostic = (code: string): Promise<vscode.Diagnostic> =>
    waitFor(`the diagnostic “${code}”`, () => ours().find((each) => each.code === code));
  const fixes = (at: vscode.Diagnostic): Thenable<vscode.CodeAction[]> =>
    run<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      uri,
      at.range,
      vscode.CodeActionKind.QuickFix.value,
    );
  const fix = async (at: vscode.Diagnostic, title: string): Promise<vscode.CodeAction> => {
    const offered = await fixes(at);
    const found = offered.find((each) => each.title.startsWith(title));
    assert.ok(found !== undefined, `“${title}” is among: ${offered.map((each) => each.title).join(" | ")}`);
    return found;
  };
  const quiet = async (): Promise<void> => {
    await waitFor("the diagnostics to go", () => (ours().length === 0 ? true : undefined)).catch(() => {
      assert.fail(
        `They stay: ${ours()
          .map(({ message }) => message)
          .join(" | ")}\n${document.getText()}`,
      );
    });
  };
  const firstQuote = (): string => /^1\. "(.*)"$/m.exec(sound)?.[1] ?? "";
  const firstSentence = (): string => /^(.*) \[\[\d/m.exec(sound.slice(sound.indexOf("\n# ")))?.[1] ?? "";

  it("shows at a citation its quote, its source and the ways there", async () => {
    const [hover] = await run<vscode.Hover[]>("vscode.executeHoverProvider", uri, position("[[1.1]]", 3));
    const texts = hover?.contents.filter((each) => each instanceof vscode.MarkdownString) ?? [];
    const text = texts.map(({ value }) => value).join("\n");
    assert.match(text, /✓ 1\\\.1\*\* — supported/);
    assert.ok(text.includes(firstQuote()), text);
    assert.match(text, /read on/);
    for (const way of ["entry", "snapshot", "file"])
      assert.ok(text.includes(encodeURIComponent(`"at":"${way}"`)), way);
    for (const { isTrusted, supportHtml, supportThemeIcons } of texts) {
      assert.equal(supportHtml ?? false, false);
      assert.equal(supportThemeIcons ?? false, false);
      if (typeof isTrusted === "object")
        assert.deepEqual(isTrusted.enabledCommands, ["deepResearch.openCitation"]);
      else assert.equal(isTrusted ?? false, false);
    }
  });

  it("lets nothing that a quote or a title holds become a link, a command or HTML", async () => {
    const evil = "[a](command:workbench.action.quit) <img src=x> https://evil.example $(alert) ``` **b**";
    await put(
      sound
        .replace(`1. "${firstQuote()}"`, `1. "${evil}"`)
        .replace(/^\[[^[\]]+\]/m, "[T $(alert) <b>x</b> https\\://evil.example]"),
    );
    const [hover] = await run<vscode.Hover[]>("vscode.executeHoverProvider", uri, position("[[1.1]]", 3));
    const texts = hover?.contents.filter((each) => each instanceof vscode.MarkdownString) ?? [];
    const quote = texts.find(({ value }) => value.includes("workbench.action.quit"));
    assert.equal(quote?.isTrusted ?? false, false);
    // Longer than the fence in the quote.
    assert.match(quote?.value ?? "", /````plaintext\n.*workbench\.action\.quit.*\n````/);
    assert.match(quote?.value ?? "", /T \\\$\\\(alert\\\) \\<b\\>x/);
  });

  it("goes from a citation to its quote, and from there to the file and the snapshot", async () => {
    const [entry] = await run<vscode.LocationLink[]>(
      "vscode.executeDefinitionProvider",
      uri,
      position("[[1.1]]", 3),
    );
    assert.ok(entry !== undefined);
    assert.equal(entry.targetUri.toString(), uri.toString());
    assert.equal(document.getText(entry.targetSelectionRange), firstQuote());
    const targets = await run<vscode.LocationLink[]>(
      "vscode.executeDefinitionProvider",
      uri,
      position('1. "', 6),
    );
    assert.deepEqual(targets.map(({ targetUri }) => targetUri.scheme).sort(), [
      "deep-research-snapshot",
      "file",
    ]);
    for (const { targetUri, targetRange } of targets) {
      const target = await vscode.workspace.openTextDocument(targetUri);
      assert.equal(target.getText(targetRange).replace(/\s+/g, " "), firstQuote());
    }
    // On the target of a link, VS Code's own Markdown goes, and goes alone.
    const own = await run<unknown[]>("vscode.executeDefinitionProvider", uri, position("(#source-1)", 3));
    assert.equal(own.length, 1);
  });

  it("links a page's quote to the live page at the quote", async () => {
    const page =
      '### Source 9\n\n[A page](https://example.org/a), read on 2026-11-22.\n\n1. "Moss moves on ice, slowly."\n2. "It does."';
    await put(`${sound}\n${page}\n`);
    const links = await run<vscode.DocumentLink[]>("vscode.executeLinkProvider", uri);
    const targets = links
      .map(({ target }) => target?.toString(true) ?? "")
      .filter((each) => each.includes(":~:text="));
    assert.deepEqual(targets, [
      "https://example.org/a#:~:text=Moss moves on ice",
      "https://example.org/a#:~:text=It does.",
    ]);
  });

  it("finds every sentence that cites a quote", async () => {
    const twice = `${firstSentence()} [[1.1]](#source-1)\n`;
    await put(sound.replace("## Sources", `${twice}\n## Sources`));
    const found = await run<vscode.Location[]>("vscode.executeReferenceProvider", uri, position('1. "', 6));
    const lines = found
      .map(({ range }) => document.lineAt(range.start.line).text)
      .filter((line) => line.includes("[[1.1]]"));
    assert.equal(lines.length, 2);
  });

  it("opens the snapshot as a document that cannot be edited, with the quote selected", async () => {
    await run("deepResearch.openCitation", { report: uri.toString(), n: "1.1", at: "snapshot" });
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor !== undefined);
    assert.equal(editor.document.uri.scheme, "deep-research-snapshot");
    assert.equal(editor.document.getText(editor.selection).replace(/\s+/g, " "), firstQuote());
    assert.doesNotMatch(editor.document.getText(), /^---\nsource:/);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(editor.document.uri, new vscode.Position(0, 0), "x");
    await vscode.workspace.applyEdit(edit).then(undefined, () => false);
    assert.equal(editor.document.isDirty, false);
    await run("deepResearch.openCitation", { report: uri.toString(), n: "1.1", at: "file" });
    assert.equal(vscode.window.activeTextEditor?.document.uri.scheme, "file");
    assert.match(vscode.window.activeTextEditor.document.uri.path, /docs\/|src\/|README/);
    await run("deepResearch.openCitation", { report: uri.toString(), n: "1.1", at: "entry" });
    assert.equal(vscode.window.activeTextEditor.document.uri.toString(), uri.toString());
  });

  it("shows above the title how the citations stand, and what can be done", async () => {
    const lenses = await run<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri, 20);
    const titles = lenses.map(({ command }) => command?.title ?? "");
    const title = document
      .getText()
      .split("\n")
      .findIndex((line) => line.startsWith("# "));
    assert.ok(lenses.every(({ range }) => range.start.line === title));
    assert.match(
      titles.join(" | "),
      /^\$\(pass\)\s(\d+) of \1 citations verified \| Verify \| (?:Refresh \| )?\d+ sources?$/,
    );
    const manifest = vscode.extensions.getExtension("deep-research.deep-research")?.packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    const refreshes = manifest.contributes.commands.some(
      ({ command }) => command === "deepResearch.refreshReport",
    );
    assert.equal(titles.includes("Refresh"), refreshes);
  });

  it("says nothing of a sound report, nor of Markdown that is none of ours", async () => {
    await run("vscode.executeCodeLensProvider", uri);
    assert.deepEqual(
      ours().map(({ message }) => message),
      [],
    );
    const other = await vscode.workspace.openTextDocument(inFolder("README.md"));
    assert.deepEqual(vscode.languages.getDiagnostics(other.uri), []);
    assert.deepEqual(await run("vscode.executeCodeLensProvider", other.uri), []);
  });

  it("marks a quote that is not in its snapshot, and removes the mark in one step", async () => {
    await put(sound.replace('1. "', '1. "Never '));
    const found = await diagnostic("not-in-snapshot");
    assert.equal(found.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(document.getText(found.range), "[[1.1]](#source-1)");
    assert.match(found.relatedInformation?.[0]?.message ?? "", /quote/);
    const before = document.getText();
    const { edit } = await fix(found, "Remove citation [[1.1]]");
    assert.ok(edit !== undefined);
    await vscode.workspace.applyEdit(edit);
    assert.equal(
      document.getText(),
      before
        .replace(/ \[\[1\.1\]\]\(#source-1\)/, "")
        .replace(/^checked: \d+/m, (line) => line.replace(/\d+/, (n) => `${Number(n) - 1}`)),
    );
    await vscode.window.showTextDocument(document);
    await run("undo");
    assert.equal(document.getText(), before);
  });

  it("tells what a file of the workspace no longer says, and where a quote moved", async () => {
    const file = /\]\(\.\.\/\.\.\/([^)#]+)/.exec(sound)?.[1] ?? "";
    const before = readFileSync(inFolder(file), "utf8");
    try {
      writeFileSync(inFolder(file), `${"\n".repeat(60)}${before}`);
      const moved = await diagnostic("moved");
      assert.equal(moved.severity, vscode.DiagnosticSeverity.Information);
      assert.match(moved.message, /is now at line \d+ of/);
      writeFileSync(inFolder(file), "# Something else\n\nNothing of it is left.\n");
      const changed = await diagnostic("changed");
      assert.equal(changed.severity, vscode.DiagnosticSeverity.Warning);
      assert.match(document.getText(changed.range), /^\[\[\d/);
    } finally {
      writeFileSync(inFolder(file), before);
    }
    await quiet();
  });

  it("tells that a whole folder is gone, and that it is back", async () => {
    const docs = path.dirname(inFolder(SOURCE));
    renameSync(docs, `${docs}.away`);
    try {
      await diagnostic("gone");
    } finally {
      renameSync(`${docs}.away`, docs);
    }
    await quiet();
  });

  it("tells a missing snapshot", async () => {
    const link = /\[Snapshot\]\(([^)]+)\)/.exec(sound)?.[1] ?? "";
    const snapshot = path.resolve(path.dirname(uri.fsPath), link);
    renameSync(snapshot, `${snapshot}.away`);
    try {
      const found = await diagnostic("snapshot-missing");
      assert.equal(found.severity, vscode.DiagnosticSeverity.Error);
      assert.match(document.getText(found.range), /^\[Snapshot\]/);
    } finally {
      renameSync(`${snapshot}.away`, snapshot);
    }
    await quiet();
  });

  it("checks an edited sentence again, marks what does not stand, and keeps the state in the session", async () => {
    const sentence = firstSentence();
    const edited = sentence.replace(/\.$/, ", in green ink on Wednesdays by a heron.");
    await put(sound.replace(sentence, edited));
    // One finding for one edit: its missing facts say more than that it was edited.
    const found = await diagnostic("facts");
    assert.equal(document.getText(found.range), edited);
    assert.ok(!ours().some(({ code }) => code === "edited"));
    const { command } = await fix(found, "Verify again");
    assert.ok(command !== undefined);
    await run(command.command, ...((command.arguments ?? []) as unknown[]));
    await waitFor("the mark", () =>
      / \*\((?:unsupported|qualified)/.test(document.getText()) ? true : undefined,
    );
    await waitFor("the diagnostic to go", () =>
      ours().some(({ code }) => code === "edited") ? undefined : true,
    );
    assert.match(document.getText(), /^checked: .*1 (?:unsupported|qualified)/m);
    const journal = readFileSync(path.join(folder(), "data/sessions", session, "journal.jsonl"), "utf8")
      .trim()
      .split("\n");
    assert.match(journal.at(-2) ?? "", /^\{"type":"written"/);
    assert.match(journal.at(-1) ?? "", /^\{"type":"ended"/);
    // One undo takes the mark away again, and then the report no longer says what the check did.
    await vscode.window.showTextDocument(document);
    await run("undo");
    assert.equal(document.getText(), sound.replace(sentence, edited));
    await diagnostic("unmarked");
  });

  it("finds a source for a claim that cites nothing, and cites it", async () => {
    await put(
      sound.replace(
        firstSentence(),
        `When a courier does not answer, Harbour asks again after 5 seconds, then after 25, and gives up after three tries.\n${firstSentence()}`,
      ),
    );
    const found = await diagnostic("uncited");
    assert.equal(found.severity, vscode.DiagnosticSeverity.Information);
    assert.deepEqual(
      (await fixes(found)).map(({ title }) => title),
      // The sentence was added since the report was written, which is told, too.
      ["Look for a source…", "Verify again"],
    );
    const { command } = await fix(found, "Look for a source");
    const looking = run<string>(command?.command ?? "", ...((command?.arguments ?? []) as unknown[]));
    // The best candidate stands first.
    for (let tries = 0; tries < 50 && !document.getText().includes("three tries. [["); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      await run("workbench.action.acceptSelectedQuickOpenItem");
    }
    const n = await looking;
    assert.match(n, /^\d+\.\d+$/);
    const line =
      document
        .getText()
        .split("\n")
        .find((each) => each.startsWith("When a courier")) ?? "";
    assert.ok(line.includes(`[[${n}]](#source-${n.split(".")[0] ?? ""})`), line);
    assert.doesNotMatch(line, /\*\(/);
    await quiet();
    await vscode.window.showTextDocument(document);
    await run("undo");
    assert.doesNotMatch(document.getText(), /three tries\. \[\[/);
  });

  it("forgets its diagnostics when the report is closed or is none any more", async () => {
    await put(sound.replace('1. "', '1. "Never '));
    await diagnostic("not-in-snapshot");
    await put("# Notes\n");
    await quiet();
  });
});
