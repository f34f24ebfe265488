import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import { elapsedMilliseconds } from "../../../src/core/progress/run-progress.js";
import { listSessions } from "../../../src/storage/sessions/list-sessions.js";
import type { ListedSession } from "../../../src/storage/sessions/session-summary.js";
import type { ActiveRun } from "../../../src/vscode/runs/active-runs.js";
import type { TreeNode } from "../../../src/vscode/sessions-view/nodes.js";
import { PAGE_SIZE, SessionsTreeProvider } from "../../../src/vscode/sessions-view/tree-data-provider.js";
import { manySessions } from "../../fakes/sessions.js";
import { command } from "./call-command.js";

/* What the Research view shows, and what one does with sessions. */

interface Result {
  session: string;
  status: string;
  report: string | null;
}

const folder = (): vscode.WorkspaceFolder => {
  const first = vscode.workspace.workspaceFolders?.[0];
  assert.ok(first !== undefined, "the workspace is open");
  return first;
};
const sessions = (): string => path.join(folder().uri.fsPath, "data/sessions");
const listed = async (id: string): Promise<ListedSession | undefined> =>
  (await listSessions(sessions())).find((each) => each.id === id);

/** A tree of its own over the window's folder, and what it drew again. */
function aTree(
  at: string,
  runs: () => ActiveRun[] = () => [],
): { tree: SessionsTreeProvider; drawn: (TreeNode[] | undefined)[] } {
  const drawn: (TreeNode[] | undefined)[] = [];
  const tree = new SessionsTreeProvider({
    folders: () => [folder()],
    sessionsOf: () => Promise.resolve(at),
    runs,
    redraw: (nodes) => drawn.push(nodes),
  });
  return { tree, drawn };
}

/** What a node shows: "label | description". */
const shown = (tree: SessionsTreeProvider, node: TreeNode): string => {
  const { label, description } = tree.getTreeItem(node);
  return `${typeof label === "string" ? label : ""} | ${String(description)}`;
};

describe("the Research view", () => {
  const research = (question: string): Promise<Result> => command("research", { question, depth: "quick" });

  it("shows a session with plan, sources, report, verdicts and spend, each as the journal has it", async () => {
    const { session, report } = await research("How does a crashed run continue?");
    const { tree } = aTree(sessions());
    const node = (await tree.find(session))!;
    const item = tree.getTreeItem(node);
    assert.equal(item.label, "How a crashed run continues");
    assert.match(String(item.description), /^now · (\d+)\/\1$/);
    assert.equal(item.command?.command, "deepResearch.openReport", "a click opens the report");
    assert.equal(item.contextValue, "session.done.report");
    assert.match(item.accessibilityInformation?.label ?? "", /continues, done, now, \d+ of \d+ verified$/);

    const parts = await tree.getChildren(node);
    const lines = parts.map((part) => shown(tree, part));
    assert.match(lines[0] ?? "", /^Plan \| (\d) of \1 searched$/);
    assert.match(lines[1] ?? "", /^Sources \| \d sources?/);
    assert.equal(lines[2], `Report | ${path.basename(report ?? "")}`);
    assert.match(lines[3] ?? "", /^Verdicts \| \d+ quotes found/);
    assert.match(lines[4] ?? "", /^Spend \| offline engine · \d+ s$/);
    const below = async (at: number): Promise<string[]> =>
      (await tree.getChildren(parts[at])).map((each) => shown(tree, each));
    assert.ok((await below(0)).every((line) => line.endsWith("| searched")));
    assert.ok((await below(1)).some((line) => /\d+ quotes? · docs\/retries\.md/.test(line)));
    assert.match((await below(4)).join("\n"), /Steps of the offline engine \| \d+\n/);

    const token = new vscode.CancellationTokenSource().token;
    const { tooltip } = await tree.resolveTreeItem(item, node, token);
    assert.match((tooltip as vscode.MarkdownString).value, /offline.*engine/);
    assert.equal(tree.getParent(parts[0]!), node);
  });

  it("opens a source where it stands, and its snapshot", async () => {
    const { session } = await research("How does a crashed run continue?");
    const { tree } = aTree(sessions());
    const [, part] = await tree.getChildren(await tree.find(session));
    const source = (await tree.getChildren(part)).find(
      (each) => each.kind === "source" && each.source.title === "Retries",
    );
    assert.ok(source !== undefined);
    await command("openSource", source);
    assert.match(vscode.window.activeTextEditor?.document.uri.path ?? "", /docs\/retries\.md$/);
    const selected = (): string => {
      const editor = vscode.window.activeTextEditor;
      return editor?.document.getText(editor.selection) ?? "";
    };
    assert.ok(selected().length > 20, "a source opens at its first quote, selected");
    const quotes = (await tree.getChildren(source)).filter((each) => each.kind === "quote");
    const quote = quotes.at(-1);
    assert.ok(quote !== undefined, "the quotes are below their source");
    await command("openSource", quote);
    assert.equal(selected(), quote.quote.quote);
    await command("openSnapshot", source);
    assert.match(
      vscode.window.activeTextEditor?.document.uri.path ?? "",
      /data\/sessions\/.+\/sources\/[0-9a-f]{16}\.md$/,
    );
  });

  it("keeps the numbers of an archived session, and applies keys to what is selected", async () => {
    const { session } = await research("How many tries are made before it gives up?");
    const before = (await aTree(sessions()).tree.getChildren()).length;
    await command("archiveSession", session);
    const { tree } = aTree(sessions());
    const parts = await tree.getChildren(await tree.find(session));
    const lines = parts.map((part) => shown(tree, part));
    assert.ok(
      lines.some((line) => /^Sources \| [1-9]/.test(line)),
      lines.join("\n"),
    );
    assert.ok(
      lines.some((line) => /^Spend \| offline engine · \d+ s$/.test(line)),
      lines.join("\n"),
    );
    assert.ok(before > 0);
    await command("unarchiveSession", session);
  });

  it("follows a run of the window: its phase, its questions, its sources", async () => {
    const { RunProgressReducer } = await import("../../../src/core/progress/run-progress.js");
    const { session } = await research("How many tries are made?");
    const following = new RunProgressReducer("How many tries are made?");
    const run: ActiveRun = {
      folder: folder(),
      live: following.live,
      session,
      cancel: new AbortController(),
      finish: new AbortController(),
      steering: null,
    };
    const runs = [run];
    const { tree, drawn } = aTree(sessions(), () => runs);
    const at = new Date();
    following.tell(
      {
        ...{ type: "started", session, question: "How many tries are made?", engine: "gemini" },
        ...{ depth: "quick", maxSources: 5, resumed: false },
      },
      at,
    );
    const node = (await tree.find(session))!;
    assert.equal(tree.getTreeItem(node).contextValue, "session.running");
    assert.equal(shown(tree, node), "How many tries are made? | Planning (1 of 5)");
    await tree.getChildren(node);
    drawn.splice(0);

    const questions = [{ id: "q1", question: "How many?", query: "tries" }];
    const plan = { title: "Tries", kind: "lookup", questions, cover: [] } as const;
    const estimate = { calls: [3, 9], tokens: [100, 900], usd: [0.001, 0.02] } as const;
    following.tell({ type: "planned", plan: { ...plan, cover: [] }, estimate: { ...estimate } } as never, at);
    const task = { type: "search", search: "google", question: "How many?" } as const;
    following.tell({ type: "step", phase: "started", key: "k", kind: "search", task }, at);
    await tree.follow(run);
    assert.deepEqual(drawn.splice(0), [[node]]);
    const [part] = await tree.getChildren(node);
    assert.equal(shown(tree, part!), "Plan | 0 of 1 searched");
    const [question] = await tree.getChildren(part);
    assert.equal(shown(tree, question!), "How many? | searching");
    assert.equal(tree.getTreeItem(question!).contextValue, "question.running");
    // Only what changed is drawn again.
    const usage = { in: 10, out: 5, usd: 0.01 };
    following.tell(
      {
        ...{ type: "step", phase: "done", key: "k", kind: "search", task, by: "google", usage },
        ...{ milliseconds: 5, reused: false },
      },
      at,
    );
    await tree.follow(run);
    assert.deepEqual(
      drawn.splice(0).flatMap((nodes) => nodes?.map((each) => each.kind === "part" && each.part)),
      ["plan", "spend"],
    );
    if (elapsedMilliseconds(following.live, new Date()) < 400) {
      await tree.follow(run);
      assert.deepEqual(drawn, []);
    }
    // When it has ended the journal tells.
    runs.length = 0;
    await tree.follow(run);
    assert.match(shown(tree, (await tree.find(session)) as TreeNode), /\| now · \d+\/\d+$/);
  });

  it("renames, archives, brings back, filters and deletes", async () => {
    const { session, report } = await research("Who is told each day?");
    assert.equal(await command("renameSession", { session, name: "The senders" }), "The senders");
    assert.equal((await listed(session))?.name, "The senders");
    const { tree } = aTree(sessions());
    const node = (await tree.find(session))!;
    assert.equal(tree.getTreeItem(node).label, "The senders");
    assert.equal((await tree.look({ text: "senders", states: [] })).shown, 1);
    assert.equal((await tree.look({ text: "senders", states: ["failed"] })).shown, 0);
    assert.equal(await tree.find(session), undefined);
    await tree.look({ text: "", states: [] });

    await command("archiveSession", node);
    assert.equal((await listed(session))?.archived, true);
    assert.equal((await listed(session))?.name, "The senders");
    tree.refresh();
    const archived = (await tree.find(session))!;
    assert.equal(tree.getTreeItem(archived).contextValue, "session.archived.report");
    assert.equal(tree.getTreeItem(tree.getParent(archived)!).label, "Archived");
    const verified = await command<{ ok: boolean }>("verifyReport", archived);
    assert.equal(verified.ok, true);
    const packed = readFileSync(path.join(sessions(), "archive", `${session}.zip`));
    await command("unarchiveSession", archived);
    assert.equal((await listed(session))?.archived, undefined);

    const file = path.join(folder().uri.fsPath, report ?? "");
    assert.equal(await command("openReport", node), report);
    // A kill can leave an archive beside the folder: it goes, too, or it would show the session again.
    writeFileSync(path.join(sessions(), "archive", `${session}.zip`), packed);
    await command("deleteSession", { session, report: "keep" });
    assert.deepEqual([await listed(session), existsSync(file)], [undefined, true]);
    const other = await research("Who is told each day?");
    await command("deleteSession", { session: other.session, report: "delete" });
    assert.equal(existsSync(path.join(folder().uri.fsPath, other.report ?? "")), false);
    assert.equal(readdirSync(sessions()).includes(other.session), false);
  });

  it("has folders on top where there are several, and says what is wrong with one", async () => {
    const { session } = await research("How many tries are made?");
    const docs = { ...folder(), uri: vscode.Uri.joinPath(folder().uri, "docs"), name: "docs", index: 1 };
    const tree = new SessionsTreeProvider({
      folders: () => [folder(), docs],
      sessionsOf: (of) =>
        of.name === "docs" ? Promise.reject(new Error("maxSources is 0")) : Promise.resolve(sessions()),
      runs: () => [],
      redraw: () => undefined,
    });
    const tops = await tree.getChildren();
    assert.deepEqual(
      tops.map((each) => each.kind === "folder" && each.folder.name),
      [folder().name, "docs"],
    );
    const [problem, ...others] = await tree.getChildren(tops[1]);
    assert.deepEqual([shown(tree, problem!), others], ["maxSources is 0 | undefined", []]);
    const above: TreeNode[] = [];
    for (
      let at = (await tree.find(session)) as TreeNode | undefined;
      at !== undefined;
      at = tree.getParent(at)
    )
      above.push(at);
    assert.equal(above.at(-1), tops[0]);
  });

  it("verifies and resumes what is selected", async () => {
    const first = await research("How many tries are made?");
    const second = await research("What is paid after 14 days?");
    const { tree } = aTree(sessions());
    const nodes = [await tree.find(first.session), await tree.find(second.session)];
    const results = await command<{ ok: boolean }[]>("verifyReport", nodes[0], nodes);
    assert.deepEqual(
      results.map(({ ok }) => ok),
      [true, true],
    );
    assert.equal((await command<Result>("resumeSession", nodes[1])).report, second.report);
  });

  it("shows and reveals a session, and filters in the window itself", async () => {
    const { session } = await research("How many tries are made?");
    await command("showSession", session);
    await command("filterSessions", { text: "no such words at all" });
    await command("showSession", session);
    await command("filterSessions", { states: ["done"] });
    await command("clearFilter");
    assert.match(await command("revealSession", session), /journal\.jsonl$/);
    assert.ok(readFileSync(path.join(sessions(), session, "journal.jsonl"), "utf8").length > 0);
  });

  describe("with 10,000 sessions", () => {
    const at = mkdtempSync(path.join(os.tmpdir(), "deep-research-many-"));
    before(() => manySessions(at, 10_000)).timeout(60_000);
    after(() => rmSync(at, { recursive: true, force: true }));
    const { tree, drawn } = aTree(at);
    let groups: TreeNode[];

    it("is there at once, in groups", async () => {
      const began = performance.now();
      groups = await tree.getChildren();
      const took = performance.now() - began;
      assert.deepEqual(
        groups.map((each) => each.kind === "group" && each.key),
        ["today", "week", "month", "older"],
      );
      assert.ok(took < 2500, `${took} ms`);
    });

    it("shows a group by the page, and more where more are asked for", async () => {
      const older = groups.at(-1);
      assert.match(shown(tree, older!), /^Older \| 9,\d{3}$/);
      const page = await tree.getChildren(older);
      assert.equal(page.length, PAGE_SIZE + 1);
      const more = page.at(-1)!;
      assert.match(shown(tree, more), /^Show More… \| 9,\d{3} more$/);
      if (more.kind === "more") tree.more(more);
      assert.deepEqual(drawn, [[older]]);
      assert.equal((await tree.getChildren(older)).length, PAGE_SIZE + 501);
    });

    it("finds the last of them to be revealed, and filters all", async () => {
      const all = await listSessions(at);
      const node = await tree.find(all.at(-1)?.id ?? "");
      assert.equal(node?.listed.question, "What is known about case 9999 of the harbour?");
      const { shown: many } = await tree.look({ text: "case 12", states: ["done"] });
      assert.ok(many > 0 && many < 1000);
    });
  });
});
