import * as vscode from "vscode";
import { loadWorkspaceSettings } from "../../app/load-config.js";
import { FolderMirror, pushSessions } from "../../app/mirror-folder.js";
import { readSettingsUi } from "../settings-ui.js";
import { ProviderStore } from "./provider-store.js";
import { isOnDisk, mirrorPlace, setMirrorStorage } from "./virtual-paths.js";

/*
 * Folders of a window that are not on the disk, such as a repository that is opened without a clone. Research needs
 * locks, durable appends and threads that read files, so it works in a mirror below the extension's own storage;
 * sessions and reports are copied back. `virtual-paths.ts` translates between the two.
 */

interface VirtualFolder {
  mirror: FolderMirror;
  /** What the first copy left out was said. */
  isNew: boolean;
  /** Files changed since the last copy. */
  isStale: boolean;
}

/** Milliseconds between two copies to the folder while a run goes on. */
const PUSH_EVERY = 2000;

let log: vscode.LogOutputChannel | null = null;
const opened = new Map<string, VirtualFolder>();
const waiting = new Map<string, NodeJS.Timeout>();

/** Called once, before anything else here. */
export function registerVirtualFolders(
  context: vscode.ExtensionContext,
  channel: vscode.LogOutputChannel,
): void {
  setMirrorStorage(context);
  log = channel;
  const watcher = vscode.workspace.createFileSystemWatcher("**/*");
  const markStale = (uri: vscode.Uri): void => {
    const folder = isOnDisk(uri) ? undefined : vscode.workspace.getWorkspaceFolder(uri);
    const found = folder === undefined ? undefined : opened.get(folder.uri.toString());
    if (found !== undefined) found.isStale = true;
  };
  context.subscriptions.push(
    watcher,
    watcher.onDidChange(markStale),
    watcher.onDidCreate(markStale),
    watcher.onDidDelete(markStale),
    {
      dispose: () => {
        for (const timer of waiting.values()) clearTimeout(timer);
      },
    },
  );
}

/**
 * The folder on the disk, up to date.
 * @param isFresh whether it is compared with the folder even if no change was seen
 * @throws ResearchError as `FolderMirror.pull`
 */
export async function openDiskFolder(folder: vscode.WorkspaceFolder, isFresh = false): Promise<string> {
  if (isOnDisk(folder.uri)) return folder.uri.fsPath;
  const found = openFolder(folder);
  if (!found.isStale && !isFresh) return found.mirror.folder;
  found.isStale = false;
  try {
    const { leftOut } = await found.mirror.pull(new AbortController().signal);
    if (found.isNew && leftOut > 0)
      log?.warn(
        `${folder.name}: ${leftOut} files are not read, because the folder is not on disk and too large.`,
      );
    found.isNew = false;
  } catch (error) {
    found.isStale = true;
    throw error;
  }
  return found.mirror.folder;
}

/** Copies sessions and reports that changed to their folder. @throws ResearchError as `pushSessions` */
export async function saveVirtualFolder(folder: vscode.WorkspaceFolder): Promise<void> {
  const found = opened.get(folder.uri.toString());
  if (found === undefined) return;
  clearTimeout(waiting.get(folder.uri.toString()));
  waiting.delete(folder.uri.toString());
  const settings = await loadWorkspaceSettings(found.mirror.folder, readSettingsUi(folder.uri));
  await pushSessions(found.mirror, settings, new AbortController().signal);
}

/** The same for all folders of the window. */
export async function saveVirtualFolders(): Promise<void> {
  for (const folder of vscode.workspace.workspaceFolders ?? []) await saveVirtualFolder(folder);
}

/** Copies soon what a run has written; a failure is logged, since the end of the run copies again. */
export function saveVirtualFolderSoon(folder: vscode.WorkspaceFolder): void {
  const key = folder.uri.toString();
  if (!opened.has(key) || waiting.has(key)) return;
  const timer = setTimeout(() => {
    waiting.delete(key);
    saveVirtualFolder(folder).catch((error: unknown) =>
      log?.warn(error instanceof Error ? error.message : String(error)),
    );
  }, PUSH_EVERY);
  waiting.set(key, timer);
}

function openFolder({ uri }: vscode.WorkspaceFolder): VirtualFolder {
  const key = uri.toString();
  const known = opened.get(key);
  if (known !== undefined) return known;
  const mirror = new FolderMirror(new ProviderStore(uri), mirrorPlace(uri));
  const made = { mirror, isNew: true, isStale: true };
  opened.set(key, made);
  return made;
}
