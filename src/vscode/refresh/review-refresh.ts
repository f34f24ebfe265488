import path from "node:path";
import * as vscode from "vscode";
import type { EngineConfig } from "../../app/types.js";
import {
  acceptRefresh,
  listPendingRefreshes,
  discardRefresh,
  type PendingRefresh,
} from "../../app/pending-refreshes.js";
import type { RefreshResult } from "../../app/run-result.js";
import { isCancelled, ResearchError } from "../../common/errors.js";
import { formatChanges } from "../../core/report/report-diff.js";
import { isDraftPath, readReportText } from "../../app/reports.js";
import { loadWorkspaceConfig } from "../workspace-config.js";
import { askModal, showInformation, pickOne } from "../show-messages.js";
import { showProblem, WindowProblem } from "../errors.js";
import { resolveOutside } from "../report-editor/outside-links.js";
import { allowedLinkRoots } from "../report-editor/link-roots.js";
import { openReport } from "../reports/open-report.js";
import { isReportViewOpen, openReportView } from "../report-view/view-column.js";
import { findFirstChangedLine } from "./first-changed-line.js";
import { pickChange, describeChanges } from "./describe-changes.js";
import { assertTrusted, toSessionId, toUri } from "../reports/pick-report.js";
import { isUsableFolder, toDiskPath, toWindowUri } from "../virtual/virtual-paths.js";

/* A refreshed report that waits: shows what changed, then accepts or discards it. */

/** Shows the result of a refresh: a diff of the two reports, or that nothing changed. */
export async function showRefreshed(
  folder: vscode.Uri,
  session: string,
  { report, draft, edited, changes }: RefreshResult,
  log: vscode.LogOutputChannel,
): Promise<void> {
  for (const line of formatChanges(changes)) log.info(line);
  const uri = vscode.Uri.joinPath(folder, report);
  if (draft === null) {
    void showUnchanged(uri, describeChanges(changes));
    return;
  }
  if (resolveOutside(toDiskPath(uri) ?? uri.fsPath, allowedLinkRoots(folder)) !== null) return;
  await openDiff(uri, vscode.Uri.joinPath(folder, draft));
  const edits = edited ? vscode.l10n.t("Your manual edits are not in the refreshed report.") : "";
  const summary = [describeChanges(changes), edits].filter((part) => part !== "").join(" ");
  void offerAcceptance(session, vscode.l10n.t("The refreshed report is ready for review. {0}", summary), log);
}

async function showUnchanged(uri: vscode.Uri, summary: string): Promise<void> {
  const open = vscode.l10n.t("Open Report");
  const message =
    summary === ""
      ? vscode.l10n.t("The report is up to date: every source still says the same.")
      : vscode.l10n.t("The report is up to date (some sources could not be re-read). {0}", summary);
  if ((await showInformation(message, open)) !== open) return;
  await openReportView(uri);
}

async function offerAcceptance(
  session: string,
  message: string,
  log: vscode.LogOutputChannel,
): Promise<void> {
  const accept = vscode.l10n.t("Accept");
  const discard = vscode.l10n.t("Discard");
  const chosen = await showInformation(message, accept, discard);
  try {
    if (chosen === accept) await acceptPendingRefresh(session);
    if (chosen === discard) await discardPendingRefresh(session);
  } catch (error) {
    if (!isCancelled(error)) await showProblem(error, log);
  }
}

/** Opens the diff of two reports at their first difference. */
async function openDiff(report: vscode.Uri, draft: vscode.Uri): Promise<void> {
  const title = vscode.l10n.t("{0} (Old ↔ Refreshed)", path.basename(report.fsPath, ".md"));
  const [before, after] = await Promise.all([readReportText(report.fsPath), readReportText(draft.fsPath)]);
  const line = findFirstChangedLine(before, after);
  const selection = new vscode.Range(line, 0, line, 0);
  await vscode.commands.executeCommand("vscode.diff", report, draft, title, { preview: false, selection });
}

/**
 * Replaces the old report with the refreshed one.
 * @returns its result; undefined if the user dismissed the pick
 */
export async function acceptPendingRefresh(
  argument: unknown,
): Promise<{ session: string; report: string } | undefined> {
  const found = await choosePendingRefresh(argument, vscode.l10n.t("Select the Refreshed Report to Accept"));
  if (found === undefined) return undefined;
  const { waiting, folder, config } = found;
  assertInsideWorkspace(waiting, folder);
  // The draft may have been edited in the diff editor: accept what is shown.
  await documentAt(vscode.Uri.file(waiting.draft))?.save();
  const report = toWindowUri(waiting.report);
  const isDirty = documentAt(report)?.isDirty === true;
  // Keep the document open while it changes: the preview compares document versions, which restart when it is
  // reopened.
  await vscode.workspace.openTextDocument(report).then(undefined, () => undefined);
  let settled: { session: string; report: string } | undefined;
  try {
    if (!isDirty) settled = await acceptRefresh(config, waiting.session, false);
  } catch (error) {
    if (!(error instanceof ResearchError) || error.code !== "conflict") throw error;
  }
  if (settled === undefined) {
    const replace = vscode.l10n.t("Replace");
    const name = path.basename(waiting.report);
    const chosen = await askModal({
      message: vscode.l10n.t("{0} has been edited or removed since the refresh started.", name),
      detail: vscode.l10n.t("The refreshed report does not include these edits."),
      safe: vscode.l10n.t("Keep the Old Report"),
      buttons: [replace],
    });
    if (chosen !== replace) return undefined;
    settled = await acceptRefresh(config, waiting.session, true);
  }
  const open = textTabs(report).at(0);
  await waitForReload(report);
  await closeDiff(waiting);
  // A report that was read as text stays so: one report has one tab.
  if (open !== undefined && !isReportViewOpen(report)) {
    await vscode.window.showTextDocument(report, { viewColumn: open.group.viewColumn, preview: false });
    return settled;
  }
  if (open === undefined) await vscode.window.tabGroups.close(textTabs(report));
  await openReport(folder.uri, settled.report);
  return settled;
}

/** Removes a refreshed report. @returns its result; undefined if the pick was dismissed */
export async function discardPendingRefresh(
  argument: unknown,
): Promise<{ session: string; report: string } | undefined> {
  const found = await choosePendingRefresh(argument, vscode.l10n.t("Select the Refreshed Report to Discard"));
  if (found === undefined) return undefined;
  const { waiting, config } = found;
  await closeDiff(waiting);
  return discardRefresh(config, waiting.session);
}

/** Lists the changes of a refreshed report and goes to the picked sentence. */
export async function showChanges(argument: unknown): Promise<number | undefined> {
  const found = await choosePendingRefresh(argument, vscode.l10n.t("Select the Refreshed Report to Compare"));
  if (found === undefined) return undefined;
  const { report, draft, changes } = found.waiting;
  assertInsideWorkspace(found.waiting, found.folder);
  if (changes === null) return undefined;
  const line = await pickChange(changes, vscode.Uri.file(draft));
  if (line === undefined) return undefined;
  await openDiff(toWindowUri(report), vscode.Uri.file(draft));
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return line;
  const at = new vscode.Position(line, 0);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenter);
  return line;
}

/**
 * The session file names the report that it refreshes, and session files are untrusted.
 * @throws WindowProblem
 */
function assertInsideWorkspace({ report }: PendingRefresh, folder: vscode.WorkspaceFolder): void {
  const out = resolveOutside(report, allowedLinkRoots(folder.uri));
  if (out === null) return;
  throw new WindowProblem(
    "no-report",
    vscode.l10n.t(
      "The refreshed report belongs to a file outside the workspace, so nothing was changed: {0}",
      out,
    ),
  );
}

interface Found {
  waiting: PendingRefresh;
  folder: vscode.WorkspaceFolder;
  config: EngineConfig;
}

/** Finds a refreshed report by its session, draft or report; otherwise the only one or a pick. */
async function choosePendingRefresh(argument: unknown, title: string): Promise<Found | undefined> {
  assertTrusted();
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(isUsableFolder);
  const all = await Promise.all(
    folders.map(async (folder): Promise<Found[]> => {
      const config = await loadWorkspaceConfig(folder, null);
      return (await listPendingRefreshes(config)).map((waiting) => ({ waiting, folder, config }));
    }),
  );
  const session = toSessionId(argument);
  const uri = toUri(argument) ?? (session === undefined ? activeDraft() : undefined);
  const meant = all.flat().filter(({ waiting }) => {
    if (session !== undefined) return waiting.session === session;
    return uri === undefined || [waiting.draft, waiting.report].includes(toDiskPath(uri) ?? uri.fsPath);
  });
  const [only] = meant;
  if (only === undefined) {
    throw new WindowProblem("no-report", vscode.l10n.t("No refreshed report is waiting to be accepted."));
  }
  if (meant.length === 1) return only;
  const chosen = await pickOne(
    meant.map((found) => ({
      label: path.basename(found.waiting.report, ".md"),
      description: found.waiting.question,
      found,
    })),
    { title, matchOnDescription: true },
  );
  return chosen?.found;
}

/** The draft in the active editor, if any. */
function activeDraft(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uri = input instanceof vscode.TabInputTextDiff ? input.modified : undefined;
  return uri !== undefined && isDraftPath(uri.fsPath) ? uri : undefined;
}

function textTabs(report: vscode.Uri): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputText && input.uri.fsPath === report.fsPath);
}

async function closeDiff({ draft }: PendingRefresh): Promise<void> {
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input }) => {
      const uri =
        input instanceof vscode.TabInputTextDiff
          ? input.modified
          : input instanceof vscode.TabInputText
            ? input.uri
            : undefined;
      return uri?.fsPath === draft;
    });
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
}

/** Number of tries, and the milliseconds between them, to wait until VS Code has noticed a changed file. */
const TRIES = 20;
const PAUSE = 100;

/** Waits until VS Code has loaded the file from disk; otherwise a new preview would show the old text. */
async function waitForReload(uri: vscode.Uri): Promise<void> {
  const isCurrent = async (): Promise<boolean> => {
    const shown = await vscode.workspace.openTextDocument(uri);
    return shown.getText() === (await readReportText(toDiskPath(uri) ?? uri.fsPath));
  };
  for (let tries = 0; tries < TRIES; tries++) {
    if (await isCurrent()) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  await vscode.window.showTextDocument(uri);
  await vscode.commands.executeCommand("workbench.action.files.revert");
}

/** The open document of a file, if any. */
export function documentAt(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((each) => each.uri.fsPath === uri.fsPath);
}
