import path from "node:path";
import { stat } from "node:fs/promises";
import { ResearchError } from "../common/errors.js";
import { PRIVATE_FILE } from "../common/files.js";
import { msg } from "../common/messages.js";
import type { FileStore } from "../core/domain/file-store.js";
import { listBackups } from "../storage/archive/remove-old-backups.js";
import { newBackupName, type BackupResult } from "../storage/archive/backup.js";
import { withStagingFolder } from "../storage/archive/staging-folder.js";
import { readBucketAccess } from "../storage/files/bucket-access.js";
import { DiskStore } from "../storage/files/disk-store.js";
import { S3Store } from "../storage/files/s3-store.js";
import { backUpWorkspace } from "./archive.js";
import type { EngineConfig } from "./types.js";

/* Where backups are stored: in a folder, or below a prefix in a bucket. */

export { isBucketAddress } from "../storage/files/bucket-access.js";

export interface BackupPlace {
  store: FileStore;
  /** Absolute; null for a bucket. */
  folder: string | null;
}

export interface BackupOptions {
  signal: AbortSignal;
  onFile?: (files: number) => void;
}

/** @param folder absolute */
export function openBackupFolder(folder: string): BackupPlace {
  return { store: new DiskStore(folder, PRIVATE_FILE), folder };
}

/**
 * @param address s3://BUCKET or s3://BUCKET/PREFIX
 * @param environment the machine's own variables
 * @throws ResearchError "bad-settings"
 */
export function openBackupBucket(
  address: string,
  environment: Record<string, string | undefined>,
): BackupPlace {
  return { store: new S3Store(readBucketAccess(address, environment)), folder: null };
}

/** How a backup of a place is shown: its absolute path, or its address in the bucket. */
export function locateBackup({ store, folder }: BackupPlace, name: string): string {
  return folder === null ? `${store.place}/${name}` : path.join(folder, name);
}

/** @throws ResearchError "cannot-write" if the place is a folder that does not exist */
export async function assertBackupPlace({ folder }: BackupPlace): Promise<void> {
  if (folder === null || (await stat(folder).catch(() => null))?.isDirectory() === true) return;
  throw new ResearchError(
    "cannot-write",
    msg`The folder ${folder} does not exist.`,
    msg`Create it, or choose another location.`,
  );
}

/**
 * Makes a backup with a new name. For a bucket, it is packed and verified on this machine first; what is sent is compared
 * with its hash by the server.
 * @throws ResearchError as `backUpWorkspace` and `FileStore.write`
 */
export async function writeBackup(
  config: EngineConfig,
  place: BackupPlace,
  options: BackupOptions,
): Promise<BackupResult & { name: string }> {
  const name = newBackupName(new Date());
  const { store, folder } = place;
  if (folder !== null) return { ...(await backUpWorkspace(config, path.join(folder, name), options)), name };
  return withStagingFolder(async (staging) => {
    const made = await backUpWorkspace(config, path.join(staging, name), options);
    const packed = await new DiskStore(staging).read(name, Infinity, options.signal);
    if (packed === null)
      throw new ResearchError(
        "conflict",
        msg`${name} in ${staging} was changed in the meantime.`,
        msg`Try again.`,
      );
    await store.write(name, packed, null, options.signal);
    return { ...made, name };
  });
}

/**
 * Downloads a backup from a bucket for the duration of the work.
 * @param address of one backup, or of the place of several, of which the newest is taken
 * @param work gets the zip's path and its address
 * @throws ResearchError "bad-settings", "no-backup", as `FileStore.read`
 */
export async function withBackupFromBucket<T>(
  address: string,
  environment: Record<string, string | undefined>,
  signal: AbortSignal,
  work: (file: string, address: string) => Promise<T>,
): Promise<T> {
  const [, parent = address, last = null] = /^(s3:\/\/.+)\/([^/]+\.zip)$/i.exec(address) ?? [];
  const { store } = openBackupBucket(parent, environment);
  const name = last ?? (await listBackups(store, signal))[0]?.name;
  const content = name === undefined ? null : await store.read(name, Infinity, signal);
  if (name === undefined || content === null) {
    throw new ResearchError(
      "no-backup",
      last === null
        ? msg`There is no backup in ${store.place}.`
        : msg`There is no ${last} in ${store.place}.`,
      msg`Check the address; a backup’s name is the last line of the backup command.`,
    );
  }
  return withStagingFolder(async (staging) => {
    await new DiskStore(staging, PRIVATE_FILE).write(name, content, null, signal);
    return work(path.join(staging, name), `${store.place}/${name}`);
  });
}
