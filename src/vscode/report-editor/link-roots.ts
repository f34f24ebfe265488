import path from "node:path";
import * as vscode from "vscode";
import { reportHomeFolder } from "./outside-links.js";

/** Settings of folders that a user, never a workspace, may place outside of it. */
const FOLDERS = ["reportOutputPath", "sessionStoragePath"];

/** The folders that the links of a report may lead to: those of the window, and those that the user set. */
export function allowedLinkRoots(report: vscode.Uri): string[] {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  const own =
    vscode.workspace.getWorkspaceFolder(report) === undefined ? [reportHomeFolder(report.fsPath)] : [];
  const configuration = vscode.workspace.getConfiguration("deepResearch", report);
  const set = FOLDERS.flatMap((name) => {
    const value = configuration.inspect(name)?.globalValue;
    return typeof value === "string" && path.isAbsolute(value) ? [value] : [];
  });
  return [...folders.map(({ uri }) => uri.fsPath), ...own, ...set];
}
