import path from "node:path";
import * as vscode from "vscode";
import { isInside } from "../../common/files.js";
import { listSessions } from "../../app/sessions.js";
import { chooseFolder, loadWorkspaceConfig } from "../workspace-config.js";
import { WindowProblem } from "../errors.js";
import { openReportView, type OpenOptions } from "../report-view/view-column.js";
import { diskFolderOf, toWindowUri } from "../virtual/virtual-paths.js";

/**
 * The report file that a session refers to. Journals are untrusted, so only Markdown files in the folder, or
 * below the report folder, are opened.
 * @throws WindowProblem
 */
export async function reportUri(folder: vscode.Uri, report: string): Promise<vscode.Uri> {
  const workspaceFolder = vscode.workspace.getWorkspaceFolder(folder);
  const disk = workspaceFolder === undefined ? folder.fsPath : diskFolderOf(workspaceFolder);
  const file = path.resolve(disk, report);
  const reports =
    workspaceFolder === undefined
      ? null
      : (await loadWorkspaceConfig(workspaceFolder, null)).settings.reportOutputPath;
  const isOurs =
    file.endsWith(".md") &&
    ((await isInside(file, disk)) || (reports !== null && (await isInside(file, reports))));
  if (isOurs) return toWindowUri(file);
  throw new WindowProblem(
    "no-report",
    vscode.l10n.t("This session refers to a report outside this folder, so the report was not opened."),
  );
}

/** Opens a report in the report view. */
export async function openReport(folder: vscode.Uri, report: string, options?: OpenOptions): Promise<void> {
  await openReportView(await reportUri(folder, report), options);
}

/** Opens the newest report of the folder. @returns its path, relative to the folder */
export async function openLastReport(): Promise<string | undefined> {
  const folder = await chooseFolder();
  if (folder === undefined) return undefined;
  const { settings } = await loadWorkspaceConfig(folder, null);
  for (const { report } of await listSessions(settings.sessionStoragePath)) {
    if (report === null) continue;
    const exists = await reportUri(folder.uri, report)
      .then((uri) => vscode.workspace.fs.stat(uri))
      .then(
        () => true,
        () => false,
      );
    if (!exists) continue;
    await openReport(folder.uri, report);
    return report;
  }
  throw new WindowProblem("no-report", vscode.l10n.t("{0} has no reports yet.", folder.name));
}
