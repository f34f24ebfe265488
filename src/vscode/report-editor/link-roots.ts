import path from "node:path";
import * as vscode from "vscode";
import { reportHomeFolder } from "./outside-links.js";
import { diskFolderOf, isUsableFolder } from "../virtual/virtual-paths.js";

/** Folder settings that the user, but not a workspace, may point outside the workspace. */
const FOLDERS = ["reportOutputPath", "sessionStoragePath"];

/** The folders that links in a report may point into: those of the window and of the user's settings. */
export function allowedLinkRoots(report: vscode.Uri): string[] {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(isUsableFolder);
  const ownFolders =
    vscode.workspace.getWorkspaceFolder(report) === undefined ? [reportHomeFolder(report.fsPath)] : [];
  const configuration = vscode.workspace.getConfiguration("deepResearch", report);
  const set = FOLDERS.flatMap((name) => {
    const value = configuration.inspect(name)?.globalValue;
    return typeof value === "string" && path.isAbsolute(value) ? [value] : [];
  });
  return [...folders.map(diskFolderOf), ...ownFolders, ...set];
}
