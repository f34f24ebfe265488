import { cacheRoot, clearCache, clearedLine } from "../../storage/cache/cache.js";
import { cacheFolder } from "../../config/storage-folders.js";
import { chooseFolder, openHouse } from "../workspace-config.js";
import { inform } from "../show-messages.js";
import { translated } from "../l10n/translate.js";

/** Empties the cache of the folder that is meant, and says what that was. */
export async function clearWorkspaceCache(): Promise<void> {
  const folder = await chooseFolder();
  if (folder === undefined) return;
  const { workspace, settings } = await openHouse(folder, null);
  const { sessionStoragePath: sessions } = settings;
  const removed = await clearCache(cacheFolder(sessions), cacheRoot(sessions, workspace));
  void inform(translated(clearedLine(removed)));
}
