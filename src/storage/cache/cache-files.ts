import { lstat, readdir, rmdir, unlink } from "node:fs/promises";
import path from "node:path";
import { readRegularText } from "../../common/read-file.js";
import { describeObstacle, findObstacle } from "../../common/real-folder.js";
import { systemErrorCode } from "../../common/errors.js";

/*
 * Which files of a cache's folder are ours, and their removal. A repository can bring a folder of this name, with
 * links in it or in its place: what does not have exactly our names, or is no plain file in real folders, is never
 * touched.
 */

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const HASHED = `[0-9a-f]{2}/[0-9a-f]{64}\\.json(?:\\.${UUID})?`;
const INDEXED = `[0-9a-f]{32}-\\d\\.db(?:\\.${UUID}(?:\\.(?:copy|draft))?)?`;
/** Files by their path below the cache; a part that a clearing had put aside has a UUID behind its name. */
const OURS = new RegExp(
  `^(?:(?:entries|objects)(?:\\.${UUID})?/${HASHED}|index(?:\\.${UUID})?/${INDEXED}|(?:mark|\\.gitignore)(?:\\.${UUID})?)$`,
);
/** Folders that hold them; SQLite's own lock is a folder, too. */
const OUR_FOLDERS = new RegExp(
  `^(?:(?:entries|objects)(?:\\.${UUID})?(?:/[0-9a-f]{2})?|index(?:\\.${UUID})?(?:/[0-9a-f]{32}-\\d\\.db\\.${UUID}\\.lock)?)$`,
);
/** What stays when a cache is cleared: others may be opening it just now. */
const STAYING = /^(?:mark|\.gitignore)/;
/** The whole of our .gitignore. */
export const GITIGNORE_TEXT = "*\n";
/** Others that are looked for at most: one is enough to leave a folder alone. */
const MOST_OTHERS = 3;

export interface CacheFile {
  /** Absolute. */
  file: string;
  /** Relative to the cache, with forward slashes. */
  name: string;
  size: number;
  /** When it was last used, in milliseconds since 1970. */
  used: number;
}

export interface CacheSurvey {
  /** Plain files in real folders that have our names. */
  files: CacheFile[];
  /** Our folders, each after those above it. */
  folders: string[];
  /** A few of what is not ours, relative to the cache: files, folders, links. */
  others: string[];
}

/**
 * Looks through a cache's folder, or one part of it, following no link.
 * @throws the system's error where the folder cannot be read
 */
export async function surveyCache(folder: string, part = ""): Promise<CacheSurvey> {
  const found: CacheSurvey = { files: [], folders: [], others: [] };
  if (part !== "" && (await findObstacle(folder, path.join(folder, part))) !== null) {
    found.others.push(part);
    return found;
  }
  if (part !== "") found.folders.push(path.join(folder, part));
  const left = [part];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    const entries = await readdir(path.join(folder, name), { withFileTypes: true }).catch(
      (error: unknown) => {
        // Gone meanwhile: another process cleared it.
        if (systemErrorCode(error) === "ENOENT") return [];
        throw error;
      },
    );
    for (const entry of entries) {
      const inner = name === "" ? entry.name : `${name}/${entry.name}`;
      const file = path.join(folder, inner);
      if (entry.isDirectory() && OUR_FOLDERS.test(inner)) {
        found.folders.push(file);
        left.push(inner);
      } else if (entry.isFile() && OURS.test(inner)) {
        const about = await lstat(file).catch(() => null);
        if (about?.isFile() === true)
          found.files.push({ file, name: inner, size: about.size, used: about.mtimeMs });
      } else if (found.others.length < MOST_OTHERS) found.others.push(inner);
    }
  }
  return found;
}

/** Why a folder that does not bear our mark cannot be the cache, as a sentence; null where it can. */
export async function describeForeignFiles(
  root: string,
  folder: string,
  found: CacheSurvey,
): Promise<string | null> {
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

function foreignSentence(shown: string, names: string[]): string {
  return `${shown} contains something that Deep Research did not create: ${names.join(", ")}.`;
}

/** Which of the others is a link, as a sentence; null where none is. */
export async function describeLinks(
  root: string,
  folder: string,
  { others }: CacheSurvey,
): Promise<string | null> {
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

/** Removes what the cache keeps, and its folders where nothing is left in them. @returns what that was */
export async function removeCacheFiles({
  files,
  folders,
}: CacheSurvey): Promise<{ files: number; bytes: number }> {
  const removed = { files: 0, bytes: 0 };
  // The index comes last, which a run may hold open.
  const isIndex = ({ name }: CacheFile): number => Number(name.startsWith("index"));
  for (const { file, name, size } of files.toSorted((a, b) => isIndex(a) - isIndex(b))) {
    if (STAYING.test(name)) continue;
    try {
      await unlink(file);
    } catch (error) {
      if (systemErrorCode(error) === "ENOENT") continue;
      throw error;
    }
    removed.files++;
    removed.bytes += size;
  }
  // One that is not empty stays: there is something of somebody else in it, or something new.
  for (const folder of folders.toReversed()) await rmdir(folder).catch(() => undefined);
  return removed;
}
