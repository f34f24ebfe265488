import { msg, type Message } from "../../common/messages.js";
import { createHash, randomBytes } from "node:crypto";
import { lstat, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { openRegularFile } from "../../common/read-file.js";
import { isRealFolder } from "../../common/real-folder.js";
import { toResearchError, ResearchError } from "../../common/errors.js";
import { archiveZipPath, archiveListingPath } from "./archived-sessions.js";
import {
  toWriteError,
  ensureFolder,
  PRIVATE_FILE,
  PRIVATE_FOLDER,
  assertRealFolder,
  syncFolder,
  writeFileAtomic,
  pathExists,
} from "../../common/files.js";
import { JOURNAL_LIMITS } from "../file-limits.js";
import { findSessionFiles } from "./find-files.js";
import { ARCHIVE_FOLDER, isSessionId, parseBackupPath } from "./allowed-paths.js";
import {
  checkPack,
  stableLength,
  openFileToPack,
  packFiles,
  type PackedFile,
  type FileToPack,
} from "./pack.js";
import { LIST_SESSIONS } from "../sessions/journal.js";
import { listSessions } from "../sessions/list-sessions.js";
import type { ListedSession } from "../sessions/session-summary.js";
import { journalPath, resolveSessionFolder } from "../sessions/session.js";
import { Unpacker } from "./unpack.js";
import { invalidBackup, ZipReader } from "./zip-reader.js";

/** The sessions to archive: those named by id, and those that match all given rules. */
export interface ArchiveSelection {
  ids: string[];
  /** Older than this many days; null: no such rule. */
  olderThan: number | null;
  /** Not among this many newest; null: no such rule. */
  keep: number | null;
}

export interface ArchiveOptions {
  /** Whether the session in this folder is running. */
  isRunning: (folder: string) => Promise<boolean>;
  now: Date;
  signal: AbortSignal;
  /** Called before each session with its 1-based number and the total. */
  onSession?: (session: number, of: number) => void;
}

export interface ArchiveResult {
  archived: string[];
  /** `why` completes a sentence: "The session ID was left out: …". */
  skipped: { id: string; why: Message }[];
}

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/**
 * Packs sessions into SESSIONS/archive/ID.zip and removes their folders, one by one. A kill leaves the folder, the zip,
 * or both; the folder takes precedence. Running sessions are skipped, and interrupted ones unless they are named.
 * @throws ResearchError "no-session" for an unknown id; "cannot-write"; the signal's reason
 * @throws ResearchError "no-session" for an id that is none; "cannot-write"; the signal's reason
 */
export async function archiveSessions(
  sessions: string,
  chosen: ArchiveSelection,
  options: ArchiveOptions,
): Promise<ArchiveResult> {
  const listed = await listSessions(sessions);
  for (const id of chosen.ids) {
    if (!listed.some((session) => session.id === id)) throw noSession(id);
  }
  await assertRealFolder(sessions, path.join(sessions, ARCHIVE_FOLDER));
  await removeLeftovers(sessions);
  const result: ArchiveResult = { archived: [], skipped: [] };
  const toPack = select(listed, chosen, options.now);
  for (const [index, session] of toPack.entries()) {
    options.signal.throwIfAborted();
    options.onSession?.(index + 1, toPack.length);
    const { id } = session;
    const why = await archiveSession(sessions, session, chosen.ids.includes(id), options);
    if (why === null) result.archived.push(id);
    else result.skipped.push({ id, why });
  }
  return result;
}

function select(
  listed: ListedSession[],
  { ids, olderThan, keep }: ArchiveSelection,
  now: Date,
): ListedSession[] {
  const isOldEnough = ({ started }: ListedSession): boolean =>
    olderThan === null || now.getTime() - Date.parse(started) > olderThan * DAY;
  const unarchived = listed.filter(({ archived }) => archived !== true);
  const byRules = olderThan === null && keep === null ? [] : unarchived.slice(keep ?? 0).filter(isOldEnough);
  return listed.filter((session) => ids.includes(session.id) || byRules.includes(session));
}

/** @returns null if the session was archived, else the reason */
async function archiveSession(
  sessions: string,
  session: ListedSession,
  isNamed: boolean,
  { isRunning, now, signal }: ArchiveOptions,
): Promise<Message | null> {
  const { id } = session;
  const folder = resolveSessionFolder(sessions, id);
  if (session.archived === true) return msg`it is already archived`;
  if (!(await isRealFolder(sessions, folder))) return msg`its folder is a link, and links are not followed`;
  if (await isRunning(folder)) return msg`it is running`;
  if (session.status === "newer")
    return msg`it was written by a newer version of Deep Research, which can archive it`;
  if (session.status === "damaged") return msg`its journal cannot be read`;
  if (session.status === "interrupted" && !isNamed) {
    return msg`it was interrupted and can be resumed; pass its id to archive it anyway`;
  }
  if (session.status === "planned" && !isNamed) {
    return msg`its plan has not been run yet; pass its id to archive it anyway`;
  }
  const walk = findSessionFiles(folder, id);
  const found: FileToPack[] = [];
  for await (const file of walk.files) found.push(file);
  const [other] = walk.others;
  if (other !== undefined)
    return msg`its folder contains ${path.basename(other)}, which is not part of a session`;

  const archive = archiveZipPath(sessions, id);
  await ensureFolder(sessions, path.dirname(archive), PRIVATE_FOLDER);
  if ((await pathExists(archive)) && !(await isEarlierState(archive, folder, id, signal))) {
    return msg`archive/${id}.zip already exists and is not an earlier state of it; move that file first`;
  }
  const packed = temporaryName(archive);
  try {
    const { files } = await packFiles(packed, toAsync(found), { signal, now });
    if (await isRunning(folder)) return msg`it is running`;
    if (!(await isUnchangedSince(folder, id, files))) return msg`it changed while it was packed`;
    return await commitArchive(sessions, session, packed, files);
  } finally {
    await rm(packed, { force: true });
  }
}

/** Publishes the zip, replacing an earlier one, and removes the folder. @returns as `archiveSession` */
async function commitArchive(
  sessions: string,
  session: ListedSession,
  packed: string,
  files: PackedFile[],
): Promise<Message | null> {
  const { id } = session;
  const [folder, archive] = [resolveSessionFolder(sessions, id), archiveZipPath(sessions, id)];
  await writeFileAtomic(archiveListingPath(sessions, id), `${JSON.stringify(session)}\n`, PRIVATE_FILE);
  const earlier = temporaryName(archive);
  const hadEarlier = await rename(archive, earlier).then(
    () => true,
    () => false,
  );
  const undo = async (): Promise<void> => {
    await rm(archive, { force: true });
    if (hadEarlier) await rename(earlier, archive);
    await rm(archiveListingPath(sessions, id), { force: true });
  };
  // Rename before removing: a partly removed folder would look like the session.
  const trashFolder = path.join(sessions, ARCHIVE_FOLDER, `.gone-${id}`);
  try {
    await rename(packed, archive);
    await syncFolder(path.dirname(archive));
    await rename(folder, trashFolder);
  } catch (error) {
    await undo();
    return msg`its folder cannot be moved: ${toResearchError(error, "cannot-write", msg`the system says`).message}`;
  }
  if (!(await isUnchangedSince(trashFolder, id, files))) {
    await rename(trashFolder, folder);
    await undo();
    return msg`it changed while it was packed`;
  }
  await syncFolder(sessions);
  await syncFolder(path.dirname(archive));
  await rm(earlier, { force: true });
  await rm(trashFolder, { recursive: true, force: true });
  return null;
}

/** A temporary name for a file; `removeLeftovers` cleans up. */
function temporaryName(file: string): string {
  return `${file}.part-${randomBytes(6).toString("hex")}`;
}

/** True if the folder's journal starts with the archived one, as after a kill that left both. */
async function isEarlierState(
  archive: string,
  folder: string,
  id: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const zip = await ZipReader.open(archive, false);
    const files = await checkPack(zip, signal).finally(() => zip.close());
    const journal = files.find((file) => file.path === `sessions/${id}/journal.jsonl`);
    if (journal === undefined || journal.bytes === 0) return false;
    const hash = createHash("sha256");
    const { handle } = await openRegularFile(journalPath(folder), JOURNAL_LIMITS);
    const begin = handle.createReadStream({ start: 0, end: journal.bytes - 1, signal });
    for await (const chunk of begin as AsyncIterable<Buffer>) hash.update(chunk);
    return hash.digest("hex") === journal.sha256;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

async function* toAsync(files: FileToPack[]): AsyncGenerator<FileToPack> {
  for (const file of files) yield await Promise.resolve(file);
}

/** True if the folder contains exactly the packed files with unchanged sizes. */
async function isUnchangedSince(folder: string, id: string, files: PackedFile[]): Promise<boolean> {
  const packed = new Map(files.map((file) => [file.path, file.bytes]));
  const walk = findSessionFiles(folder, id);
  for await (const { file, path: name } of walk.files) {
    const handle = await openFileToPack(file);
    const length = handle === null ? -1 : await stableLength(handle, name);
    await handle?.close();
    if (packed.get(name) !== length) return false;
    packed.delete(name);
  }
  return packed.size === 0 && walk.others.length === 0;
}

/**
 * Removes leftovers of a kill: folders of sessions that were archived or unarchived since, and incomplete files.
 */
async function removeLeftovers(sessions: string): Promise<void> {
  const archive = path.join(sessions, ARCHIVE_FOLDER);
  for (const name of await readdir(archive).catch(() => [] as string[])) {
    const gone = /^\.gone-(.+)$/.exec(name)?.[1];
    const left =
      gone !== undefined && isSessionId(gone)
        ? (await pathExists(archiveZipPath(sessions, gone))) ||
          (await pathExists(journalPath(path.join(sessions, gone))))
        : (/\.part-[0-9a-f]+$/.test(name) || name.startsWith(RESTORED_PREFIX)) &&
          (await isOld(path.join(archive, name)));
    if (left) await rm(path.join(archive, name), { recursive: true, force: true });
  }
}

/** No write takes that long, so its process is dead. */
async function isOld(file: string): Promise<boolean> {
  const found = await lstat(file).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > HOUR;
}

const RESTORED_PREFIX = ".back-";

/** True if the session is archived and has no folder. @throws ResearchError "no-session" */
export async function isArchived(sessions: string, id: string): Promise<boolean> {
  return !(await pathExists(resolveSessionFolder(sessions, id))) && pathExists(archiveZipPath(sessions, id));
}

/**
 * Restores an archived session to its folder, with the checks of a restore, and removes the archive.
 * @returns false if the session is not archived
 * @throws ResearchError "no-session", "bad-backup", "newer-session", "cannot-write"
 */
export async function unarchiveSession(sessions: string, id: string, signal: AbortSignal): Promise<boolean> {
  const folder = resolveSessionFolder(sessions, id);
  if (!(await isArchived(sessions, id))) {
    if (!(await pathExists(folder))) throw noSession(id);
    return false;
  }
  await assertRealFolder(sessions, path.join(sessions, ARCHIVE_FOLDER));
  const archive = archiveZipPath(sessions, id);
  const restoredFolder = path.join(
    sessions,
    ARCHIVE_FOLDER,
    `${RESTORED_PREFIX}${id}-${randomBytes(4).toString("hex")}`,
  );
  const zip = await ZipReader.open(archive, false);
  try {
    const files = await checkPack(zip, signal);
    const unpacking = new Unpacker(zip, signal);
    await ensureFolder(sessions, restoredFolder, PRIVATE_FOLDER);
    for (const file of files) {
      const kept = parseBackupPath(file.path);
      if (kept?.kind !== "session" || kept.id !== id)
        throw invalidBackup(msg`${file.path} belongs to another session`);
      await unpacking.put(file, path.join(restoredFolder, ...kept.names), restoredFolder, true);
    }
    for (const made of new Set(files.map((file) => path.dirname(file.path)))) {
      await syncFolder(path.join(restoredFolder, path.relative(`sessions/${id}`, made)));
    }
    await rename(restoredFolder, folder).catch((error: unknown) => {
      throw toWriteError(folder, error, msg`try again`);
    });
    await syncFolder(sessions);
  } finally {
    await zip.close();
    await rm(restoredFolder, { recursive: true, force: true });
  }
  await rm(archive, { force: true });
  await rm(archiveListingPath(sessions, id), { force: true });
  return true;
}

function noSession(id: string): ResearchError {
  return new ResearchError("no-session", msg`There is no session “${id}”.`, LIST_SESSIONS);
}
