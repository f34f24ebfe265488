import * as vscode from "vscode";
import { findChangedSessions, SESSION_WATCH_GLOB } from "../../app/sessions.js";

/** Changes are collected for this many milliseconds: a run writes many lines per second. */
const DEBOUNCE = 500;

/**
 * Watches the sessions of a folder, including those of other processes.
 * @param sessions absolute path of the session folder
 * @param tell receives the ids of changed sessions; none if any may have changed
 */
export function watchSessions(sessions: string, tell: (ids: string[]) => void): vscode.Disposable {
  const base = vscode.Uri.file(sessions);
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(base, SESSION_WATCH_GLOB),
  );
  const ids = new Set<string>();
  let everything = false;
  let due: NodeJS.Timeout | undefined;
  const later = (uri: vscode.Uri): void => {
    const found = findChangedSessions(sessions, uri.fsPath);
    if (found === "all") everything = true;
    else if (found !== "none") ids.add(found.id);
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
