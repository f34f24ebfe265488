import { cacheRoot, clearCache, describeCleared } from "../../storage/cache/cache.js";
import { cacheFolder } from "../../config/storage-folders.js";
import { chooseFolder, loadWorkspaceConfig } from "../workspace-config.js";
import { showInformation } from "../show-messages.js";
import { localizeText } from "../l10n/localize.js";

/** Clears the cache of the chosen folder and reports what was removed. */
export async function clearWorkspaceCache(): Promise<void> {
  const folder = await chooseFolder();
  if (folder === undefined) return;
  const { workspace, settings } = await loadWorkspaceConfig(folder, null);
  const { sessionStoragePath: sessions } = settings;
  const removed = await clearCache(cacheFolder(sessions), cacheRoot(sessions, workspace));
  void showInformation(localizeText(describeCleared(removed)));
}
