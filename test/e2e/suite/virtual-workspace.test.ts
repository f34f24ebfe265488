import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { ProviderStore } from "../../../src/vscode/virtual/provider-store.js";
import { describeFileStore } from "../../fakes/file-store-contract.js";
import { command } from "./call-command.js";
import { MemoryFiles } from "./memory-files.js";

/*
 * A window whose folder is not on the disk but in memory. It has a window of its own: test/e2e/suite.mjs opens it with a
 * workspace file that names the folder.
 */

interface Result {
  session: string;
  status: string;
  report: string | null;
}
interface Verification {
  ok: boolean;
  citations: number;
}

const ROOT = vscode.Uri.parse("memory:/project");
const files = new MemoryFiles();
const isOpen = vscode.workspace.workspaceFolders?.[0]?.uri.scheme === ROOT.scheme;
const at = (name: string): vscode.Uri => vscode.Uri.joinPath(ROOT, name);
const readText = async (name: string): Promise<string> =>
  Buffer.from(await vscode.workspace.fs.readFile(at(name))).toString();
const namesIn = async (name: string): Promise<string[]> =>
  (await vscode.workspace.fs.readDirectory(at(name))).map(([each]) => each).sort();

/** Copies the fixture into memory. */
async function copyFixture(folder: string, to: vscode.Uri): Promise<void> {
  for (const name of readdirSync(folder)) {
    const [from, target] = [path.join(folder, name), vscode.Uri.joinPath(to, name)];
    if (statSync(from).isDirectory()) await copyFixture(from, target);
    else await vscode.workspace.fs.writeFile(target, readFileSync(from));
  }
}

(isOpen ? describe : describe.skip)("virtual workspaces", function () {
  this.timeout(120_000);
  let registered: vscode.Disposable;
  let result: Result;
  before(async () => {
    registered = vscode.workspace.registerFileSystemProvider(ROOT.scheme, files, { isCaseSensitive: true });
    const extension = vscode.extensions.getExtension("deep-research.deep-research");
    assert.ok(extension !== undefined);
    await copyFixture(path.join(extension.extensionPath, "test/e2e/workspace"), ROOT);
    result = await command<Result>("research", {
      question: "How does a crashed run continue?",
      depth: "quick",
      scope: "workspace",
    });
  });
  after(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    registered.dispose();
  });

  it("are what the extension says that it supports, in part", () => {
    const manifest = vscode.extensions.getExtension("deep-research.deep-research")?.packageJSON as {
      capabilities: { virtualWorkspaces: { supported: unknown } };
    };
    assert.equal(manifest.capabilities.virtualWorkspaces.supported, "limited");
  });

  it("have a question answered from their files, and hold the session and the report", async () => {
    assert.equal(result.status, "done", JSON.stringify(result));
    const markdown = await readText(result.report ?? "");
    assert.match(markdown, /^session: /m);
    assert.match(markdown, /\]\(\.\.\/\.\.\/[^)]+\.md/, "it links to a file of the folder");
    const session = `data/sessions/${result.session}`;
    const names = await namesIn(session);
    assert.ok(names.includes("journal.jsonl") && names.includes("sources"), names.join());
    assert.ok(!names.some((name) => name.startsWith("lock")), names.join());
    const lines = (await readText(`${session}/journal.jsonl`)).trim().split("\n");
    assert.match(lines.at(-1) ?? "", /"type":"ended"|"type":"report"|"status"/);
    assert.ok((await namesIn(`${session}/sources`)).length > 0);
    assert.ok(!(await namesIn("data")).includes("cache"), "the cache stays on this machine");
  });

  it("show the report in its view, from the folder", () => {
    const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
    assert.ok(input instanceof vscode.TabInputCustom, String(input));
    assert.equal(input.viewType, "deepResearch.report");
    assert.equal(input.uri.toString(), at(result.report ?? "").toString());
  });

  it("have their reports verified, and what changed in them is found", async () => {
    const report = at(result.report ?? "");
    const good = await command<Verification>("verifyReport", report);
    assert.deepEqual([good.ok, good.citations > 0], [true, true], JSON.stringify(good));
    const [name = ""] = await namesIn(`data/sessions/${result.session}/sources`);
    const snapshot = at(`data/sessions/${result.session}/sources/${name}`);
    const before = await vscode.workspace.fs.readFile(snapshot);
    await vscode.workspace.fs.writeFile(snapshot, Buffer.concat([before, Buffer.from("forged")]));
    assert.equal((await command<Verification>("verifyReport", report)).ok, false);
    await vscode.workspace.fs.writeFile(snapshot, before);
    assert.equal((await command<Verification>("verifyReport", report)).ok, true);
  });

  it("are researched as they are now, not as they were", async () => {
    const text = "# Zebrafish\n\nThe zebrafish quota of the aquarium is 4711 fish, and no more.\n";
    await vscode.workspace.fs.writeFile(at("docs/zebrafish.md"), Buffer.from(text));
    const again = await command<Result>("research", {
      question: "What is the zebrafish quota of the aquarium?",
      depth: "quick",
      scope: "workspace",
    });
    assert.match(await readText(again.report ?? ""), /4711/);
  });

  it("lose a session that is deleted", async () => {
    await command("deleteSession", { session: result.session, report: "delete" });
    const left: string[] = [];
    const { signal } = new AbortController();
    for await (const file of new ProviderStore(ROOT).list("data", signal)) left.push(file.path);
    assert.ok(left.length > 0, "the other session stays");
    assert.deepEqual(
      left.filter((name) => name.includes(result.session) || name === result.report),
      [],
    );
  });

  let stores = 0;
  describeFileStore("a file system of VS Code", () => {
    const folder = at(`stores/${++stores}`);
    return Promise.resolve({
      store: new ProviderStore(folder),
      other: new ProviderStore(folder),
      close: () => Promise.resolve(),
    });
  });
});
