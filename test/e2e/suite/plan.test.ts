import { isDeepStrictEqual } from "node:util";
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { article, startFakeWeb } from "../../fakes/searxng.js";
import { command } from "./call-command.js";

interface Result {
  session: string;
  status: string;
  report: string | null;
  error?: { code: string };
}

const folder = (): string => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
const waitFor = async (what: string, holds: () => unknown): Promise<void> => {
  for (let tries = 0; (await holds()) !== true; tries++) {
    if (tries > 150) throw new Error(`Waited for ${what} in vain.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};
const planOf = ({ session }: { session: string }): vscode.Uri =>
  vscode.Uri.file(path.join(folder(), "data/sessions", session, "plan.md"));
const journal = ({ session }: { session: string }): Record<string, unknown>[] =>
  readFileSync(path.join(folder(), "data/sessions", session, "journal.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const isOpen = (uri: vscode.Uri): boolean =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .some(({ input }) => input instanceof vscode.TabInputText && input.uri.fsPath === uri.fsPath);
const lensOf = async (uri: vscode.Uri): Promise<string> => {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    "vscode.executeCodeLensProvider",
    uri,
  );
  return lenses.map(({ command: each }) => each?.title ?? "").join(" | ");
};
const edit = async (uri: vscode.Uri, change: (text: string) => string): Promise<void> => {
  const document = await vscode.workspace.openTextDocument(uri);
  const all = new vscode.Range(0, 0, document.lineCount, 0);
  const edits = new vscode.WorkspaceEdit();
  edits.replace(uri, all, change(document.getText()));
  await vscode.workspace.applyEdit(edits);
};
const planFor = async (question: string, more: object = {}): Promise<Result> => {
  const result = await command<Result>("research", { question, depth: "quick", plan: true, ...more });
  assert.deepEqual([result.status, result.error?.code], ["cancelled", "plan-waits"]);
  return result;
};

describe("a plan in VS Code", () => {
  it("opens as a document, and what the user changed is what runs", async () => {
    const waiting = await planFor("How does a crashed run continue?");
    const uri = planOf(waiting);
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, uri.fsPath);
    const text = vscode.window.activeTextEditor.document.getText();
    assert.match(text, /^# How a crashed run continues\n\n<!--\n.*\n## Sub-questions\n\n1\. How/s);
    assert.match(await lensOf(uri), /^\$\(play\)\u00a0Run this plan: 1 question, no charge$/);
    await edit(uri, (old) =>
      old
        .replace("# How a crashed run continues", "# After a crash")
        .replace(/1\. .*/, "- How does a crashed run continue?\n- Who is told each day?"),
    );
    assert.match(await lensOf(uri), /2 questions/);
    const result = await command<Result>("runPlan", uri);
    assert.equal(result.status, "done");
    const [plan] = journal(result).filter(({ type }) => type === "plan") as unknown as [
      { plan: { title: string; questions: { question: string; query: string }[] } },
    ];
    assert.equal(plan.plan.title, "After a crash");
    assert.deepEqual(
      plan.plan.questions.map(({ question }) => question),
      ["How does a crashed run continue?", "Who is told each day?"],
    );
    const report = readFileSync(path.join(folder(), result.report ?? ""), "utf8");
    assert.match(report, /# After a crash/);
    const tasks = journal(result).flatMap(({ type, task }) => (type === "outcome" ? [task] : []));
    const search = { type: "search", search: "workspace", question: "Who is told each day?" };
    assert.ok(tasks.some((task) => isDeepStrictEqual(task, search)));
    assert.equal(existsSync(uri.fsPath), false, "a plan that ran waits no longer");
    await waitFor("its editor to close", () => !isOpen(uri));
    assert.equal(
      journal(result).filter(({ type, kind }) => type === "outcome" && kind === "model").length > 0,
      true,
    );
    const again = await command<Result>("resume", result.session);
    assert.equal(again.report, result.report, "it is not shown again");
  });

  it("is looked at before a follow-up runs, too, where the settings say so", async () => {
    const first = await command<Result>("research", { question: "How many tries are made?", depth: "quick" });
    const settings = vscode.workspace.getConfiguration("deepResearch");
    await settings.update("reviewPlan", true, vscode.ConfigurationTarget.Workspace);
    try {
      const next = await command<Result>("followUp", first.session, {
        question: "And how long is the wait between them?",
        depth: "quick",
      });
      assert.deepEqual([next.status, next.error?.code], ["cancelled", "plan-waits"]);
      const done = await command<Result>("runPlan", next.session);
      assert.deepEqual([done.session, done.status], [next.session, "done"]);
      assert.equal(journal(done)[0]?.["follows"], first.session);
    } finally {
      await settings.update("reviewPlan", undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it("stays open where it cannot be run, and says why above its title", async () => {
    const waiting = await planFor("How many tries are made?");
    const uri = planOf(waiting);
    await edit(uri, (text) => text.replace(/^\d+\. .*$/gm, ""));
    assert.match(await lensOf(uri), /\$\(warning\) The plan has no questions left/);
    assert.equal(await command("runPlan", uri), undefined);
    assert.ok(isOpen(uri));
    await edit(uri, (text) =>
      text.replace(
        "## Sub-questions\n",
        `## Sub-questions\n\n${["a", "b", "c", "d"].map((each) => `- ${each}?`).join("\n")}\n`,
      ),
    );
    assert.match(await lensOf(uri), /has 4 questions, but this depth allows 3\. Remove 1/);
    assert.equal(await command("runPlan", waiting.session), undefined);
    assert.equal(
      journal(waiting).some(({ kind }) => kind === "search"),
      false,
      "nothing was searched",
    );
    await edit(uri, (text) => text.replace("- d?\n", ""));
    assert.equal((await command<Result>("runPlan", { session: waiting.session })).session, waiting.session);
  });

  it("waits where it is closed, and is shown again when the session is resumed", async () => {
    const waiting = await planFor("What is paid after 14 days?");
    const uri = planOf(waiting);
    await edit(uri, (text) => text.replace(/1\. .*/, "1. What is paid for after 14 days?"));
    await vscode.workspace.saveAll();
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    assert.equal(await command("resume", waiting.session), undefined);
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, uri.fsPath);
    assert.match(vscode.window.activeTextEditor.document.getText(), /What is paid for after/);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await command("openPlan", waiting.session);
    assert.ok(isOpen(uri));
    // With no argument, the plan in the active editor is meant.
    assert.equal((await command<Result>("runPlan")).status, "done");
  });

  it("is shown first where the setting says so", async () => {
    const settings = vscode.workspace.getConfiguration("deepResearch");
    await settings.update("reviewPlan", true, vscode.ConfigurationTarget.Workspace);
    try {
      const result = await command<Result>("research", { question: "Who is told each day?", depth: "quick" });
      assert.equal(result.error?.code, "plan-waits");
      assert.equal((await command<Result>("runPlan", result.session)).status, "done");
    } finally {
      await settings.update("reviewPlan", undefined, vscode.ConfigurationTarget.Workspace);
    }
  });
});

describe("asking back in VS Code", () => {
  it("asks what a question is about that names nothing; Enter without an answer and Escape leave it as it stands", async () => {
    const asked = command<Result>("research", { question: "How does it work?", depth: "quick" });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
    const [line] = journal(await asked).filter(({ type }) => type === "clarified");
    assert.deepEqual(line?.["answers"], []);

    const dismissed = command<Result>("research", { question: "What does it do?", depth: "quick" });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
    const [none] = journal(await dismissed).filter(({ type }) => type === "clarified");
    assert.deepEqual(none?.["answers"], []);
  });

  it("lets a research be cancelled that waits for another's question to be answered", async () => {
    const first = command<Result>("research", { question: "How does it work?", depth: "quick" });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const second = command<Result>("research", { question: "What does it do there?", depth: "quick" });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    try {
      const sessions = readdirSync(path.join(folder(), "data/sessions"));
      const waiting = sessions.find((session) => session.includes("what-does-it-do-there"));
      await command("cancel", waiting);
      assert.equal((await second).status, "cancelled");
    } finally {
      await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
    }
    assert.notEqual((await first).status, "cancelled");
  });

  it("takes answers that are known already", async () => {
    const result = await command<Result>("research", {
      question: "How does it work?",
      depth: "quick",
      answers: ["Retries after a crash"],
    });
    assert.equal(result.status, "done");
    const report = readFileSync(path.join(folder(), result.report ?? ""), "utf8");
    assert.match(report, /crashed run continues from the ledger/);
    assert.match(report, /\*\*Question\.\*\* How does it work\?\n/, "the question stands as it was asked");
  });
});

describe("steering in VS Code", () => {
  it("skips a question that holds the research up, and adds one", async () => {
    const moss = article("Glacier mice", [
      "A glacier mouse is a ball of moss that lives on the ice, and it keeps moving for about six years.",
      "A glacier mouse weighs about 100 grams when it is wet.",
    ]);
    const web = await startFakeWeb({
      "/moss": { title: "Glacier mice", body: moss, about: ["mouse"] },
      "/hangs": { title: "The moraine", body: "", hangs: true, about: ["moraine"] },
    });
    const settings = vscode.workspace.getConfiguration("deepResearch");
    try {
      await settings.update("searxngUrl", web.address, vscode.ConfigurationTarget.Global);
      await settings.update("allowedPrivateHosts", [web.host], vscode.ConfigurationTarget.Global);
      const waiting = await planFor("What is a glacier mouse?", { scope: "web" });
      await edit(planOf(waiting), (text) =>
        text.replace(/1\. .*/, "1. How long does a glacier mouse move?\n2. Who walks to the moraine?"),
      );
      const running = command<Result>("runPlan", waiting.session);
      await waitFor("the page that hangs", () => web.asked.includes("/hangs"));
      assert.equal(await command("skipQuestion", { session: waiting.session, question: "q0" }), false);
      assert.equal(
        await command("addQuestion", {
          session: waiting.session,
          question: "What does a glacier mouse weigh?",
        }),
        true,
      );
      assert.equal(await command("skipQuestion", { session: waiting.session, question: "q2" }), true);
      const result = await running;
      assert.equal(result.status, "done");
      assert.match(readFileSync(path.join(folder(), result.report ?? ""), "utf8"), /100 grams/);
      const steered = journal(result).filter(({ type }) => type === "steered");
      assert.deepEqual(
        steered.map(({ round, skip, add }) => [round, skip, add]),
        [
          [1, undefined, "What does a glacier mouse weigh?"],
          [1, "q2", undefined],
        ],
      );
      const before = readFileSync(path.join(folder(), result.report ?? ""), "utf8");
      const again = await command<Result>("resume", result.session);
      assert.equal(readFileSync(path.join(folder(), again.report ?? ""), "utf8"), before);
      assert.equal(await command("skipQuestion", result.session), undefined, "it is over");
    } finally {
      await settings.update("searxngUrl", undefined, vscode.ConfigurationTarget.Global);
      await settings.update("allowedPrivateHosts", undefined, vscode.ConfigurationTarget.Global);
      await web.close();
    }
  }).timeout(60_000);
});
