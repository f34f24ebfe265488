import path from "node:path";
import * as vscode from "vscode";

/**
 * Reports workspace changes as a predicate: was this file, or a folder containing it, touched? A folder that is
 * created or removed causes only one event for itself.
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
