import { msg } from "../../common/messages.js";
import { lstat, stat } from "node:fs/promises";
import path from "node:path";
import { ResearchError } from "../../common/errors.js";
import { isInside } from "../../common/files.js";
import { findAllReports, findAllSessionFiles } from "./find-files.js";
import { parseBackupPath, SETTINGS_PATH, type BackupPath } from "./allowed-paths.js";
import { mayHoldGoogleAnswers, withoutGoogleAnswers } from "./without-google.js";
import { assertNotExisting, packFiles, type PackOptions, type FileToPack } from "./pack.js";

/** The folders of stored data; absolute paths. */
export interface StorageFolders {
  workspace: string;
  sessions: string;
  reports: string;
}

/** The folders that the settings name. */
export function toStorageFolders({
  workspace,
  settings,
}: {
  workspace: string;
  settings: { sessionStoragePath: string; reportOutputPath: string };
}): StorageFolders {
  return { workspace, sessions: settings.sessionStoragePath, reports: settings.reportOutputPath };
}

export interface BackupResult {
  /** Numbers in the backup, including archived sessions. */
  sessions: number;
  reports: number;
  files: number;
  /** Size of the backup itself. */
  bytes: number;
  /** Paths among sessions and reports that are not in the backup. */
  leftOut: string[];
}

/** The name of a new backup: deep-research-backup-YYYYMMDD-HHMMSS.zip, in local time. */
export function newBackupName(now: Date): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  return `deep-research-backup-${day}-${time}.zip`;
}

/**
 * Packs sessions, reports and the workspace's settings file into one zip, without keys, caches and locks. Sessions may
 * keep running.
 * @param target the zip, absolute; must not exist
 * @throws ResearchError "cannot-write". No file is left after an error or a cancel
 */
export async function backUpStorage(
  folders: StorageFolders,
  target: string,
  options: PackOptions,
): Promise<BackupResult> {
  await assertNotExisting(target);
  if (!(await stat(path.dirname(target)).catch(() => null))?.isDirectory()) {
    throw new ResearchError(
      "cannot-write",
      msg`The folder ${path.dirname(target)} does not exist.`,
      msg`Create it, or choose another location.`,
    );
  }
  const sessions = findAllSessionFiles(folders.sessions);
  const reports = findAllReports(folders.reports, folders.sessions);
  async function* files(): AsyncGenerator<FileToPack> {
    for await (const each of sessions.files) yield withRewrite(each);
    for await (const each of reports.files) yield withRewrite(each);
    const settings = path.join(folders.workspace, path.basename(SETTINGS_PATH));
    const isFile = (await lstat(settings).catch(() => null))?.isFile() === true;
    if (isFile && (await isInside(settings, folders.workspace)))
      yield { file: settings, path: SETTINGS_PATH };
  }
  const { files: packed, bytes, gone } = await packFiles(target, files(), options);
  return {
    ...countSessionsAndReports(packed),
    files: packed.length,
    bytes,
    leftOut: [...sessions.others, ...reports.others, ...gone],
  };
}

/** A file that is packed without what Google Search said, if it has that. */
function withRewrite(found: FileToPack): FileToPack {
  if (!mayHoldGoogleAnswers(found.path)) return found;
  return { ...found, rewrite: (text) => withoutGoogleAnswers(found.path, text) };
}

/** Counts the sessions and reports that the paths of a backup belong to. */
export function countSessionsAndReports(files: { path: string }[]): { sessions: number; reports: number } {
  const kept = files
    .map(({ path: name }) => parseBackupPath(name))
    .filter((each): each is BackupPath => each !== null);
  const ids = kept.flatMap((each) => (each.kind === "session" || each.kind === "archived" ? [each.id] : []));
  return { sessions: new Set(ids).size, reports: kept.filter(({ kind }) => kind === "report").length };
}
