import { cacheFolder, cacheRoot, clearCache, clearedLine } from "../sessions/cache.js";
import { chooseFolder, openHouse } from "./folder.js";
import { inform } from "./messages.js";
import { translated } from "./translate.js";

/** Empties the cache of the folder that is meant, and says what that was. */
export async function clearWorkspaceCache(): Promise<void> {
  const folder = await chooseFolder();
  if (folder === undefined) return;
  const { workspace, settings } = await openHouse(folder, null);
  const { sessionStoragePath: sessions } = settings;
  const removed = await clearCache(cacheFolder(sessions), cacheRoot(sessions, workspace));
  void inform(translated(clearedLine(removed)));
}
