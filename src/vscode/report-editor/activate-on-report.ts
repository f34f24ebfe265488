import * as vscode from "vscode";
import { hasReportFrontMatter } from "./front-matter.js";

/** Until then, nobody waits for a badge: the window is to be there first. Milliseconds. */
const LATER = 4000;

/**
 * Calls `load` as soon as a report of ours is open, and a while after the start where the workspace has reports whose
 * badges the explorer may show. Looks at no more than a document's first lines.
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
      document.uri.scheme === "file" &&
      hasReportFrontMatter(document)
    ) {
      found();
    }
  };
  const timer = setTimeout(() => void hasReports().then((has) => (has ? found() : undefined)), LATER);
  const waiting: vscode.Disposable[] = [
    vscode.workspace.onDidOpenTextDocument(look),
    // A file that becomes a report while it is open, as a new one does.
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
