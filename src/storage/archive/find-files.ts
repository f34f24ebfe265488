import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { readFirstBytes } from "../../common/read-file.js";
import { systemErrorCode } from "../../common/errors.js";
import {
  ARCHIVE_FOLDER,
  isRestoreCopy,
  isTransientFile,
  isSessionId,
  parseBackupPath,
  REPORT_FOLDERS,
} from "./allowed-paths.js";
import type { FileToPack } from "./pack.js";
import { hasReportHead } from "../../core/report/verdict-marks.js";

/** Found files: those to pack, and in `others` those that are left out. */
export interface FilesToBackUp {
  files: AsyncGenerator<FileToPack>;
  /** Paths that are neither packed nor transient, or are unreadable; complete once `files` is exhausted. */
  others: string[];
}

/**
 * The files of one session, journal first: everything that it mentions existed before, so the backup of a running
 * session contains all snapshots of its packed journal.
 */
export function findSessionFiles(folder: string, id: string): FilesToBackUp {
  const others: string[] = [];
  return { files: searchFolder(searchedSession(folder, id, others), [], 2), others };
}

/** The files of all sessions, including archived ones. */
export function findAllSessionFiles(sessions: string): FilesToBackUp {
  const others: string[] = [];
  async function* files(): AsyncGenerator<FileToPack> {
    const entries = await readEntries(sessions, others);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const { name } = entry;
      if (isRestoreCopy(name)) others.push(path.join(sessions, name));
      if (!isSessionId(name)) continue;
      // Links are not followed: their target is not a session of this folder.
      if (entry.isSymbolicLink()) {
        others.push(path.join(sessions, name));
        continue;
      }
      const walk = findSessionFiles(path.join(sessions, name), name);
      yield* walk.files;
      others.push(...walk.others);
    }
    if (entries.some((entry) => entry.name === ARCHIVE_FOLDER && !entry.isDirectory())) {
      others.push(path.join(sessions, ARCHIVE_FOLDER));
      return;
    }
    yield* searchFolder(searchedSession(path.join(sessions, ARCHIVE_FOLDER), ARCHIVE_FOLDER, others), [], 1);
  }
  return { files: files(), others };
}

/**
 * The reports below a folder: Markdown that names its session. Other files are ignored; `except`, hidden folders and
 * links are not entered.
 */
export function findAllReports(reports: string, except: string): FilesToBackUp {
  const others: string[] = [];
  async function* files(): AsyncGenerator<FileToPack> {
    const left: string[] = [];
    const folder: SearchedFolder = {
      root: reports,
      pathOf: (names) => `reports/${names.join("/")}`,
      passes: (_, file) => file === except,
      others: left,
      unreadable: others,
    };
    for await (const each of searchFolder(folder, [], REPORT_FOLDERS + 1)) {
      const isOne = await isReport(each.file);
      if (isOne === true) yield each;
      if (isOne === null) others.push(each.file);
    }
    others.push(...left.filter((file) => file.endsWith(".md")));
  }
  return { files: files(), others };
}

/** A folder to search. */
interface SearchedFolder {
  root: string;
  /** A file's path in a backup. */
  pathOf: (names: string[]) => string;
  /** What is skipped silently. */
  passes: (names: string[], file: string) => boolean;
  others: string[];
  /** Folders that cannot be read. */
  unreadable: string[];
}

function searchedSession(root: string, id: string, others: string[]): SearchedFolder {
  const pathOf = (names: string[]): string => `sessions/${id}/${names.join("/")}`;
  return { root, pathOf, passes: isTransientFile, others, unreadable: others };
}

async function* searchFolder(
  searched: SearchedFolder,
  names: string[],
  depth: number,
): AsyncGenerator<FileToPack> {
  const folder = path.join(searched.root, ...names);
  const entries = await readEntries(folder, searched.unreadable);
  entries.sort((a, b) => Number(a.isDirectory()) - Number(b.isDirectory()) || (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const inner = [...names, entry.name];
    const file = path.join(folder, entry.name);
    if (searched.passes(inner, file)) continue;
    if (entry.isFile() && parseBackupPath(searched.pathOf(inner)) !== null)
      yield { file, path: searched.pathOf(inner) };
    else if (entry.isDirectory() && depth > 1 && !/^\.|^node_modules$/.test(entry.name)) {
      yield* searchFolder(searched, inner, depth - 1);
    } else searched.others.push(file);
  }
}

/** Lists a folder; empty if it does not exist. An unreadable folder is recorded. */
async function readEntries(folder: string, unreadable: string[]): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") unreadable.push(folder);
    return [];
  }
}

/** Whether the first lines name a session. @returns null for an unreadable file */
async function isReport(file: string): Promise<boolean | null> {
  try {
    const head = await readFirstBytes(file, 8 * 1024, false);
    return hasReportHead(head.toString("utf8"));
  } catch (error) {
    return systemErrorCode(error) === "ENOENT" ? false : null;
  }
}
