import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { makePdf, paragraph } from "../../fakes/pdf.js";
import { article, startFakeWeb } from "../../fakes/searxng.js";
import { command, takeKey } from "./call-command.js";

interface Result {
  session: string;
  status: string;
  engine: string;
  report: string | null;
  evidence: { quote: string; source: { kind: string; path?: string } }[];
  citations: { n: string; verdict: string }[];
}

const ID = "deep-research.deep-research";
const KEY = "fake-key-for-host-tests";

const folder = (): string => {
  const first = vscode.workspace.workspaceFolders?.[0];
  assert.ok(first !== undefined, "the workspace is open");
  return first.uri.fsPath;
};

const waitFor = async (what: string, holds: () => boolean): Promise<void> => {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 150) throw new Error(`Waited for ${what} in vain.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

const reportViews = (): string[] =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .flatMap(({ input }) =>
      input instanceof vscode.TabInputCustom && input.viewType === "deepResearch.report"
        ? [input.uri.fsPath]
        : [],
    );

const everyFile = (from: string): string[] =>
  readdirSync(from, { recursive: true })
    .map((name) => path.join(from, String(name)))
    .filter((file) => statSync(file).isFile());

describe("the extension in VS Code", () => {
  it("is not active until a command of ours runs or a Markdown file is opened", () => {
    assert.equal(vscode.extensions.getExtension(ID)?.isActive, false);
  });

  it("loads nothing but its entry where Markdown is opened that is no report", async () => {
    const dist = path.join(vscode.extensions.getExtension(ID)?.extensionPath ?? "", "dist");
    const loaded = (): string[] => Object.keys(require.cache).filter((file) => file.startsWith(dist));
    await vscode.workspace.openTextDocument(path.join(folder(), "README.md"));
    await waitFor("the activation", () => vscode.extensions.getExtension(ID)?.isActive === true);
    // Longer than it waits before it looks for reports that the explorer shows.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    assert.deepEqual(
      loaded().map((file) => path.basename(file)),
      ["extension.js"],
    );
  });

  it("contributes each command that it registers, and registers each that it contributes", async () => {
    const extension = vscode.extensions.getExtension(ID);
    assert.ok(extension !== undefined);
    const began = performance.now();
    await extension.activate();
    console.log(`activation: ${Math.round(performance.now() - began)} ms`);
    const manifest = extension.packageJSON as {
      contributes: { commands: { command: string; category: string }[] };
    };
    const contributed = manifest.contributes.commands.map((each) => each.command).sort();
    // A view has commands of its own, which VS Code makes.
    const registered = (await vscode.commands.getCommands(true)).filter(
      (id) => id.startsWith("deepResearch.") && !id.startsWith("deepResearch.sessions."),
    );
    assert.deepEqual(registered.sort(), contributed);
    assert.equal(
      manifest.contributes.commands.every(({ category }) => category === "Deep Research"),
      true,
    );
  });

  it("researches the workspace with no key, and opens the report in its view", async () => {
    const result = await command<Result>("research", { question: "How does a crashed run continue?" });
    assert.equal(result.status, "done");
    assert.equal(result.engine, "offline");
    assert.ok(result.report !== null);
    const report = readFileSync(path.join(folder(), result.report), "utf8");
    assert.match(report, /crashed run continues from the ledger/);
    assert.match(report, /\*\*Offline engine\.\*\*/);
    assert.ok(result.evidence.some(({ source }) => source.path === "docs/retries.md"));
    const file = path.join(folder(), result.report);
    await waitFor("the report view", () => reportViews().includes(file));
    assert.ok(statSync(path.join(folder(), "data/sessions", result.session, "journal.jsonl")).size > 0);
  });

  it("takes the selection as the question", async () => {
    const document = await vscode.workspace.openTextDocument(path.join(folder(), "README.md"));
    const editor = await vscode.window.showTextDocument(document);
    const line = document.lineAt(8);
    editor.selection = new vscode.Selection(line.range.start, line.range.end);
    const asked = command("researchSelection");
    // Whoever dismisses the prompt gets nothing done and no message.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
    assert.equal(await asked, undefined);
  });

  it("goes on with a session by its id, to the same report", async () => {
    const first = await command<Result>("research", {
      question: "What is paid after 14 days?",
      depth: "quick",
    });
    assert.ok(first.report !== null);
    const before = readFileSync(path.join(folder(), first.report), "utf8");
    const again = await command<Result>("resume", first.session);
    assert.equal(again.report, first.report);
    assert.equal(readFileSync(path.join(folder(), first.report), "utf8"), before);
    assert.equal(await command("openLastReport"), first.report);
  });

  it("verifies a report, and tells one that was changed", async () => {
    const { report } = await command<Result>("research", { question: "How does a crashed run continue?" });
    const uri = vscode.Uri.file(path.join(folder(), report ?? ""));
    const sound = await command<{ ok: boolean; citations: number }>("verifyReport", uri);
    assert.equal(sound.ok, true);
    assert.ok(sound.citations > 0);
    const text = readFileSync(uri.fsPath, "utf8");
    writeFileSync(uri.fsPath, text.replace('1. "', '1. "Never '));
    const broken = await command<{ ok: boolean; failed: { n: string; kind: string; why: string }[] }>(
      "verifyReport",
      uri,
    );
    assert.equal(broken.ok, false);
    assert.equal(broken.failed[0]?.kind, "not-in-snapshot");
    assert.equal(broken.failed[0].why, "The quote does not appear in the snapshot.");
    writeFileSync(uri.fsPath, text);
    // The report in the active editor is the one that is meant.
    await vscode.window.showTextDocument(uri);
    assert.equal((await command<{ ok: boolean }>("verifyReport")).ok, true);
  });

  it("searches the web with a SearXNG server and no key, and cites a PDF by its page", async () => {
    const pdf = makePdf([
      paragraph(["Notes"]),
      paragraph(["Notes on moss", "", "A glacier mouse is a ball of moss."]),
    ]);
    const web = await startFakeWeb({ "/moss.pdf": { title: "Moss", body: pdf, type: "application/pdf" } });
    const settings = vscode.workspace.getConfiguration("deepResearch");
    try {
      await settings.update("searxngUrl", web.address, vscode.ConfigurationTarget.Global);
      await settings.update("allowedPrivateHosts", [web.host], vscode.ConfigurationTarget.Global);
      const question = { question: "What is a glacier mouse?", depth: "quick", scope: "web" };
      const result = await command<Result>("research", question);
      assert.deepEqual([result.engine, result.status], ["offline", "done"]);
      assert.match(
        readFileSync(path.join(folder(), result.report ?? ""), "utf8"),
        /moss\.pdf#page=2\), page 2/,
      );
    } finally {
      await settings.update("searxngUrl", undefined, vscode.ConfigurationTarget.Global);
      await settings.update("allowedPrivateHosts", undefined, vscode.ConfigurationTarget.Global);
      await web.close();
    }
  });

  it("runs several at once, each ended by itself, and one that is slow holds up none", async () => {
    const moss = article("Glacier mice", [
      "A glacier mouse is a ball of moss that lives on the ice, and it keeps moving for about six years.",
      "The rangers walk to the moraine each week in summer, and the notebooks are copied at night in the hut.",
    ]);
    const about = ["mouse"];
    const web = await startFakeWeb({
      "/moss": { title: "Glacier mice", body: moss },
      "/hangs": { title: "More on the mouse", body: "", hangs: true, about },
    });
    const settings = vscode.workspace.getConfiguration("deepResearch");
    const sessions = (): string[] => readdirSync(path.join(folder(), "data/sessions")).sort();
    const begin = async (question: string): Promise<{ id: string; ended: Promise<Result> }> => {
      const before = new Set(sessions());
      const ended = command<Result>("research", { question, depth: "quick", scope: "web" });
      let id: string | undefined;
      await waitFor("a session", () => (id = sessions().find((each) => !before.has(each))) !== undefined);
      return { id: id ?? "", ended };
    };
    try {
      await settings.update("searxngUrl", web.address, vscode.ConfigurationTarget.Global);
      await settings.update("allowedPrivateHosts", [web.host], vscode.ConfigurationTarget.Global);
      const slow = await begin("How long does a glacier mouse keep moving?");
      const given = await begin("What is a glacier mouse made of?");
      await waitFor("the page", () => web.asked.filter((each) => each === "/hangs").length > 0);
      const quick = await begin("Who walks to the moraine each week?");
      assert.equal((await quick.ended).status, "done");
      await command("cancel", given.id);
      assert.equal((await given.ended).status, "cancelled");
      await command("finish", slow.id);
      const partial = await slow.ended;
      assert.equal(partial.status, "partial");
      assert.ok(partial.citations.length > 0);
      const text = readFileSync(path.join(folder(), partial.report ?? ""), "utf8");
      assert.match(text, /You finished the run early/);
    } finally {
      await settings.update("searxngUrl", undefined, vscode.ConfigurationTarget.Global);
      await settings.update("allowedPrivateHosts", undefined, vscode.ConfigurationTarget.Global);
      await web.close();
    }
  }).timeout(60_000);

  it("empties the cache", async () => {
    const cache = path.join(folder(), "data/cache");
    assert.ok(everyFile(cache).some((file) => file.includes("objects")));
    await command("clearCache");
    assert.ok(!everyFile(cache).some((file) => /entries|objects/.test(file)));
  });

  it("keeps a key that works, researches with Gemini, and forgets the key again", async () => {
    assert.equal(await takeKey(KEY), true);
    const result = await command<Result>("research", {
      question: "How does a crashed run continue?",
      depth: "quick",
      scope: "workspace",
    });
    assert.equal(result.engine, "gemini");
    assert.equal(result.status, "done");
    assert.ok(result.citations.length > 0);
    const google = await command<Result>("research", {
      question: "What is a ledger?",
      depth: "quick",
      scope: "google",
    });
    assert.deepEqual([google.engine, google.status, google.citations], ["gemini", "done", []]);
    assert.match(
      readFileSync(path.join(folder(), google.report ?? ""), "utf8"),
      /^## What Google Search says$/m,
    );
    await command("removeApiKey");
    const offline = await command<Result>("research", { question: "Who is told each day?", depth: "quick" });
    assert.equal(offline.engine, "offline");
  });

  it("checks what it cites of the web with only a Gemini key, from pages that the plan names", async () => {
    const moss = article("Glacier mice", [
      "A glacier mouse is a ball of moss that lives on the ice, and it keeps moving for about six years.",
      "The rangers walk to the moraine each week in summer, and the notebooks are copied at night in the hut.",
    ]);
    const web = await startFakeWeb({ "/moss": { title: "Glacier mice", body: moss } });
    const settings = vscode.workspace.getConfiguration("deepResearch");
    try {
      await settings.update("allowedPrivateHosts", [web.host], vscode.ConfigurationTarget.Global);
      assert.equal(await takeKey(KEY), true);
      const result = await command<Result>("research", {
        question: `How long does a glacier mouse keep moving? (${web.address}/moss)`,
        depth: "quick",
        scope: "web",
      });
      assert.deepEqual([result.engine, result.status], ["gemini", "done"]);
      const checked = result.citations.filter(({ verdict }) => verdict !== "not-checked");
      assert.ok(checked.length > 0 && checked.length / result.citations.length >= 0.9);
    } finally {
      await command("removeApiKey");
      await settings.update("allowedPrivateHosts", undefined, vscode.ConfigurationTarget.Global);
      await web.close();
    }
  });

  it("backs up, restores and archives, and goes on with an archived session", async () => {
    const { session, report } = await command<Result>("research", {
      question: "How does a crashed run continue?",
      depth: "quick",
    });
    assert.ok(report !== null);
    const text = readFileSync(path.join(folder(), report), "utf8");
    const backup = path.join(path.dirname(folder()), "kept.zip");
    const made = await command<{ sessions: number; file: string }>("backup", backup);
    assert.equal(made.file, backup);
    assert.ok(made.sessions > 0);
    assert.equal(await command("backup", backup), undefined, "it is never overwritten");

    rmSync(path.join(folder(), report));
    type Restored = { restored: number; replaced: number } | undefined;
    const restored = await command<Restored>("restore", { file: backup });
    assert.deepEqual([restored?.restored, restored?.replaced], [1, 0]);
    assert.equal(readFileSync(path.join(folder(), report), "utf8"), text);
    writeFileSync(path.join(folder(), report), "mine");
    assert.equal(await command("restore", { file: backup }), undefined, "nothing is overwritten silently");
    assert.equal(readFileSync(path.join(folder(), report), "utf8"), "mine");
    assert.equal((await command<Restored>("restore", { file: backup, overwrite: true }))?.replaced, 1);
    assert.equal(readFileSync(path.join(folder(), report), "utf8"), text);

    const sessions = path.join(folder(), "data/sessions");
    const { archived } = await command<{ archived: string[] }>("archive", { ids: [session] });
    assert.deepEqual([archived, existsSync(path.join(sessions, session))], [[session], false]);
    const verified = await command<{ ok: boolean }>(
      "verifyReport",
      vscode.Uri.file(path.join(folder(), report)),
    );
    assert.equal(verified.ok, true);
    assert.equal((await command<Result>("resume", session)).report, report);
    assert.ok(existsSync(path.join(sessions, session, "journal.jsonl")));
  });

  it("writes the key into no file", () => {
    for (const file of everyFile(folder())) {
      assert.equal(readFileSync(file, "utf8").includes(KEY), false, file);
    }
  });

  it("says what is wrong with a setting, and works again once it is mended", async () => {
    const configuration = vscode.workspace.getConfiguration("deepResearch");
    await configuration.update("maxSources", 0, vscode.ConfigurationTarget.Workspace);
    try {
      assert.equal(await command("research", { question: "Will it work?" }), undefined);
    } finally {
      await configuration.update("maxSources", undefined, vscode.ConfigurationTarget.Workspace);
    }
    const result = await command<Result>("research", {
      question: "How many tries are made?",
      depth: "quick",
    });
    assert.equal(result.status, "done");
  });

  it("refuses an empty question and a bad key without a session", async () => {
    const sessions = (): number => readdirSync(path.join(folder(), "data/sessions")).length;
    const before = sessions();
    assert.equal(await command("research", { question: "   " }), undefined);
    assert.equal(await takeKey("bad-key-for-tests"), undefined);
    assert.equal(await takeKey("two words"), undefined);
    assert.equal(sessions(), before);
  });
});
