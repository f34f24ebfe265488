import { formatMessage, toMessage, type Message } from "../../common/messages.js";
import path from "node:path";
import * as vscode from "vscode";
import { findSessionsFolder } from "../../app/load-config.js";
import { listReportFiles } from "../../app/reports.js";
import { describeVerification, verifyReports } from "../../app/verify-reports.js";
import { readSettingsUi } from "../settings-ui.js";
import { findReportsFolder } from "../workspace-config.js";
import { showInformation, pickOne, showWarning, withProgress } from "../show-messages.js";
import { WindowProblem } from "../errors.js";
import { SAMPLE, sampleReport } from "../getting-started.js";
import { localizeText } from "../l10n/localize.js";
import { formatNumber } from "../l10n/format.js";
import { hasReportHead } from "../../core/report/verdict-marks.js";
import { activeReportView, openReportView } from "../report-view/view-column.js";
import { openDiskFolder } from "../virtual/virtual-folders.js";
import { toDiskPath, toWindowUri } from "../virtual/virtual-paths.js";

/**
 * Verifies a report: the given one, otherwise the one in the active editor, otherwise one that the user picks.
 * SAMPLE stands for the report that comes with the extension. Only reads files, so it works in untrusted
 * workspaces, too.
 * @returns the result, or undefined if the pick was dismissed
 */
export async function verifyReport(
  argument: unknown,
  log: vscode.LogOutputChannel,
  extension: vscode.Uri,
): Promise<unknown> {
  const sample = argument === SAMPLE ? await sampleReport(extension) : undefined;
  const named = argument instanceof vscode.Uri ? argument : sample?.report;
  const uri = named ?? activeReport() ?? (await pickReport());
  if (uri === undefined) return undefined;
  const inWorkspace = vscode.workspace.getWorkspaceFolder(uri);
  const file = toDiskPath(uri) ?? uri.fsPath;
  const disk = inWorkspace === undefined ? sample?.folder.fsPath : await openDiskFolder(inWorkspace, true);
  const folder = disk ?? path.dirname(file);
  const sessions =
    inWorkspace === undefined ? null : await findSessionsFolder(folder, readSettingsUi(inWorkspace.uri));
  const { checked } = await withProgress(vscode.l10n.t("Checking citations"), (signal) =>
    verifyReports([file], folder, signal, { sessions, root: disk ?? null }),
  );
  const [result] = checked;
  if (result === undefined) return undefined;
  const report = inWorkspace !== undefined ? vscode.workspace.asRelativePath(uri) : path.basename(uri.fsPath);
  const lines = describeVerification({ ...result, report });
  for (const line of lines) {
    if (result.ok) log.info(formatMessage(line));
    else log.warn(formatMessage(line));
  }
  void showVerification(result.ok, lines, uri, log);
  return result;
}

async function showVerification(
  ok: boolean,
  lines: Message[],
  uri: vscode.Uri,
  log: vscode.LogOutputChannel,
): Promise<void> {
  const [summary, ...findings] = lines;
  const open = vscode.l10n.t("Open Report");
  const details = vscode.l10n.t("Show Log");
  const buttons = findings.length > 0 ? [details] : [open];
  const [only] = findings;
  const more =
    findings.length > 1
      ? vscode.l10n.t("{0} findings.", formatNumber(findings.length))
      : localizeText(only ?? toMessage(""));
  const message = [localizeText(summary ?? toMessage("")), more].filter((each) => each !== "").join(" ");
  const chosen = await (ok ? showInformation(message, ...buttons) : showWarning(message, ...buttons));
  if (chosen === details) log.show();
  if (chosen === open) await openReportView(uri);
}

/** The report in the active view, or the Markdown file in the active editor, if it looks like a report. */
export function activeReport(): vscode.Uri | undefined {
  const inView = activeReportView();
  if (inView !== undefined) return inView;
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId !== "markdown" || toDiskPath(document.uri) === null) return undefined;
  return hasReportHead(document.getText().slice(0, 4000)) ? document.uri : undefined;
}

interface ReportItem extends vscode.QuickPickItem {
  uri: vscode.Uri;
}

async function pickReport(): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) {
    throw new WindowProblem("no-folder", vscode.l10n.t("No folder is open, so there are no reports."));
  }
  const items = (await Promise.all(folders.map(listReports))).flat();
  if (items.length === 0) {
    throw new WindowProblem("no-report", vscode.l10n.t("There are no reports to verify yet."));
  }
  const chosen = await pickOne(items, {
    title: vscode.l10n.t("Deep Research: Verify Report"),
    // A preview that is just opening takes the focus.
    ignoreFocusOut: true,
  });
  return chosen?.uri;
}

/** The reports of a folder, newest first. */
async function listReports(folder: vscode.WorkspaceFolder): Promise<ReportItem[]> {
  return (await listReportFiles(await findReportsFolder(folder))).map((file) => ({
    label: path.basename(file, ".md"),
    description: folder.name,
    uri: toWindowUri(file),
  }));
}
