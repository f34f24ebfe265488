import * as vscode from "vscode";
import { listSessions } from "../sessions/list.js";
import { chooseFolder, openHouse } from "./folder.js";
import { WindowProblem } from "./problems.js";

/** Opens a report in the Markdown preview, beside what is being worked on. */
export async function openReport(folder: vscode.Uri, report: string): Promise<void> {
  const uri = vscode.Uri.joinPath(folder, report);
  await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
}

/** Opens the newest report of the folder. @returns its path, relative to the folder */
export async function openLastReport(): Promise<string | undefined> {
  const folder = await chooseFolder();
  if (folder === undefined) return undefined;
  const { settings } = await openHouse(folder, null);
  for (const { report } of await listSessions(settings.sessionStoragePath)) {
    if (report === null) continue;
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
