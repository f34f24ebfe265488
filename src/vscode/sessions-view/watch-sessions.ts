import path from "node:path";
import * as vscode from "vscode";

/** What is gathered before it is told: a run writes many lines a second. */
const DEBOUNCE = 500;

/**
 * Watches the sessions of a folder, whoever writes them.
 * @param sessions where they lie, absolute
 * @param tell gets the ids of those that changed; none where anything may have
 */
export function watchSessions(sessions: string, tell: (ids: string[]) => void): vscode.Disposable {
  const base = vscode.Uri.file(sessions);
  // A folder that goes is told of by its own name alone.
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
