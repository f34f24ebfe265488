import * as vscode from "vscode";
import { hasReportFrontMatter } from "./front-matter.js";

/** Delay in milliseconds before badges are loaded, so that window startup is not slowed down. */
const LATER = 4000;

/**
 * Calls `load` when a report is open, and some time after startup if the workspace has reports that the
 * explorer may show. Reads only the first lines of a document.
 */
export function activateOnReport(context: vscode.ExtensionContext, load: () => void): void {
  const done = new vscode.Disposable(() => {
    for (const each of waiting) each.dispose();
  });
  const found = (): void => {
    done.dispose();
    load();
  };
  const look = (document: vscode.TextDocument): void => {
    if (
      document.languageId === "markdown" &&
      (document.uri.scheme === "file" || vscode.workspace.getWorkspaceFolder(document.uri) !== undefined) &&
      hasReportFrontMatter(document)
    ) {
      found();
    }
  };
  const timer = setTimeout(() => void hasReports().then((has) => (has ? found() : undefined)), LATER);
  const waiting: vscode.Disposable[] = [
    vscode.workspace.onDidOpenTextDocument(look),
    // A document can become a report while it is open, such as a new one.
    vscode.workspace.onDidSaveTextDocument(look),
    new vscode.Disposable(() => clearTimeout(timer)),
  ];
  context.subscriptions.push(done);
  vscode.workspace.textDocuments.forEach(look);
}

async function hasReports(): Promise<boolean> {
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    const setting = vscode.workspace.getConfiguration("deepResearch", uri).get<string>("reportOutputPath");
    const isBelow = setting !== undefined && !/^(?:[/\\]|[a-z]:|$)/i.test(setting);
    const folder = vscode.Uri.joinPath(uri, isBelow ? setting : "data/reports");
    const isThere = await vscode.workspace.fs.stat(folder).then(
      () => true,
      () => false,
    );
    if (isThere) return true;
  }
  return false;
}
