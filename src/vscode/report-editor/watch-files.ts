import path from "node:path";
import * as vscode from "vscode";

/**
 * Tells what comes, changes and goes in the workspace, as a question to files: is it you, or what you lie in? A folder
 * that goes, or comes, is told of by its own name alone.
 */
export function watchFiles(tell: (isTouched: (file: string) => boolean) => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher("**/*");
  const touched = ({ fsPath }: vscode.Uri): void => {
    tell((file) => file === fsPath || file.startsWith(fsPath + path.sep));
  };
  return vscode.Disposable.from(
    watcher,
    watcher.onDidChange(touched),
    watcher.onDidCreate(touched),
    watcher.onDidDelete(touched),
  );
}
