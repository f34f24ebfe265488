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

/** What a walk finds: files to pack, and in `others` what is left where it is. */
export interface FilesToBackUp {
  files: AsyncGenerator<FileToPack>;
  /** Paths of what is neither packed nor merely passing, or cannot be read; whole when `files` has come to its end. */
  others: string[];
}

/**
 * The files of one session. The journal comes first: what it tells of was there before, so a session
 * that runs meanwhile has every snapshot that its packed journal knows.
 */
export function findSessionFiles(folder: string, id: string): FilesToBackUp {
  const others: string[] = [];
  return { files: below(searchedSession(folder, id, others), [], 2), others };
}

/** The files of all sessions, archived ones too. */
export function findAllSessionFiles(sessions: string): FilesToBackUp {
  const others: string[] = [];
  async function* files(): AsyncGenerator<FileToPack> {
    const entries = await entriesIn(sessions, others);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const { name } = entry;
      if (isRestoreCopy(name)) others.push(path.join(sessions, name));
      if (!isSessionId(name)) continue;
      // A link is not entered: what it leads to is no session of this folder.
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
    yield* below(searchedSession(path.join(sessions, ARCHIVE_FOLDER), ARCHIVE_FOLDER, others), [], 1);
  }
  return { files: files(), others };
}

/**
 * The reports below a folder: Markdown that names its session. Nothing else that may live there is
 * touched, and neither `except` nor hidden folders nor links are entered.
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
    for await (const each of below(folder, [], REPORT_FOLDERS + 1)) {
      const isOne = await isReport(each.file);
      if (isOne === true) yield each;
      if (isOne === null) others.push(each.file);
    }
    others.push(...left.filter((file) => file.endsWith(".md")));
  }
  return { files: files(), others };
}

/** A folder that is walked. */
interface SearchedFolder {
  root: string;
  /** A file's path in a backup. */
  pathOf: (names: string[]) => string;
  /** What is passed over without a word. */
  passes: (names: string[], file: string) => boolean;
  others: string[];
  /** Folders that cannot be read. */
  unreadable: string[];
}

function searchedSession(root: string, id: string, others: string[]): SearchedFolder {
  const pathOf = (names: string[]): string => `sessions/${id}/${names.join("/")}`;
  return { root, pathOf, passes: isTransientFile, others, unreadable: others };
}

async function* below(searched: SearchedFolder, names: string[], depth: number): AsyncGenerator<FileToPack> {
  const folder = path.join(searched.root, ...names);
  const entries = await entriesIn(folder, searched.unreadable);
  entries.sort((a, b) => Number(a.isDirectory()) - Number(b.isDirectory()) || (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const inner = [...names, entry.name];
    const file = path.join(folder, entry.name);
    if (searched.passes(inner, file)) continue;
    if (entry.isFile() && parseBackupPath(searched.pathOf(inner)) !== null)
      yield { file, path: searched.pathOf(inner) };
    else if (entry.isDirectory() && depth > 1 && !/^\.|^node_modules$/.test(entry.name)) {
      yield* below(searched, inner, depth - 1);
    } else searched.others.push(file);
  }
}

/** What a folder holds; nothing where it is not there. One that cannot be read is named. */
async function entriesIn(folder: string, unreadable: string[]): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") unreadable.push(folder);
    return [];
  }
}

/** A report's first lines name the session it came from. @returns null for a file that cannot be read */
async function isReport(file: string): Promise<boolean | null> {
  try {
    const head = await readFirstBytes(file, 8 * 1024, false);
    return hasReportHead(head.toString("utf8"));
  } catch (error) {
    return systemErrorCode(error) === "ENOENT" ? false : null;
  }
}
