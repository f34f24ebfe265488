import path from "node:path";
import * as vscode from "vscode";

/** Changes are collected for this many milliseconds: a run writes many lines per second. */
const DEBOUNCE = 500;

/**
 * Watches the sessions of a folder, including those of other processes.
 * @param sessions absolute path of the session folder
 * @param tell receives the ids of changed sessions; none if any may have changed
 */
export function watchSessions(sessions: string, tell: (ids: string[]) => void): vscode.Disposable {
  const base = vscode.Uri.file(sessions);
  // A deleted folder causes only one event, for the folder itself.
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(base, "{*,*/journal.jsonl,*/lock,archive/*.json}"),
  );
  const ids = new Set<string>();
  let everything = false;
  let due: NodeJS.Timeout | undefined;
  const later = (uri: vscode.Uri): void => {
    const [id = "", ...inner] = path.relative(sessions, uri.fsPath).split(path.sep);
    if (id === "archive" || id === "" || id.startsWith(".."))
      everything ||= inner.length > 0 || id !== "archive";
    else ids.add(id);
    due ??= setTimeout(() => {
      due = undefined;
      const changed = everything ? [] : [...ids];
      const isNothing = !everything && changed.length === 0;
      everything = false;
      ids.clear();
      if (!isNothing) tell(changed);
    }, DEBOUNCE);
  };
  return vscode.Disposable.from(
    watcher,
    watcher.onDidChange(later),
    watcher.onDidCreate(later),
    watcher.onDidDelete(later),
    { dispose: () => clearTimeout(due) },
  );
}
