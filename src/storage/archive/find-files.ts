import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { readHead } from "../../common/read-file.js";
import { codeOf } from "../../common/errors.js";
import { ARCHIVE, isAside, isPassing, isSessionId, keptAt, REPORT_FOLDERS } from "./allowed-paths.js";
import type { ToPack } from "./pack.js";
import { hasReportHead } from "../../core/report/verdict-marks.js";

/** What a walk finds: files to pack, and in `others` what is left where it is. */
export interface Walk {
  files: AsyncGenerator<ToPack>;
  /** Paths of what is neither packed nor merely passing, or cannot be read; whole when `files` has come to its end. */
  others: string[];
}

/**
 * The files of one session. The journal comes first: what it tells of was there before, so a session
 * that runs meanwhile has every snapshot that its packed journal knows.
 */
export function sessionFiles(folder: string, id: string): Walk {
  const others: string[] = [];
  return { files: below(sessionRoom(folder, id, others), [], 2), others };
}

/** The files of all sessions, archived ones too. */
export function allSessions(sessions: string): Walk {
  const others: string[] = [];
  async function* files(): AsyncGenerator<ToPack> {
    const entries = await entriesIn(sessions, others);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const { name } = entry;
      if (isAside(name)) others.push(path.join(sessions, name));
      if (!isSessionId(name)) continue;
      // A link is not entered: what it leads to is no session of this folder.
      if (entry.isSymbolicLink()) {
        others.push(path.join(sessions, name));
        continue;
      }
      const walk = sessionFiles(path.join(sessions, name), name);
      yield* walk.files;
      others.push(...walk.others);
    }
    if (entries.some((entry) => entry.name === ARCHIVE && !entry.isDirectory())) {
      others.push(path.join(sessions, ARCHIVE));
      return;
    }
    yield* below(sessionRoom(path.join(sessions, ARCHIVE), ARCHIVE, others), [], 1);
  }
  return { files: files(), others };
}

/**
 * The reports below a folder: Markdown that names its session. Nothing else that may live there is
 * touched, and neither `except` nor hidden folders nor links are entered.
 */
export function allReports(reports: string, except: string): Walk {
  const others: string[] = [];
  async function* files(): AsyncGenerator<ToPack> {
    const left: string[] = [];
    const room: Room = {
      root: reports,
      pathOf: (names) => `reports/${names.join("/")}`,
      passes: (_, file) => file === except,
      others: left,
      unreadable: others,
    };
    for await (const each of below(room, [], REPORT_FOLDERS + 1)) {
      const isOne = await isReport(each.file);
      if (isOne === true) yield each;
      if (isOne === null) others.push(each.file);
    }
    others.push(...left.filter((file) => file.endsWith(".md")));
  }
  return { files: files(), others };
}

/** A folder that is walked. */
interface Room {
  root: string;
  /** A file's path in a backup. */
  pathOf: (names: string[]) => string;
  /** What is passed over without a word. */
  passes: (names: string[], file: string) => boolean;
  others: string[];
  /** Folders that cannot be read. */
  unreadable: string[];
}

function sessionRoom(root: string, id: string, others: string[]): Room {
  const pathOf = (names: string[]): string => `sessions/${id}/${names.join("/")}`;
  return { root, pathOf, passes: isPassing, others, unreadable: others };
}

async function* below(room: Room, names: string[], depth: number): AsyncGenerator<ToPack> {
  const folder = path.join(room.root, ...names);
  const entries = await entriesIn(folder, room.unreadable);
  entries.sort((a, b) => Number(a.isDirectory()) - Number(b.isDirectory()) || (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const inner = [...names, entry.name];
    const file = path.join(folder, entry.name);
    if (room.passes(inner, file)) continue;
    if (entry.isFile() && keptAt(room.pathOf(inner)) !== null) yield { file, path: room.pathOf(inner) };
    else if (entry.isDirectory() && depth > 1 && !/^\.|^node_modules$/.test(entry.name)) {
      yield* below(room, inner, depth - 1);
    } else room.others.push(file);
  }
}

/** What a folder holds; nothing where it is not there. One that cannot be read is named. */
async function entriesIn(folder: string, unreadable: string[]): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (codeOf(error) !== "ENOENT") unreadable.push(folder);
    return [];
  }
}

/** A report's first lines name the session it came from. @returns null for a file that cannot be read */
async function isReport(file: string): Promise<boolean | null> {
  try {
    const head = await readHead(file, 8 * 1024, false);
    return hasReportHead(head.toString("utf8"));
  } catch (error) {
    return codeOf(error) === "ENOENT" ? false : null;
  }
}
