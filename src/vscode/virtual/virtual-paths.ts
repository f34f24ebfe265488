import path from "node:path";
import * as vscode from "vscode";
import { sha256Hex } from "../../common/hash.js";
import { isBelow } from "../../common/is-below.js";

/*
 * Where a folder of the window is on the disk: a virtual one has a mirror. The file is part of the entry point's bundle, too,
 * so it imports next to nothing.
 */

let storage: vscode.Uri | null = null;

/** Called once in each bundle, before anything else here. */
export function setMirrorStorage({ globalStorageUri }: vscode.ExtensionContext): void {
  storage = vscode.Uri.joinPath(globalStorageUri, "virtual");
}

/** Whether a file or folder is on the disk. */
export function isOnDisk({ scheme }: vscode.Uri): boolean {
  return scheme === "file";
}

/** Whether sessions and reports can be saved in a folder: it is on the disk, or its file system can be written to. */
export function isUsableFolder({ uri }: vscode.WorkspaceFolder): boolean {
  return isOnDisk(uri) || vscode.workspace.fs.isWritableFileSystem(uri.scheme) === true;
}

/** The folder's files on the disk: its own, or its mirror, which need not be there yet. */
export function diskFolderOf({ uri }: vscode.WorkspaceFolder): string {
  return isOnDisk(uri) ? uri.fsPath : path.join(mirrorPlace(uri), "files");
}

/** Where a file of the window is on the disk; null for one that is neither there nor in a folder of the window. */
export function toDiskPath(uri: vscode.Uri): string | null {
  if (isOnDisk(uri)) return uri.fsPath;
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (folder === undefined || !isUsableFolder(folder)) return null;
  return path.join(diskFolderOf(folder), ...path.posix.relative(folder.uri.path, uri.path).split("/"));
}

/** The address of a file on the disk in this window: a file of a mirror has that of its folder. */
export function toWindowUri(file: string): vscode.Uri {
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    if (isOnDisk(folder.uri)) continue;
    const disk = diskFolderOf(folder);
    if (isBelow(file, disk))
      return vscode.Uri.joinPath(folder.uri, path.relative(disk, file).split(path.sep).join("/"));
  }
  return vscode.Uri.file(file);
}

/** The folder of a virtual folder's mirror. */
export function mirrorPlace(uri: vscode.Uri): string {
  if (storage === null) throw new Error("Virtual folders are not registered.");
  return path.join(storage.fsPath, sha256Hex(uri.toString()).slice(0, 16));
}
