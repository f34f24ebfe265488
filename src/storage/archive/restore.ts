import { writeFormatterSettings } from "../sessions/formatter-settings.js";
import { msg, joinMessages, toMessage, type Message } from "../../common/messages.js";
import { createHash } from "node:crypto";
import { lstat, rm } from "node:fs/promises";
import path from "node:path";
import { sha256Hex } from "../../common/hash.js";
import { openRegularFile, readRegularText } from "../../common/read-file.js";
import { trustedRoot } from "../../common/real-folder.js";
import { systemErrorCode, ResearchError } from "../../common/errors.js";
import { archiveZipPath, archiveListingPath } from "./archived-sessions.js";
import { countSessionsAndReports, type StorageFolders } from "./backup.js";
import { assertRealFolder, pathExists, syncFolder } from "../../common/files.js";
import { ARCHIVE_FOLDER, parseBackupPath, SETTINGS_PATH, type BackupPath } from "./allowed-paths.js";
import { checkPack, REWRITTEN_BYTES, type CheckedPackFile } from "./pack.js";
import { mayHoldGoogleAnswers, withoutGoogleAnswers } from "./without-google.js";
import { journalPath } from "../sessions/session.js";
import { Unpacker } from "./unpack.js";
import { invalidBackup, ZipReader } from "./zip-reader.js";

export interface RestoreOptions {
  workspace: string;
  /**
   * Determines the folders to restore to.
   * @param settings the backup's settings file if it will be restored, so that its folders apply; null if there is none
   *   or the workspace has its own
   * @throws ResearchError "bad-settings" if those settings are invalid
   */
  folders: (settings: string | null) => Promise<StorageFolders>;
  /** Whether existing files with different content are replaced and kept as NAME.before-restore. */
  overwrite: boolean;
  /** Whether the session in this folder is running. */
  isRunning: (folder: string) => Promise<boolean>;
  signal: AbortSignal;
  /** Called after each file with the number written so far. */
  onFile?: (files: number) => void;
}

export interface RestoreResult {
  /** Files that did not exist. */
  restored: number;
  /** Files that existed with the same content. */
  present: number;
  /** Files with different content, and sessions that existed in another form. */
  replaced: number;
  /** Absolute paths of the copies of those. */
  kept: string[];
  /** Number of sessions and reports in the backup. */
  sessions: number;
  reports: number;
  /** True if the workspace's own settings were kept instead of the backup's. */
  ownSettings: boolean;
  folders: StorageFolders;
}

/** A file of the backup, its target, and whether that exists. */
interface Planned {
  file: CheckedPackFile;
  target: string;
  root: string;
  own: boolean;
  /** Write order: journals after the files they mention, reports after sessions, settings last. */
  rank: number;
  state: "missing" | "same" | "other";
}

/** A session that is archived here but a folder in the backup, or the reverse. */
interface Misplaced {
  id: string;
  /** Its archive or folder in the workspace. */
  place: string;
}

const SETTINGS_BYTES = 1024 * 1024;

/**
 * Restores a backup. Everything is verified before anything is written, and an error undoes everything.
 * @param backup the zip
 * @throws ResearchError "bad-backup", "newer-session"; "conflict" if files have different content, or sessions are
 *   archived on one side only, and `overwrite` is not set; "cannot-write"
 */
export async function restoreBackup(backup: string, options: RestoreOptions): Promise<RestoreResult> {
  const { workspace, signal, overwrite } = options;
  const zip = await ZipReader.open(backup);
  const unpacking = new Unpacker(zip, signal);
  try {
    const files = await checkPack(zip, signal);
    const settings = files.find((file) => file.path === SETTINGS_PATH);
    const ownFile = path.join(workspace, path.basename(SETTINGS_PATH));
    const hasOwn = await pathExists(ownFile);
    const text =
      settings === undefined || hasOwn
        ? null
        : (await zip.whole(settings.entry, SETTINGS_BYTES, signal)).toString("utf8");
    const folders = await options.folders(text);
    const planned: Planned[] = [];
    let keepsOwnSettings = false;
    for (const file of files) {
      const plan = await inspectTarget(locateTarget(file, folders), signal);
      // The workspace's own settings are never replaced.
      if (file === settings && plan.state === "other") keepsOwnSettings = true;
      else planned.push(plan);
    }
    const misplaced = await findMisplaced(planned, folders.sessions, signal);
    const others = planned.filter(({ state }) => state === "other");
    if (others.length + misplaced.length > 0 && !overwrite) throw conflict(others, misplaced, workspace);
    await assertNotRunning(planned, misplaced, folders, options.isRunning);

    const kept: string[] = [];
    const toWrite = planned.filter(({ state }) => state !== "same").sort((a, b) => a.rank - b.rank);
    let written = 0;
    for (const { file, target, root, own } of toWrite) {
      signal.throwIfAborted();
      const aside = await unpacking.put(file, target, root, own);
      if (aside !== null) kept.push(aside);
      options.onFile?.(++written);
    }
    const restored = toWrite.length - kept.length;
    for (const folder of new Set(toWrite.map(({ target }) => path.dirname(target)))) await syncFolder(folder);
    // Last, so that the session still exists if the process ends before.
    for (const { place } of misplaced) {
      signal.throwIfAborted();
      kept.push(await unpacking.moveAside(place));
      await syncFolder(path.dirname(place));
    }
    for (const { id, place } of misplaced) {
      if (place === archiveZipPath(folders.sessions, id))
        await rm(archiveListingPath(folders.sessions, id), { force: true });
    }
    if (planned.some(({ own }) => own)) await writeFormatterSettings(folders.sessions);
    return {
      restored,
      present: planned.length - toWrite.length,
      replaced: kept.length,
      kept,
      ...countSessionsAndReports(files),
      ownSettings: keepsOwnSettings,
      folders: folders,
    };
  } catch (error) {
    await unpacking.undo();
    throw error;
  } finally {
    await zip.close();
  }
}

function locateTarget(file: CheckedPackFile, folders: StorageFolders): Omit<Planned, "state"> {
  const kept = parseBackupPath(file.path);
  if (kept === null) throw invalidBackup(msg`“${file.path}” is not a valid path in a backup`);
  switch (kept.kind) {
    case "settings": {
      const target = path.join(folders.workspace, path.basename(SETTINGS_PATH));
      return { file, target, root: folders.workspace, own: false, rank: 3 };
    }
    case "report":
      return {
        file,
        target: path.join(folders.reports, ...kept.names),
        root: trustedRoot(folders.reports, folders.workspace),
        own: false,
        rank: 2,
      };
    default: {
      const rank = kept.names[0] === "journal.jsonl" ? 1 : 0;
      const target = path.join(sessionFolder(kept, folders.sessions), ...kept.names);
      return { file, target, root: trustedRoot(folders.sessions, folders.workspace), own: true, rank };
    }
  }
}

function sessionFolder(kept: Extract<BackupPath, { id: string }>, sessions: string): string {
  return path.join(sessions, kept.kind === "archived" ? ARCHIVE_FOLDER : kept.id);
}

/** Checks what is at the target, without following links. @throws ResearchError "cannot-write" */
async function inspectTarget(plan: Omit<Planned, "state">, signal: AbortSignal): Promise<Planned> {
  signal.throwIfAborted();
  const { target, root, file } = plan;
  await assertRealFolder(root, path.dirname(target));
  let found;
  try {
    found = await lstat(target);
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return { ...plan, state: "missing" };
    found = null;
  }
  if (found?.isFile() !== true) {
    throw new ResearchError(
      "cannot-write",
      msg`Something other than a file exists at ${target} or above it.`,
      msg`Nothing was written; move it elsewhere and try again.`,
    );
  }
  const same = found.size === file.bytes && (await hashFile(target, signal)) === file.sha256;
  return { ...plan, state: same || (await hasOnlyGoogleBesides(plan)) ? "same" : "other" };
}

/** Whether the target is the file from which Google's answers were left out when it was packed: then it stays whole. */
async function hasOnlyGoogleBesides({ file, target }: Omit<Planned, "state">): Promise<boolean> {
  if (!mayHoldGoogleAnswers(file.path)) return false;
  const text = await readRegularText(target, { maxBytes: REWRITTEN_BYTES, followLinks: false }).catch(
    () => null,
  );
  const packed = text === null ? null : withoutGoogleAnswers(file.path, text);
  return packed !== null && sha256Hex(packed) === file.sha256;
}

/**
 * Finds sessions that would exist twice, archived and as a folder, possibly in different states. If the existing archive
 * contains everything that the backup has of a session, its files count as present.
 */
async function findMisplaced(
  planned: Planned[],
  sessions: string,
  signal: AbortSignal,
): Promise<Misplaced[]> {
  const folders = new Map<string, Planned[]>();
  const archives = new Map<string, Planned>();
  for (const plan of planned) {
    const kept = parseBackupPath(plan.file.path);
    if (kept?.kind === "session") {
      const plans = folders.get(kept.id);
      if (plans === undefined) folders.set(kept.id, [plan]);
      else plans.push(plan);
    }
    if (kept?.kind === "archived" && kept.names[0].endsWith(".zip")) archives.set(kept.id, plan);
  }
  const found: Misplaced[] = [];
  for (const id of new Set([...folders.keys(), ...archives.keys()])) {
    signal.throwIfAborted();
    const [inFolder = [], inArchive] = [folders.get(id), archives.get(id)];
    // A backup made after a kill has both: the folder takes precedence and is compared file by file.
    if (inFolder.length > 0 && inArchive !== undefined) continue;
    const [folder, archive] = [path.join(sessions, id), archiveZipPath(sessions, id)];
    const hasFolder = await pathExists(journalPath(folder));
    if (inArchive !== undefined) {
      if (hasFolder && inArchive.state !== "same") found.push({ id, place: folder });
    } else if (!hasFolder && (await pathExists(archive))) {
      const hashes = await hashesOfArchive(archive, signal);
      if (inFolder.every(({ file }) => hashes.get(file.path) === file.sha256)) {
        for (const plan of inFolder) plan.state = "same";
      } else found.push({ id, place: archive });
    }
  }
  return found;
}

/** The hashes of an archive's files by path; empty if it is damaged. */
async function hashesOfArchive(archive: string, signal: AbortSignal): Promise<Map<string, string>> {
  try {
    const zip = await ZipReader.open(archive, false);
    const files = await checkPack(zip, signal).finally(() => zip.close());
    return new Map(files.map((file) => [file.path, file.sha256]));
  } catch {
    signal.throwIfAborted();
    return new Map();
  }
}

async function hashFile(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  const { handle } = await openRegularFile(file, { maxBytes: Infinity, followLinks: false });
  const content = handle.createReadStream({ signal });
  for await (const chunk of content as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest("hex");
}

function conflict(others: Planned[], misplaced: Misplaced[], workspace: string): ResearchError {
  const files = formatFirst(
    others.map(({ target }) => target),
    workspace,
  );
  const places = formatFirst(
    misplaced.map(({ place }) => place),
    workspace,
  );
  return new ResearchError(
    "conflict",
    joinMessages([
      ...(others.length === 0
        ? []
        : [
            others.length === 1
              ? msg`${others.length} file exists with different content: ${files}.`
              : msg`${others.length} files exist with different content: ${files}.`,
          ]),
      ...(misplaced.length === 0
        ? []
        : [
            misplaced.length === 1
              ? msg`${misplaced.length} session is archived only here or only in the backup: ${places}.`
              : msg`${misplaced.length} sessions are archived only here or only in the backup: ${places}.`,
          ]),
    ]),
    msg`Nothing was written. With --overwrite they are replaced, and the old ones are kept as NAME.before-restore.`,
  );
}

function formatFirst(places: string[], workspace: string): Message {
  const first = places
    .slice(0, 3)
    .map((place) => path.relative(workspace, place))
    .join(", ");
  return places.length > 3 ? msg`${first} and ${places.length - 3} more` : toMessage(first);
}

async function assertNotRunning(
  planned: Planned[],
  misplaced: Misplaced[],
  { sessions }: StorageFolders,
  isRunning: RestoreOptions["isRunning"],
): Promise<void> {
  const ids = planned
    .filter(({ state }) => state !== "same")
    .map(({ file }) => parseBackupPath(file.path))
    .flatMap((kept) => (kept?.kind === "session" ? [kept.id] : []));
  for (const id of new Set([...ids, ...misplaced.map((each) => each.id)])) {
    if (!(await isRunning(path.join(sessions, id)))) continue;
    throw new ResearchError(
      "cannot-write",
      msg`The session “${id}” is running.`,
      msg`Nothing was written; try again when it has ended.`,
    );
  }
}
