import type { FileStore } from "../../core/domain/file-store.js";

/* The backups in a folder or bucket that were named by `newBackupName`. Files with other names are left alone. */

/** A backup, or the remains of one that was killed, told apart by the name. */
const NAME = /^deep-research-backup-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)\.zip(\.part-[0-9a-f]{12})?$/;
const DAY_MS = 24 * 60 * 60_000;

export interface StoredBackup {
  /** The path in its store. */
  name: string;
  /** The time in its name, in local time. */
  made: Date;
}

/** Which backups stay; null is no limit. The newest one always stays. */
export interface BackupLimits {
  keep: number | null;
  maxAgeDays: number | null;
}

/** The backups at the top of a store, newest first. Links and folders are none. @throws ResearchError "cannot-read" */
export async function listBackups(store: FileStore, signal: AbortSignal): Promise<StoredBackup[]> {
  return (await listNamed(store, signal)).filter(({ isWhole }) => isWhole);
}

/**
 * Removes the backups of a store that are beyond the limits, and what killed backups left there a day ago.
 * @returns the names of the removed backups
 * @throws ResearchError "cannot-read", "cannot-write"
 */
export async function removeOldBackups(
  store: FileStore,
  limits: BackupLimits,
  now: Date,
  signal: AbortSignal,
): Promise<string[]> {
  const { keep, maxAgeDays } = limits;
  const oldest = maxAgeDays === null ? -Infinity : now.getTime() - maxAgeDays * DAY_MS;
  const found = await listNamed(store, signal);
  const removed: string[] = [];
  for (const [index, { name, made }] of found.filter(({ isWhole }) => isWhole).entries()) {
    const isBeyond = (keep !== null && index >= keep) || made.getTime() < oldest;
    if (index === 0 || !isBeyond) continue;
    await store.remove(name, signal);
    removed.push(name);
  }
  for (const { name, made, isWhole } of found)
    if (!isWhole && now.getTime() - made.getTime() > DAY_MS) await store.remove(name, signal);
  return removed;
}

/** Newest first. */
async function listNamed(
  store: FileStore,
  signal: AbortSignal,
): Promise<(StoredBackup & { isWhole: boolean })[]> {
  const backups: (StoredBackup & { isWhole: boolean })[] = [];
  for await (const { path: name } of store.list("", signal, () => false)) {
    const found = NAME.exec(name);
    if (found === null) continue;
    const [year = 0, month = 0, ...rest] = found.slice(1, 7).map(Number);
    const [day, hours, minutes, seconds] = rest;
    const made = new Date(year, month - 1, day, hours, minutes, seconds);
    backups.push({ name, made, isWhole: found[7] === undefined });
  }
  return backups.sort((a, b) => b.made.getTime() - a.made.getTime());
}
