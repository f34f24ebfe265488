import * as vscode from "vscode";

/**
 * Whether a feature of the window itself is on. Only the user's own settings count, since it is asked before a folder's
 * files are read, and a workspace must not turn off what guards against it.
 */
export function isOnForUser(feature: "previewPlugin" | "reportView" | "githubSearch"): boolean {
  const set: unknown = vscode.workspace.getConfiguration("deepResearch").inspect("features")?.globalValue;
  return !(typeof set === "object" && set !== null && (set as Record<string, unknown>)[feature] === false);
}
