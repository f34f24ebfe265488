import * as vscode from "vscode";
import { PHASES } from "../../core/progress/run-progress.js";
import { createOwnLink } from "../command-callers.js";
import { toPlainLabel } from "../plain-text.js";
import { escapeMarkdown } from "../report-editor/escape-markdown.js";
import type { ActiveRun, ActiveRuns } from "./active-runs.js";
import {
  describeStep,
  describePhase,
  shortenText,
  describeSpend,
  describeDuration,
} from "../l10n/session-words.js";

/**
 * The status bar item: the current step of one run, or the number of runs. A click shows the run in the view.
 */
export function createStatusBarItem(runs: ActiveRuns): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("deepResearch.run", vscode.StatusBarAlignment.Left, 0);
  item.name = "Deep Research";
  let clicked: { session: string | null; command: vscode.Command } | undefined;
  const show = (): void => {
    const all = runs.list();
    const [only] = all;
    if (only === undefined) {
      item.hide();
      return;
    }
    const text = all.length === 1 ? statusLine(only) : vscode.l10n.t("{0} runs in progress", all.length);
    item.text = `$(sync~spin) ${text}`;
    item.tooltip = createTooltip(all);
    const session = all.length === 1 ? only.session : null;
    // Assign a new command only when the session changes; VS Code disposes the old one and a click in between
    // would do nothing.
    if (clicked?.session !== session) clicked = { session, command: showCommand(session) };
    item.command = clicked.command;
    item.accessibilityInformation = { label: `Deep Research: ${text}`, role: "button" };
    item.show();
  };
  return vscode.Disposable.from(item, runs.onDidChange(show));
}

function showCommand(session: string | null): vscode.Command {
  return {
    title: vscode.l10n.t("Show"),
    command: "deepResearch.showSession",
    arguments: session === null ? [] : [session],
  };
}

/** "2/5 Reading docs/retries.md · 3 sources · 12 calls · $0.0042" */
function statusLine({ live }: ActiveRun): string {
  const at = `${PHASES.indexOf(live.phase) + 1}/${PHASES.length}`;
  return `${at} ${toPlainLabel(shortenText(describeStep(live), 48))} · ${describeSpend(live)}`;
}

/** Escapes untrusted text for a tooltip with links and icons. */
function escaped(text: string): string {
  return escapeMarkdown(toPlainLabel(text));
}

/** Each run with its current step and its actions. */
function createTooltip(runs: readonly ActiveRun[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString("", true);
  const enabledCommands = ["deepResearch.showSession", "deepResearch.finish", "deepResearch.cancel"];
  text.isTrusted = { enabledCommands };
  for (const [index, { live, session }] of runs.entries()) {
    if (index > 0) text.appendMarkdown("\n\n---\n\n");
    const lines = [
      `**${escaped(shortenText(live.question, 120))}**`,
      escaped(`${describePhase(live.phase)}: ${describeStep(live)}`),
      escaped(`${describeSpend(live)} · ${describeDuration(live, new Date())}`),
    ];
    text.appendMarkdown(lines.join("\n\n"));
    if (session === null) continue;
    const link = (icon: string, title: string, command: string): string =>
      `[$(${icon}) ${title}](command:${command}?${encodeURIComponent(JSON.stringify([createOwnLink(session)]))})`;
    text.appendMarkdown("\n\n");
    text.appendMarkdown(
      [
        link("list-tree", vscode.l10n.t("Show"), "deepResearch.showSession"),
        link("check", vscode.l10n.t("Finish Now"), "deepResearch.finish"),
        link("debug-stop", vscode.l10n.t("Cancel"), "deepResearch.cancel"),
      ].join("&nbsp;&nbsp; "),
    );
  }
  return text;
}
