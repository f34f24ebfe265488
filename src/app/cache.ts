import { cacheFolder } from "../config/storage-folders.js";
import { cacheRoot, clearCache, type RemovedEntries } from "../storage/cache/cache.js";
import type { EngineConfig } from "./types.js";

export { describeCleared } from "../storage/cache/cache.js";

/**
 * Removes the pages and answers that are cached for later sessions of a folder.
 * @returns the number and bytes of removed files
 * @throws ResearchError "cannot-write"
 */
export function clearCachedFiles({ workspace, settings }: EngineConfig): Promise<RemovedEntries> {
  const { sessionStoragePath: sessions } = settings;
  return clearCache(cacheFolder(sessions), cacheRoot(sessions, workspace));
}
