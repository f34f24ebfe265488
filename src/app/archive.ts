import {
  archiveSessions,
  type ArchiveOptions,
  type ArchiveResult,
  type ArchiveSelection,
} from "../storage/archive/archive-sessions.js";
import { backUpStorage, toStorageFolders, type BackupResult } from "../storage/archive/backup.js";
import type { PackOptions } from "../storage/archive/pack.js";
import { restoreBackup, type RestoreOptions, type RestoreResult } from "../storage/archive/restore.js";
import { isRunning } from "../storage/sessions/session-lock.js";
import type { EngineConfig } from "./types.js";

/* Archives, backups and restores. Sessions that run meanwhile are left alone. */

export {
  unarchiveSession,
  type ArchiveResult,
  type ArchiveSelection,
} from "../storage/archive/archive-sessions.js";
export { archiveFolder, archiveZipPath } from "../storage/archive/archived-sessions.js";
export { newBackupName, type BackupResult } from "../storage/archive/backup.js";
export type { RestoreResult } from "../storage/archive/restore.js";

/** @throws ResearchError as `archiveSessions` */
export function archiveChosenSessions(
  { settings }: EngineConfig,
  chosen: ArchiveSelection,
  options: Pick<ArchiveOptions, "signal" | "onSession">,
): Promise<ArchiveResult> {
  return archiveSessions(settings.sessionStoragePath, chosen, {
    ...options,
    isRunning,
    now: new Date(),
  });
}

/**
 * Packs the folder's sessions, reports and settings file into a new zip.
 * @param file the zip, absolute
 * @throws ResearchError as `backUpStorage`
 */
export function backUpWorkspace(
  config: EngineConfig,
  file: string,
  options: Omit<PackOptions, "now">,
): Promise<BackupResult> {
  return backUpStorage(toStorageFolders(config), file, { ...options, now: new Date() });
}

/**
 * Checks a backup, then restores its files to the folders that the settings name.
 * @param file the zip, absolute
 * @param workspace the folder, absolute
 * @param loadConfig the folder's configuration, with this text in place of its deep-research.yaml where it has none
 * @throws ResearchError as `restoreBackup`; "conflict" where files differ and `overwrite` is not set
 */
export function restoreWorkspace(
  file: string,
  workspace: string,
  loadConfig: (yaml: string | undefined) => Promise<EngineConfig>,
  options: Pick<RestoreOptions, "overwrite" | "signal" | "onFile">,
): Promise<RestoreResult> {
  const folders = async (yaml: string | null) => toStorageFolders(await loadConfig(yaml ?? undefined));
  return restoreBackup(file, { ...options, workspace, folders, isRunning });
}
