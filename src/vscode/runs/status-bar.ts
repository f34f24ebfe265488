import * as vscode from "vscode";
import { PHASES } from "../../core/progress/run-progress.js";
import { linkTo } from "../command-callers.js";
import { plain } from "../plain-text.js";
import { inert } from "../report-editor/escape-markdown.js";
import type { Run, RunsHere } from "./active-runs.js";
import { doingWord, phaseWord, short, spendLine, timeWord } from "../l10n/session-words.js";

/** The status bar's item: one run with what it does, several with their number. A click shows it in the view. */
export function showStatus(runs: RunsHere): vscode.Disposable {
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
    const text = all.length === 1 ? lineOf(only) : vscode.l10n.t("{0} researches", all.length);
    item.text = `$(sync~spin) ${text}`;
    item.tooltip = tooltipOf(all);
    const session = all.length === 1 ? only.session : null;
    // Set anew only for another session: the window forgets the one before, and a click at that moment finds nothing.
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
function lineOf({ live }: Run): string {
  const at = `${PHASES.indexOf(live.phase) + 1}/${PHASES.length}`;
  return `${at} ${plain(short(doingWord(live), 48))} · ${spendLine(live)}`;
}

/** Somebody's words in a tooltip that has links and icons of ours. */
function escaped(text: string): string {
  return inert(plain(text));
}

/** Each run with what it does, and what can be done about it. */
function tooltipOf(runs: readonly Run[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString("", true);
  const enabledCommands = ["deepResearch.showSession", "deepResearch.finish", "deepResearch.cancel"];
  text.isTrusted = { enabledCommands };
  for (const [index, { live, session }] of runs.entries()) {
    if (index > 0) text.appendMarkdown("\n\n---\n\n");
    const lines = [
      `**${escaped(short(live.question, 120))}**`,
      escaped(`${phaseWord(live.phase)}: ${doingWord(live)}`),
      escaped(`${spendLine(live)} · ${timeWord(live, new Date())}`),
    ];
    text.appendMarkdown(lines.join("\n\n"));
    if (session === null) continue;
    const link = (icon: string, title: string, command: string): string =>
      `[$(${icon}) ${title}](command:${command}?${encodeURIComponent(JSON.stringify([linkTo(session)]))})`;
    text.appendMarkdown("\n\n");
    text.appendMarkdown(
      [
        link("list-tree", vscode.l10n.t("Show"), "deepResearch.showSession"),
        link("check", vscode.l10n.t("Finish with What Is There"), "deepResearch.finish"),
        link("debug-stop", vscode.l10n.t("Cancel"), "deepResearch.cancel"),
      ].join("&nbsp;&nbsp; "),
    );
  }
  return text;
}
