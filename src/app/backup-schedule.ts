import { setTimeout as wait } from "node:timers/promises";
import { msg } from "../common/messages.js";
import { toResearchError, type ResearchError } from "../common/errors.js";
import type { BackupResult } from "../storage/archive/backup.js";
import { listBackups, removeOldBackups, type BackupLimits } from "../storage/archive/remove-old-backups.js";
import {
  assertBackupPlace,
  locateBackup,
  writeBackup,
  type BackupOptions,
  type BackupPlace,
} from "./backup-place.js";
import type { EngineConfig } from "./types.js";

/* Backups into a folder or bucket, once or at an interval, and how many are kept. */

export type { BackupLimits } from "../storage/archive/remove-old-backups.js";

export interface ScheduledBackup extends BackupResult {
  /** The new zip: absolute, or its address. */
  file: string;
  /** Older backups that were removed, named in the same way. */
  removed: string[];
}

export interface ScheduleOptions extends BackupLimits {
  /** Milliseconds from one backup to the next. */
  every: number;
  /** Ends the schedule, and a backup that is being written. */
  signal: AbortSignal;
  onBackup: (backup: ScheduledBackup) => void;
  /** Called for a backup that failed; it is tried again after a quarter of an hour, or when the next one is due. */
  onFailure: (error: ResearchError) => void;
}

/** Interval between two looks at the clock, in milliseconds: the machine may sleep in between. */
const LOOK_EVERY = 30_000;
const RETRY_AFTER = 15 * 60_000;

/**
 * Makes a backup, verifies it, and then removes those beyond the limits.
 * @throws ResearchError as `writeBackup`
 */
export async function backUpInto(
  config: EngineConfig,
  place: BackupPlace,
  limits: BackupLimits,
  options: BackupOptions,
): Promise<ScheduledBackup> {
  const { name, ...made } = await writeBackup(config, place, options);
  const removed = await removeOldBackups(place.store, limits, new Date(), options.signal);
  return {
    ...made,
    file: locateBackup(place, name),
    removed: removed.map((each) => locateBackup(place, each)),
  };
}

/**
 * Makes backups until the signal aborts. The first one is due when the newest at the place is older than the interval,
 * so a restart makes no extra backup. Resolves when the signal aborts between two backups.
 * @param loadConfig called for each backup, so that changed settings count
 * @throws the signal's reason, if a backup was being written; ResearchError "cannot-write" if there is no such folder
 */
export async function backUpRepeatedly(
  loadConfig: () => Promise<EngineConfig>,
  place: BackupPlace,
  options: ScheduleOptions,
): Promise<void> {
  const { every, signal, onBackup, onFailure } = options;
  await assertBackupPlace(place);
  let due = await firstDue(place, every, signal);
  while (await waitUntil(due, signal)) {
    due = Date.now() + every;
    try {
      onBackup(await backUpInto(await loadConfig(), place, options, { signal }));
    } catch (error) {
      signal.throwIfAborted();
      due = Math.min(due, Date.now() + RETRY_AFTER);
      onFailure(toResearchError(error, "cannot-write", msg`The backup failed`));
    }
  }
}

async function firstDue({ store }: BackupPlace, every: number, signal: AbortSignal): Promise<number> {
  const [newest] = await listBackups(store, signal);
  const now = Date.now();
  // A clock that was wrong must not put the next backup off for longer than the interval.
  return newest === undefined ? now : Math.min(newest.made.getTime() + every, now + every);
}

/** @returns false if the signal aborted first */
async function waitUntil(due: number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted && Date.now() < due) {
    const milliseconds = Math.min(due - Date.now(), LOOK_EVERY);
    await wait(milliseconds, undefined, { signal }).catch(() => undefined);
  }
  return !signal.aborted;
}
