import path from "node:path";
import { isBelow } from "../common/is-below.js";
import { parseBackupPath } from "../storage/archive/allowed-paths.js";
import type { FolderMirror } from "../storage/files/folder-mirror.js";
import type { EngineConfig } from "./types.js";

/* Folders that are not on the disk: a run works in a mirror of them, and sessions and reports are copied back. */

export { FolderMirror } from "../storage/files/folder-mirror.js";

/**
 * Copies sessions and reports that changed in a mirror to its store. A journal follows the files that it mentions, and a
 * report follows its session, so that what is in the store at any time can be resumed and verified.
 * @throws ResearchError as `FolderMirror.push`
 */
export function pushSessions(
  mirror: FolderMirror,
  settings: Pick<EngineConfig["settings"], "sessionStoragePath" | "reportOutputPath">,
  signal: AbortSignal,
): Promise<void> {
  const within = (folder: string, file: string): string | null =>
    isBelow(file, folder) ? path.relative(folder, file).split(path.sep).join("/") : null;
  return mirror.push((relative) => {
    const file = path.join(mirror.folder, relative);
    const inSessions = within(settings.sessionStoragePath, file);
    if (inSessions !== null) {
      const parsed = parseBackupPath(`sessions/${inSessions}`);
      if (parsed !== null) return inSessions.endsWith("/journal.jsonl") ? 1 : 0;
    }
    const inReports = within(settings.reportOutputPath, file);
    return inReports !== null && parseBackupPath(`reports/${inReports}`) !== null ? 2 : null;
  }, signal);
}
