import { msg, type Message } from "../../common/messages.js";
import { lstat, readdir, rmdir, unlink } from "node:fs/promises";
import path from "node:path";
import { readRegularText } from "../../common/read-file.js";
import { describeObstacle, findObstacle } from "../../common/real-folder.js";
import { systemErrorCode } from "../../common/errors.js";

/*
 * Recognizes and removes the cache's own files. A repository may contain a folder of this name, with links in it or
 * instead of it, so anything that does not have exactly our names, or is not a regular file in real folders, is never
 * touched.
 */

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const HASHED = `[0-9a-f]{2}/[0-9a-f]{64}\\.json(?:\\.${UUID})?`;
const INDEXED = `[0-9a-f]{32}-\\d\\.db(?:\\.${UUID}(?:\\.(?:copy|draft))?)?`;
/** Our files by their path in the cache; a UUID is added to a part that is being cleared. */
const OWN_FILES = new RegExp(
  `^(?:(?:entries|objects)(?:\\.${UUID})?/${HASHED}|index(?:\\.${UUID})?/${INDEXED}|(?:mark|\\.gitignore)(?:\\.${UUID})?)$`,
);
/** Our folders, including SQLite's lock folder. */
const OWN_FOLDERS = new RegExp(
  `^(?:(?:entries|objects)(?:\\.${UUID})?(?:/[0-9a-f]{2})?|index(?:\\.${UUID})?(?:/[0-9a-f]{32}-\\d\\.db\\.${UUID}\\.lock)?)$`,
);
/** Not removed when a cache is cleared, since other processes may be opening it. */
const KEPT_FILES = /^(?:mark|\.gitignore)/;
/** The whole of our .gitignore. */
export const GITIGNORE_TEXT = "*\n";
/** Maximum number of foreign files to list: one is enough to leave a folder alone. */
const MAX_OTHERS = 3;

export interface CacheFile {
  /** Absolute. */
  file: string;
  /** Relative to the cache, with forward slashes. */
  name: string;
  size: number;
  /** Time of last use, in milliseconds since 1970. */
  used: number;
}

export interface CacheSurvey {
  /** Regular files with our names, in real folders. */
  files: CacheFile[];
  /** Our folders, parents first. */
  folders: string[];
  /** Some foreign entries, relative to the cache: files, folders, links. */
  others: string[];
}

/**
 * Scans a cache folder, or one part of it, without following links.
 * @throws the system's error if the folder cannot be read
 */
export async function surveyCache(folder: string, part = ""): Promise<CacheSurvey> {
  const found: CacheSurvey = { files: [], folders: [], others: [] };
  if (part !== "" && (await findObstacle(folder, path.join(folder, part))) !== null) {
    found.others.push(part);
    return found;
  }
  if (part !== "") found.folders.push(path.join(folder, part));
  const pending = [part];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const entries = await readdir(path.join(folder, name), { withFileTypes: true }).catch(
      (error: unknown) => {
        // Another process cleared it in the meantime.
        if (systemErrorCode(error) === "ENOENT") return [];
        throw error;
      },
    );
    for (const entry of entries) {
      const inner = name === "" ? entry.name : `${name}/${entry.name}`;
      const file = path.join(folder, inner);
      if (entry.isDirectory() && OWN_FOLDERS.test(inner)) {
        found.folders.push(file);
        pending.push(inner);
      } else if (entry.isFile() && OWN_FILES.test(inner)) {
        const stats = await lstat(file).catch(() => null);
        if (stats?.isFile() === true)
          found.files.push({ file, name: inner, size: stats.size, used: stats.mtimeMs });
      } else if (found.others.length < MAX_OTHERS) found.others.push(inner);
    }
  }
  return found;
}

/** Why an unmarked folder cannot be used as the cache, as a sentence; null if it can. */
export async function describeForeignFiles(
  root: string,
  folder: string,
  found: CacheSurvey,
): Promise<Message | null> {
  const { files, others } = found;
  const link = await describeLinks(root, folder, found);
  if (link !== null) return link;
  const shown = shownFrom(root, folder);
  if (others.length > 0) return foreignSentence(shown, others);
  const ignore = files.find(({ name }) => name === ".gitignore");
  if (ignore === undefined) return null;
  const text = await readRegularText(ignore.file, { maxBytes: 1024, followLinks: false }).catch(() => "");
  return text === GITIGNORE_TEXT ? null : foreignSentence(shown, [ignore.name]);
}

function foreignSentence(shown: string, names: string[]): Message {
  return msg`${shown} contains something that Deep Research did not create: ${names.join(", ")}.`;
}

/** Names a link among the foreign entries, as a sentence; null if there is none. */
export async function describeLinks(
  root: string,
  folder: string,
  { others }: CacheSurvey,
): Promise<Message | null> {
  for (const name of others) {
    const obstacle = await findObstacle(folder, path.join(folder, name)).catch(() => null);
    if (obstacle?.kind !== "link") continue;
    return describeObstacle({ ...obstacle, shown: `${shownFrom(root, folder)}/${obstacle.shown}` });
  }
  return null;
}

function shownFrom(root: string, folder: string): string {
  return path.relative(root, folder).split(path.sep).join("/") || folder;
}

/** Removes the cache's files and empty folders. @returns the number and size of removed files */
export async function removeCacheFiles({
  files,
  folders,
}: CacheSurvey): Promise<{ files: number; bytes: number }> {
  const removed = { files: 0, bytes: 0 };
  // The index comes last, because a run may have it open.
  const isIndex = ({ name }: CacheFile): number => Number(name.startsWith("index"));
  for (const { file, name, size } of files.toSorted((a, b) => isIndex(a) - isIndex(b))) {
    if (KEPT_FILES.test(name)) continue;
    try {
      await unlink(file);
    } catch (error) {
      if (systemErrorCode(error) === "ENOENT") continue;
      throw error;
    }
    removed.files++;
    removed.bytes += size;
  }
  // A folder that is not empty stays: it contains foreign or new files.
  for (const folder of folders.toReversed()) await rmdir(folder).catch(() => undefined);
  return removed;
}
