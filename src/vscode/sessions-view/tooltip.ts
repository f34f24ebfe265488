import * as vscode from "vscode";
import { countReadSources, type RunProgress } from "../../core/progress/run-progress.js";
import { escapeMarkdown } from "../report-editor/escape-markdown.js";
import { localizeText } from "../l10n/localize.js";
import { formatDateTime } from "../l10n/format.js";
import { sessionState } from "./group-sessions.js";
import type { SessionNode } from "./nodes.js";
import {
  describeCost,
  describeDepth,
  describeEngine,
  describeSourceCount,
  describeState,
  describeDuration,
} from "../l10n/session-words.js";

/** A session's tooltip. @param live null if its journal cannot be read */
export function renderSessionTooltip(
  node: SessionNode,
  live: RunProgress | null,
  now: Date,
): vscode.MarkdownString {
  const { listed, here, id } = node;
  const text = new vscode.MarkdownString();
  if (listed.name !== undefined) text.appendMarkdown(`**${escapeMarkdown(listed.name)}**\n\n`);
  text.appendMarkdown(`${escapeMarkdown(listed.question === "" ? id : listed.question)}\n\n`);
  const rows: [string, string][] = [
    [vscode.l10n.t("State"), describeState(here ? "running" : sessionState(listed))],
    [vscode.l10n.t("Started"), formatDateTime(listed.started)],
  ];
  if (live !== null) {
    if (live.engine !== null) rows.push([vscode.l10n.t("Engine"), describeEngine(live.engine)]);
    if (live.depth !== null) rows.push([vscode.l10n.t("Depth"), describeDepth(live.depth)]);
    rows.push([vscode.l10n.t("Sources"), describeSourceCount(countReadSources(live))]);
    rows.push([vscode.l10n.t("Spend"), `${describeCost(live)} · ${describeDuration(live, now)}`]);
  }
  text.appendMarkdown("| | |\n|---|---|\n");
  for (const [label, value] of rows)
    text.appendMarkdown(`| ${escapeMarkdown(label)} | ${escapeMarkdown(value)} |\n`);
  if (listed.why !== undefined) text.appendMarkdown(`\n\n${escapeMarkdown(localizeText(listed.why))}`);
  if (live?.error != null) text.appendMarkdown(`\n\n${escapeMarkdown(localizeText(live.error))}`);
  return text;
}
