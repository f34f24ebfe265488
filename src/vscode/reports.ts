import path from "node:path";
import * as vscode from "vscode";
import { listSessions } from "../sessions/list.js";
import { chooseFolder, openHouse } from "./folder.js";
import { WindowProblem } from "./problems.js";
import { outsideOf } from "./report/outside.js";
import { linkRoots } from "./report/roots.js";

/** Opens a report in the Markdown preview, beside what is being worked on. */
export async function openReport(folder: vscode.Uri, report: string): Promise<void> {
  const uri = vscode.Uri.joinPath(folder, report);
  // A journal says where its report is, and a journal may come from anybody.
  const out = outsideOf(uri.fsPath, linkRoots(folder));
  if (out !== null) {
    throw new WindowProblem(
      "no-report",
      vscode.l10n.t("This session names a report outside of the workspace, so it is not opened: {0}", out),
    );
  }
  await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
}

/** Opens the newest report of the folder. @returns its path, relative to the folder */
export async function openLastReport(): Promise<string | undefined> {
  const folder = await chooseFolder();
  if (folder === undefined) return undefined;
  const { settings } = await openHouse(folder, null);
  for (const { report } of await listSessions(settings.sessionStoragePath)) {
    if (report === null || outsideOf(path.join(folder.uri.fsPath, report), linkRoots(folder.uri)) !== null)
      continue;
    const exists = await vscode.workspace.fs.stat(vscode.Uri.joinPath(folder.uri, report)).then(
      () => true,
      () => false,
    );
    if (!exists) continue;
    await openReport(folder.uri, report);
    return report;
  }
  throw new WindowProblem("no-report", vscode.l10n.t("There is no report in {0} yet.", folder.name));
}
