import * as vscode from "vscode";
import { cacheFolder, cacheRoot, clearCache, clearedLine } from "../sessions/cache.js";
import { chooseFolder, openHouse } from "./folder.js";
import { translated } from "./translate.js";

/** Empties the cache of the folder that is meant, and says what that was. */
export async function clearWorkspaceCache(): Promise<void> {
  const folder = await chooseFolder();
  if (folder === undefined) return;
  const { workspace, settings } = await openHouse(folder, null);
  const { sessionStoragePath: sessions } = settings;
  const removed = await clearCache(cacheFolder(sessions), cacheRoot(sessions, workspace));
  void vscode.window.showInformationMessage(translated(clearedLine(removed)));
}
