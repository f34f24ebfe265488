import assert from "node:assert/strict";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { command, takeKey } from "./call-command.js";

/* Health and statistics in the window. */

interface Health {
  ok: boolean;
  checks: { name: string; state: string; detail: string; remedy: string }[];
}
interface Statistics {
  sessions: { total: number; outcomes: Record<string, number> };
  completion: { count: number };
}

const KEY = "fake-key-for-host-tests";
const folder = (): string => {
  const first = vscode.workspace.workspaceFolders?.[0];
  assert.ok(first !== undefined, "the workspace is open");
  return first.uri.fsPath;
};
const tabs = (): string[] =>
  vscode.window.tabGroups.all.flatMap((group) => group.tabs).map(({ label }) => label);
const waitFor = async (what: string, holds: () => boolean): Promise<void> => {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 150) throw new Error(`Waited for ${what} in vain; there is: ${tabs().join(" | ")}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};
const state = ({ checks }: Health, name: string): string | undefined =>
  checks.find((check) => check.name === name)?.state;

describe("health and statistics", () => {
  after(async () => {
    await command("removeApiKey");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("checks health and shows it as a page", async () => {
    const health = await command<Health>("checkHealth");
    assert.deepEqual(
      health.checks.filter(({ state: how }) => how === "failed"),
      [],
    );
    assert.match(health.checks[0]?.detail ?? "", new RegExp(vscode.version.replaceAll(".", "\\.")));
    assert.equal(state(health, "trust"), "ok");
    assert.equal(state(health, "index"), "ok");
    await waitFor("the page", () => tabs().some((label) => label.includes("Deep Research Health")));
  });

  it("tries the key, and shows it nowhere", async () => {
    await takeKey(KEY);
    const health = await command<Health>("checkHealth");
    assert.deepEqual(
      ["engine", "connection", "models"].map((name) => state(health, name)),
      ["ok", "ok", "ok"],
    );
    const page = (): string =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === "deep-research-health")?.getText() ??
      "";
    await waitFor("the page to say it", () => page().includes("secret storage"));
    assert.equal(page().includes(KEY), false);
  });

  it("goes on over settings that are wrong, and names each place", async () => {
    const yaml = path.join(folder(), "deep-research.yaml");
    writeFileSync(yaml, "depth: huge\n");
    const configuration = vscode.workspace.getConfiguration("deepResearch");
    await configuration.update("maxSources", 0, vscode.ConfigurationTarget.Workspace);
    try {
      const health = await command<Health>("checkHealth");
      const wrong = health.checks.filter(({ name }) => name === "settings").map(({ detail }) => detail);
      assert.equal(wrong.length, 2);
      assert.ok(wrong.some((line) => line.startsWith("depth in deep-research.yaml")));
      assert.ok(wrong.some((line) => line.startsWith("deepResearch.maxSources in the workspace's settings")));
      assert.equal(state(health, "index"), "ok");
    } finally {
      rmSync(yaml);
      await configuration.update("maxSources", undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it("shows statistics in a panel, one for a folder, and counts what is new", async () => {
    const sessions = path.join(folder(), "data/sessions");
    mkdirSync(sessions, { recursive: true });
    const before = await command<Statistics>("showStatistics");
    assert.equal(before.sessions.total, readdirSync(sessions).filter((name) => /^\d{8}-/.test(name)).length);
    await waitFor("the panel", () => tabs().includes("Research Statistics"));
    await command("removeApiKey");
    await command("research", { question: "How many tries are made?", depth: "quick" });
    const after = await command<Statistics>("showStatistics");
    assert.equal(after.sessions.total, before.sessions.total + 1);
    assert.equal(after.completion.count, before.completion.count + 1);
    assert.equal(tabs().filter((label) => label === "Research Statistics").length, 1);
  });
});
