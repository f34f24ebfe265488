import { lstat, readdir, unlink } from "node:fs/promises";
import path from "node:path";
import { msg } from "../../common/messages.js";
import { ResearchError } from "../../common/errors.js";

/* The backups in a folder that were named by `newBackupName`. Files of other names are nobody's business here. */

const NAME = /^deep-research-backup-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)\.zip$/;
/** What a backup that was killed leaves behind. */
const UNFINISHED = /^deep-research-backup-\d{8}-\d{6}\.zip\.part-[0-9a-f]{12}$/;
const DAY_MS = 24 * 60 * 60_000;

export interface StoredBackup {
  /** Absolute path. */
  file: string;
  /** By its name, in local time. */
  made: Date;
}

/** Which backups stay; null is no limit. The newest one always stays. */
export interface BackupLimits {
  keep: number | null;
  maxAgeDays: number | null;
}

/** The backups in a folder, newest first. Links and folders are none. @throws ResearchError "cannot-write" */
export async function listBackups(folder: string): Promise<StoredBackup[]> {
  const backups: StoredBackup[] = [];
  for (const entry of await readFolder(folder)) {
    const found = NAME.exec(entry.name);
    if (found === null || !entry.isFile()) continue;
    const [year = 0, month = 0, ...rest] = found.slice(1).map(Number);
    const [day, hours, minutes, seconds] = rest;
    const made = new Date(year, month - 1, day, hours, minutes, seconds);
    backups.push({ file: path.join(folder, entry.name), made });
  }
  return backups.sort((a, b) => b.made.getTime() - a.made.getTime());
}

/**
 * Removes the backups of a folder that are beyond the limits, and what killed backups left there a day ago.
 * @returns the removed backups, absolute
 * @throws ResearchError "cannot-write"
 */
export async function removeOldBackups(folder: string, limits: BackupLimits, now: Date): Promise<string[]> {
  const { keep, maxAgeDays } = limits;
  const oldest = maxAgeDays === null ? -Infinity : now.getTime() - maxAgeDays * DAY_MS;
  const removed: string[] = [];
  for (const [index, { file, made }] of (await listBackups(folder)).entries()) {
    const isBeyond = (keep !== null && index >= keep) || made.getTime() < oldest;
    if (index === 0 || !isBeyond) continue;
    await removeFile(file);
    removed.push(file);
  }
  for (const { name } of await readFolder(folder)) {
    if (!UNFINISHED.test(name)) continue;
    const file = path.join(folder, name);
    const seen = await lstat(file).catch(() => null);
    if (seen !== null && now.getTime() - seen.mtimeMs > DAY_MS) await removeFile(file);
  }
  return removed;
}

async function readFolder(folder: string): Promise<{ name: string; isFile(): boolean }[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw new ResearchError(
      "cannot-write",
      msg`The folder ${folder} cannot be read.`,
      msg`Create it, or check its permissions.`,
      { cause: error },
    );
  }
}

async function removeFile(file: string): Promise<void> {
  try {
    await unlink(file);
  } catch (error) {
    throw new ResearchError(
      "cannot-write",
      msg`The old backup ${file} cannot be removed.`,
      msg`Check its permissions.`,
      { cause: error },
    );
  }
}
