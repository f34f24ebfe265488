import { msg, toMessage, type Message } from "./messages.js";
import { randomUUID } from "node:crypto";
import { link, lstat, open, realpath, rename, rm } from "node:fs/promises";
import path from "node:path";
import { createRealFolder, assertRealPath, NotRealFolderError, type Obstacle } from "./real-folder.js";
import { systemErrorCode, ResearchError } from "./errors.js";

/** Modes for session files, which only the user may read. */
export const PRIVATE_FILE = 0o600;
export const PRIVATE_FOLDER = 0o700;

/** The content of a file, whole or in parts that are read once. */
type FileContent = string | Uint8Array | AsyncIterable<Uint8Array>;

/**
 * Writes a file atomically and durably (temporary file, fsync, rename, fsync of the folder).
 * @param mode undefined: the user's umask
 */
export async function writeFileAtomic(file: string, text: FileContent, mode?: number): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeDraft(draft, text, mode);
    await rename(draft, file);
    await syncFolder(path.dirname(file));
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error instanceof ResearchError ? error : toWriteError(file, error);
  }
}

/** Like `writeFileAtomic`, but never overwrites, and the new name is durable only after `syncFolder`. @returns false if the file exists */
export async function writeFileExclusive(file: string, text: FileContent, mode?: number): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeDraft(draft, text, mode);
    return await linkExclusive(draft, file);
  } catch (error) {
    throw toWriteError(file, error);
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

interface Syncing {
  now: Promise<void>;
  /** For callers during a flush, which may have missed their names. */
  next: Promise<void> | null;
}

const syncing = new Map<string, Syncing>();

/**
 * Flushes a folder's names to disk, if the system supports it. Concurrent calls share one flush.
 * @throws ResearchError "cannot-write" if the disk reports an error
 */
export function syncFolder(folder: string): Promise<void> {
  const running = syncing.get(folder);
  if (running !== undefined) return (running.next ??= running.now.catch(() => undefined).then(() => begin()));
  return begin();

  function begin(): Promise<void> {
    const now = flushFolder(folder).finally(() => {
      if (syncing.get(folder)?.next === null) syncing.delete(folder);
    });
    syncing.set(folder, { now, next: null });
    return now;
  }
}

/** Errors of systems that cannot flush folders; Windows cannot open them. */
const NO_FLUSH = new Set(["EPERM", "EISDIR", "EACCES", "EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EBADF"]);

async function flushFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!NO_FLUSH.has(systemErrorCode(error))) throw toWriteError(folder, error);
  }
}

async function writeDraft(draft: string, text: FileContent, mode?: number): Promise<void> {
  const handle = await open(draft, "wx", mode);
  try {
    const parts = typeof text === "string" || text instanceof Uint8Array ? [text] : text;
    // Each call goes on where the one before ended.
    for await (const part of parts) await handle.writeFile(part);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives a draft an unused name; false if the name exists. */
async function linkExclusive(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === "EEXIST") return false;
  }
  // Without hard links, an empty file reserves the name until the draft replaces it.
  try {
    await (await open(file, "wx")).close();
  } catch (error) {
    if (systemErrorCode(error) === "EEXIST") return false;
    throw error;
  }
  try {
    await rename(draft, file);
    return true;
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

/**
 * Creates a folder and its missing parents durably, without following links below the root.
 * @returns the topmost created folder
 * @throws ResearchError "cannot-write"
 */
export async function ensureFolder(root: string, folder: string, mode?: number): Promise<string | undefined> {
  try {
    const first = await createRealFolder(root, folder, mode);
    if (first !== undefined) await syncAbove(path.resolve(folder), path.resolve(first));
    return first;
  } catch (error) {
    throw toWriteError(folder, error);
  }
}

/** @throws ResearchError "cannot-write" if a part of the path below the root is a link or not a folder */
export async function assertRealFolder(root: string, folder: string): Promise<void> {
  try {
    await assertRealPath(root, folder);
  } catch (error) {
    throw error instanceof ResearchError ? error : toWriteError(folder, error);
  }
}

/** Flushes the folders that contain the names from `first` down to `folder`. */
async function syncAbove(folder: string, first: string): Promise<void> {
  const above = path.dirname(folder);
  if (folder !== first && above !== folder) await syncAbove(above, first);
  await syncFolder(above);
}

/** True if something is at a path, be it a link that leads nowhere. */
export async function pathExists(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => null)) !== null;
}

/** True if `inner` is `outer` or below it, with links resolved as far as the path exists. */
export async function isInside(inner: string, outer: string): Promise<boolean> {
  const relative = path.relative(await resolveExisting(outer), await resolveExisting(inner));
  return relative === "" || (!relative.startsWith("..") && !path.isAbsolute(relative));
}

async function resolveExisting(target: string): Promise<string> {
  try {
    return await realpath(target);
  } catch {
    const parent = path.dirname(target);
    return parent === target ? target : path.join(await resolveExisting(parent), path.basename(target));
  }
}

/** The error for a link in place of a folder. @param code "bad-settings" before a run starts */
export function toLinkError(
  { shown, target }: Obstacle,
  code: "cannot-write" | "bad-settings" = "cannot-write",
): ResearchError {
  return new ResearchError(
    code,
    msg`${shown} is a link that leads to ${target}.`,
    msg`Remove the link, or set SESSION_STORAGE_PATH or REPORT_OUTPUT_PATH in your own environment or user settings.`,
  );
}

/** The error for an existing session or report file that cannot be read at the moment. */
export function toReadError(file: string, error: unknown): ResearchError {
  const why = systemErrorCode(error) === "EMFILE" ? msg`too many files are open` : systemErrorCode(error);
  return new ResearchError(
    "cannot-read",
    msg`Cannot read ${file}: ${why}.`,
    msg`Check the disk and resume the session.`,
    {
      cause: error,
    },
  );
}

/** Converts a file error to a message with a remedy; `again` is what to do once the problem is solved. */
export function toWriteError(file: string, error: unknown, again = msg`resume the session`): ResearchError {
  if (error instanceof NotRealFolderError && error.code === "ELOOP") return toLinkError(error.obstacle);
  const code = systemErrorCode(error);
  const why: Record<string, [Message, Message]> = {
    ENOSPC: [msg`the disk is full`, msg`Free some space and ${again}.`],
    EDQUOT: [msg`the disk quota is exceeded`, msg`Free some space and ${again}.`],
    EACCES: [msg`permission denied`, msg`Make the folder writable or set another one.`],
    EPERM: [msg`permission denied`, msg`Make the folder writable or set another one.`],
    EROFS: [msg`the file system is read-only`, msg`Set another folder for sessions and reports.`],
    ELOOP: [msg`it is a link or not a regular file`, msg`Remove it and try again.`],
    ENOTREG: [msg`it is a link or not a regular file`, msg`Remove it and try again.`],
    ENOTDIR: [msg`a file exists where a folder is needed`, msg`Move the file away or set another folder.`],
    EEXIST: [msg`a file exists where a folder is needed`, msg`Move the file away or set another folder.`],
    EFBIG: [msg`it is too large`, msg`Move it away and ${again}.`],
    ENOENT: [msg`its folder no longer exists`, msg`Restore the folder and ${again}.`],
  };
  const [what, remedy] = why[code] ?? [
    code === "" ? msg`it could not be written` : toMessage(code),
    msg`Check the folder and ${again}.`,
  ];
  return new ResearchError("cannot-write", msg`Cannot write ${file}: ${what}.`, remedy, { cause: error });
}
