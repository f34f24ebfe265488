import * as vscode from "vscode";
import { sourcesRead, type Live } from "../../core/progress/run-progress.js";
import { inert } from "../report-editor/escape-markdown.js";
import { translated } from "../l10n/translate.js";
import { dollars, moment } from "../l10n/format.js";
import { stateOf } from "./group-sessions.js";
import type { SessionNode } from "./nodes.js";
import { callsWord, depthWord, engineWord, sourcesWord, stateWord, timeWord } from "../l10n/session-words.js";

/** What is said of a session under the mouse. @param live null where its journal cannot be read */
export function sessionTooltip(node: SessionNode, live: Live | null, now: Date): vscode.MarkdownString {
  const { listed, here, id } = node;
  const text = new vscode.MarkdownString();
  if (listed.name !== undefined) text.appendMarkdown(`**${inert(listed.name)}**\n\n`);
  text.appendMarkdown(`${inert(listed.question === "" ? id : listed.question)}\n\n`);
  const rows: [string, string][] = [
    [vscode.l10n.t("State"), stateWord(here ? "running" : stateOf(listed))],
    [vscode.l10n.t("Started"), moment(listed.started)],
  ];
  if (live !== null) {
    if (live.engine !== null) rows.push([vscode.l10n.t("Engine"), engineWord(live.engine)]);
    if (live.depth !== null) rows.push([vscode.l10n.t("Depth"), depthWord(live.depth)]);
    rows.push([vscode.l10n.t("Sources"), sourcesWord(sourcesRead(live))]);
    const calls = callsWord(live.calls.model + live.calls.search);
    rows.push([vscode.l10n.t("Spend"), `${calls} · ${dollars(live.usd)} · ${timeWord(live, now)}`]);
  }
  text.appendMarkdown("| | |\n|---|---|\n");
  for (const [label, value] of rows) text.appendMarkdown(`| ${inert(label)} | ${inert(value)} |\n`);
  if (listed.why !== undefined) text.appendMarkdown(`\n\n${inert(translated(listed.why))}`);
  if (live?.error != null) text.appendMarkdown(`\n\n${inert(translated(live.error))}`);
  return text;
}
