import * as vscode from "vscode";

/*
 * The context key of the commands that need sessions: a fresh workspace is offered only what works there. The file is part of
 * the entry point's bundle, so it imports nothing.
 */

/** Sets the key if a folder of the window holds sessions, or may hold them where its settings file says. */
export async function updateSessionContext(): Promise<void> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  const found = await Promise.all(folders.map(mayHaveSessions));
  if (found.includes(true)) setSessionContext();
}

/** Says that there is a session. */
export function setSessionContext(): void {
  void vscode.commands.executeCommand("setContext", "deepResearch.hasSessions", true);
}

async function mayHaveSessions({ uri }: vscode.WorkspaceFolder): Promise<boolean> {
  const set = vscode.workspace.getConfiguration("deepResearch", uri).get<unknown>("sessionStoragePath");
  const sessions = typeof set === "string" && set !== "" ? set : "data/sessions";
  const isAbsolute = /^(?:[\\/]|[a-z]:)/i.test(sessions);
  const folder = isAbsolute ? vscode.Uri.file(sessions) : vscode.Uri.joinPath(uri, sessions);
  return (await exists(folder)) || (await exists(vscode.Uri.joinPath(uri, "deep-research.yaml")));
}

function exists(uri: vscode.Uri): Thenable<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
