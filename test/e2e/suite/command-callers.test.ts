import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { SessionsTreeProvider } from "../../../src/vscode/sessions-view/tree-data-provider.js";
import { listSessions } from "../../../src/storage/sessions/list-sessions.js";
import { command, commandFromElsewhere, takeKey } from "./call-command.js";

/*
 * Our commands as somebody else's Markdown, a key binding or another extension calls them. Dialogs are refused in
 * tests, as by a user who presses Escape: what needs a yes does not happen.
 */

interface Result {
  session: string;
  status: string;
  engine: string;
  report: string | null;
}

const folder = (): string => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
const sessions = (): string => path.join(folder(), "data/sessions");
const everything = (): string[] =>
  readdirSync(path.join(folder(), "data"), { recursive: true })
    .map(String)
    .filter((name) => !name.includes("cache") && !name.includes("index"))
    .sort();

describe("commands that others call", () => {
  let done: Result;
  before(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    done = await command<Result>("research", {
      question: "How does a crashed run continue?",
      depth: "quick",
    });
  });
  after(() => command("removeApiKey"));

  it("change, delete, write and bring back nothing without a yes", async () => {
    const before = everything();
    const { session, report } = done;
    const row = { kind: "session", id: session, folder: { ...vscode.workspace.workspaceFolders?.[0] } };
    const backup = path.join(path.dirname(folder()), "taken.zip");
    const calls: [string, ...unknown[]][] = [
      ["deleteSession", { session, report: "delete" }],
      ["deleteSession", row],
      ["deleteSession", row, [row]],
      ["archiveSession", session],
      ["unarchiveSession", session],
      ["archive", { ids: [session] }],
      ["archive", { keep: 0 }],
      ["renameSession", { session, name: "x" }],
      ["backup", backup],
      ["restore", { file: backup, overwrite: true }],
      ["resume", session],
      ["resumeSession", { session }],
      ["runPlan", session],
      ["runPlan", vscode.Uri.file(path.join(sessions(), session, "plan.md"))],
      ["acceptRefresh", session],
      ["discardRefresh", vscode.Uri.file(path.join(folder(), report ?? ""))],
      ["insertClaim", "A"],
      [
        "verifyAgain",
        { report: vscode.Uri.file(path.join(folder(), report ?? "")).toString(), line: 20, start: 0 },
      ],
      ["addQuestion", { session, question: "What else?" }],
      [
        "openSource",
        { kind: "source", session: row, source: { place: { kind: "page", url: "https://x.example" } } },
      ],
    ];
    for (const [name, ...args] of calls)
      assert.equal(await commandFromElsewhere(name, ...args), undefined, name);
    assert.deepEqual(everything(), before);
    assert.equal(existsSync(backup), false);
    assert.equal((await listSessions(sessions())).find(({ id }) => id === session)?.name, undefined);
  });

  it("never take a key, and never ask for what leaves without a yes", async () => {
    void commandFromElsewhere("setApiKey", "fake-key-of-a-stranger");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
    const offline = await commandFromElsewhere<Result>("research", {
      question: "How many tries are made?",
      depth: "quick",
    });
    assert.deepEqual([offline.engine, offline.status], ["offline", "done"]);
    await takeKey("fake-key-for-host-tests");
    const before = everything();
    for (const given of [
      { question: "How many tries are made?" },
      { question: "How many tries are made?", scope: "workspace" },
      { question: "How many tries are made?", scope: "web" },
      { question: "How many tries are made?", pages: ["http://127.0.0.1:9/x"] },
    ]) {
      assert.equal(await commandFromElsewhere("research", given), undefined);
      assert.equal(await commandFromElsewhere("followUp", done.session, given), undefined);
    }
    const report = vscode.Uri.file(path.join(folder(), done.report ?? ""));
    // The document that the user looks at needs no yes; another one does.
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    assert.equal(await commandFromElsewhere("refreshReport", report), undefined);
    assert.deepEqual(everything(), before);
    // Offline in the workspace nothing leaves: a key binding may ask for it.
    const still = await commandFromElsewhere<Result>("research", {
      question: "How many tries are made?",
      scope: "offline",
    });
    assert.equal(still.engine, "offline");
  });

  it("do what our own rows ask for at once", async () => {
    const tree = new SessionsTreeProvider({
      folders: () => vscode.workspace.workspaceFolders ?? [],
      sessionsOf: () => Promise.resolve(sessions()),
      runs: () => [],
      redraw: () => undefined,
    });
    // This tree is of the test's own bundle, so its rows are somebody else's to the extension.
    const row = await tree.find(done.session);
    assert.equal(await commandFromElsewhere("archiveSession", row), undefined);
    assert.equal((await listSessions(sessions())).find(({ id }) => id === done.session)?.archived, undefined);
    await command("archiveSession", row);
    assert.equal((await listSessions(sessions())).find(({ id }) => id === done.session)?.archived, true);
    await command("unarchiveSession", row);
  });

  it("open no report outside of the workspace, whatever a journal says", async () => {
    const outside = path.join(path.dirname(folder()), "outside.md");
    writeFileSync(outside, "# Outside\n");
    const link = path.join(folder(), "data/reports/2026-01-01-a-link.md");
    symlinkSync(outside, link);
    const journal = path.join(sessions(), done.session, "journal.jsonl");
    const sound = readFileSync(journal, "utf8");
    try {
      for (const named of ["../outside.md", "data/reports/2026-01-01-a-link.md"]) {
        writeFileSync(journal, sound.replaceAll(done.report ?? "", named));
        assert.equal(await command("openReport", { session: done.session }), undefined, named);
      }
    } finally {
      writeFileSync(journal, sound);
      rmSync(link);
    }
    assert.equal(await command("openReport", { session: done.session }), done.report);
  });
});

describe("links in a report that lead out of the workspace", () => {
  it("are ours in the editor: they lead nowhere as long as nobody was asked", async () => {
    const file = path.join(folder(), "data/reports/2026-01-02-links.md");
    const text = [
      "---", "title: Links", "session: 20260102-101500-links-0000", "---", "", "# Links", "",
      "[in](../../README.md) [out](../../../../../etc/passwd) [run](command:workbench.action.quit)",
      "[file](file:///etc/passwd) [web](https://example.org/x) [other](vscode://x.y/z)", "",
      "[named]: ../../../outside.md", "",
    ].join("\n"); // prettier-ignore
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    try {
      const uri = vscode.Uri.file(file);
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document);
      await command("clearFilter");
      let links: vscode.DocumentLink[] = [];
      // VS Code's own links come a while after the document.
      for (
        let tries = 0;
        tries < 100 && !links.some(({ range }) => document.getText(range).includes("README.md"));
        tries++
      ) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        links = await vscode.commands.executeCommand("vscode.executeLinkProvider", uri);
      }
      const shown = links.map((each) => ({
        text: document.getText(each.range),
        to: each.target?.toString() ?? "",
        about: each.tooltip ?? "",
      }));
      const of = (part: string): (typeof shown)[number][] => shown.filter((each) => each.text.includes(part));
      for (const part of ["etc/passwd", "command:", "vscode:", "outside.md"]) {
        assert.ok(of(part).length > 0, `${part} in ${JSON.stringify(shown)}`);
        for (const { to, about } of of(part)) {
          assert.equal(to, "", `${part} leads to ${to} at once`);
          assert.match(about, /Points outside the workspace|does not follow/);
        }
      }
      assert.equal(
        of("README.md").some(({ about }) => about.startsWith("Leads out")),
        false,
      );
    } finally {
      rmSync(file);
    }
  });
});
