import { msg, type Message } from "../../common/messages.js";
import { randomUUID } from "node:crypto";
import { cacheFolder } from "../../config/storage-folders.js";
import { access, constants, lstat, lutimes, rename, unlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import PQueue from "p-queue";
import * as z from "zod";
import { readRegularText } from "../../common/read-file.js";
import {
  describeObstacle,
  findObstacle,
  isRealFolder,
  createRealFolder,
  NotRealFolderError,
} from "../../common/real-folder.js";
import { isBelow } from "../../common/is-below.js";
import { systemErrorCode, ResearchError } from "../../common/errors.js";
import {
  describeForeignFiles,
  GITIGNORE_TEXT,
  describeLinks,
  removeCacheFiles,
  surveyCache,
  type CacheFile,
  type CacheSurvey,
} from "./cache-files.js";
import {
  toWriteError,
  ensureFolder,
  PRIVATE_FILE,
  PRIVATE_FOLDER,
  writeFileAtomic,
} from "../../common/files.js";
import { parseJson } from "../../common/parse-json.js";
import { toCanonicalJson } from "../sessions/journaled-steps.js";
import { sha256Hex } from "../../common/hash.js";

/*
 * Caches readings and answers for later sessions of the same workspace. An entry is named by the hash of its input and
 * points at an object named by the hash of its content; a mismatch counts as missing. A folder that was copied, in a
 * clone or an archive, is not used, because a stranger's cache could claim anything about any page. A folder of this
 * name with other content is neither used nor cleared.
 */

export interface CacheLimits {
  /** Maximum size in millions of bytes; 0 disables the cache. */
  megabytes: number;
  /** Days after which an entry expires. */
  days: number;
}

const Entry = z.object({ at: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** The result of clearing or trimming. */
export interface RemovedEntries {
  files: number;
  bytes: number;
}

/** Milliseconds before new entries are written, to keep the disk free for other work. */
const WRITE_DELAY_MS = 1500;
const WRITE_CONCURRENCY = 4;

export const DAY_MS = 24 * 60 * 60 * 1000;

/** Maximum sizes of an entry and an object, in bytes. */
const MAX_ENTRY_BYTES = 4 * 1024;
const MAX_OBJECT_BYTES = 256 * 1024 ** 2;
/** Parts of the cache; the index comes last, because a run may have it open. */
const PARTS = ["entries", "objects", "index"];

/** The folder below which the cache follows no links: the workspace, or the folder that the user set. */
export function cacheRoot(sessions: string, workspace: string): string {
  const folder = cacheFolder(sessions);
  return isBelow(folder, workspace) ? workspace : path.dirname(folder);
}

export class Cache {
  private ready: Promise<Readiness> | null = null;
  private changed = false;
  /** Values not written yet, by entry file; other sessions of this process can use them at once. */
  private readonly waiting = new Map<string, { text: string; at: Date }>();
  private readonly writing = new PQueue({ concurrency: WRITE_CONCURRENCY, autoStart: false });
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param folder need not exist
   * @param root the folder below which no link is followed
   */
  constructor(
    readonly folder: string,
    private readonly limits: CacheLimits,
    private readonly now: () => Date = () => new Date(),
    private readonly root = path.dirname(folder),
  ) {}

  /**
   * Looks up the value for an input and its time; null if there is none or it is invalid.
   * @param longest maximum age in milliseconds, if less than the limit of days
   */
  async get<T>(
    input: unknown,
    schema: z.ZodType<T>,
    longest = Infinity,
  ): Promise<{ value: T; at: Date } | null> {
    if (!(await this.open())) return null;
    const file = this.entryFile(input);
    const waiting = this.waiting.get(file);
    if (waiting !== undefined) {
      const known = schema.safeParse(parseJson(waiting.text));
      return known.success ? { value: known.data, at: waiting.at } : null;
    }
    const entry = Entry.safeParse(parseJson((await this.read(file, MAX_ENTRY_BYTES)) ?? ""));
    if (!entry.success) return null;
    const { at, sha256 } = entry.data;
    const age = this.now().getTime() - Date.parse(at);
    // Entries from the future, after the clock was set back, have no valid age.
    if (!(age >= 0 && age <= Math.min(longest, this.limits.days * DAY_MS))) return null;
    const text = await this.read(this.objectFile(sha256), MAX_OBJECT_BYTES);
    if (text === null || sha256Hex(text) !== sha256) return null;
    const value = schema.safeParse(parseJson(text));
    if (!value.success) return null;
    // Mark it as recently used, so that trimming removes it last.
    await lutimes(file, this.now(), this.now()).catch(() => undefined);
    return { value: value.data, at: new Date(at) };
  }

  /**
   * Stores a value for an input in the background; only `trim` waits for it. Write errors are ignored: the cache is
   * optional.
   */
  put(input: unknown, value: unknown): void {
    const file = this.entryFile(input);
    const entry = { text: JSON.stringify(value), at: this.now() };
    this.waiting.set(file, entry);
    void this.writing.add(() => this.store(file, entry));
    this.timer ??= setTimeout(() => void this.settled(), WRITE_DELAY_MS);
  }

  /** Resolves when all pending values are written. */
  async settled(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing.start();
    await this.writing.onIdle();
    this.writing.pause();
  }

  private async store(file: string, entry: { text: string; at: Date }): Promise<void> {
    const { text, at } = entry;
    const sha256 = sha256Hex(text);
    try {
      if (!(await this.open())) return;
      await this.write(this.objectFile(sha256), text);
      await this.write(file, JSON.stringify({ at: at.toISOString(), sha256 }));
      this.changed = true;
    } catch {
      // A full disk or read-only folder is reported where it matters: when the journal is written.
    } finally {
      if (this.waiting.get(file) === entry) this.waiting.delete(file);
    }
  }

  /** A folder in the cache for another component's own files; null if the cache is not used. */
  async own(name: "index"): Promise<string | null> {
    if (!(await this.open())) return null;
    const folder = path.join(this.folder, name);
    return createRealFolder(this.root, folder, PRIVATE_FOLDER).then(
      () => folder,
      () => null,
    );
  }

  /** Why the cache is not used, as a sentence for the user; else null. */
  async problem(): Promise<Message | null> {
    await this.open();
    return (await this.ready)?.why ?? null;
  }

  private async read(file: string, maxBytes: number): Promise<string | null> {
    if (!(await isRealFolder(this.root, path.dirname(file)))) return null;
    return readRegularText(file, { maxBytes, followLinks: false }).catch(() => null);
  }

  /** Waits for pending writes, then removes expired entries and the least recently used ones above the size limit. */
  async trim(): Promise<RemovedEntries> {
    const removed: RemovedEntries = { files: 0, bytes: 0 };
    await this.settled();
    if (!this.changed) return removed;
    this.changed = false;
    const entries = await this.filesIn("entries");
    const objects = new Map((await this.filesIn("objects")).map((each) => [each.file, each]));
    const all = [...entries, ...objects.values()];
    let bytes = all.reduce((total, { size }) => total + size, 0);
    const most = this.limits.megabytes * 1e6;
    const isOld = ({ used }: { used: number }): boolean =>
      this.now().getTime() - used > this.limits.days * DAY_MS;
    if (bytes <= most && !all.some(isOld)) return removed;
    const remove = async (file: string, size: number): Promise<void> => {
      await unlink(file).catch(() => undefined);
      bytes -= size;
      removed.files++;
      removed.bytes += size;
    };
    const kept = new Map<string, number>();
    const oldest = entries.sort((a, b) => a.used - b.used);
    const objectOfEntry = new Map<string, string>();
    for (const { file } of oldest) {
      const entry = Entry.safeParse(parseJson((await this.read(file, MAX_ENTRY_BYTES)) ?? ""));
      const object = entry.success ? this.objectFile(entry.data.sha256) : "";
      objectOfEntry.set(file, object);
      kept.set(object, (kept.get(object) ?? 0) + 1);
    }
    for (const { file, size, used } of oldest) {
      const object = objectOfEntry.get(file) ?? "";
      if (!isOld({ used }) && objects.has(object) && bytes <= most) continue;
      await remove(file, size);
      const left = (kept.get(object) ?? 1) - 1;
      kept.set(object, left);
      const found = objects.get(object);
      if (left === 0 && found !== undefined) await remove(object, found.size);
    }
    // Unreferenced objects were left by a kill; new ones may be about to get their entry from another process.
    for (const { file, size, used } of objects.values()) {
      if (!kept.has(file) && this.now().getTime() - used > DAY_MS) await remove(file, size);
    }
    return removed;
  }

  private async write(file: string, text: string): Promise<void> {
    const { ready } = this;
    // Not flushed: losing cached data is harmless, and a truncated file does not match its hash.
    const draft = `${file}.${randomUUID()}`;
    const put = async (): Promise<void> => {
      await writeFile(draft, text, { mode: PRIVATE_FILE });
      await rename(draft, file);
    };
    const folder = path.dirname(file);
    try {
      if (!(await isRealFolder(this.root, folder)))
        throw Object.assign(new Error("no folder"), { code: "ENOENT" });
      await put();
    } catch (error) {
      if (systemErrorCode(error) !== "ENOENT") throw error;
      // Either the first file in its folder, or the cache was cleared and has to be reopened.
      if (this.ready === ready) this.ready = null;
      if (!(await this.open())) throw error;
      await ensureFolder(this.root, folder, PRIVATE_FOLDER);
      await put();
    }
  }

  private async filesIn(part: string): Promise<CacheFile[]> {
    if (!(await isRealFolder(this.root, this.folder))) return [];
    return (await surveyCache(this.folder, part).catch(() => null))?.files ?? [];
  }

  private entryFile(input: unknown): string {
    const key = sha256Hex(toCanonicalJson(input));
    return path.join(this.folder, "entries", key.slice(0, 2), `${key}.json`);
  }

  private objectFile(sha256: string): string {
    return path.join(this.folder, "objects", sha256.slice(0, 2), `${sha256}.json`);
  }

  private async open(): Promise<boolean> {
    this.ready ??= (async () => {
      if (this.limits.megabytes === 0) return { isUsed: false, why: null };
      try {
        const why = await claimCache(this.root, this.folder);
        return { isUsed: why === null, why };
      } catch {
        return { isUsed: false, why: null };
      }
    })();
    return (await this.ready).isUsed;
  }
}

interface Readiness {
  isUsed: boolean;
  why: Message | null;
}

/**
 * Creates the folder and excludes it from git. A folder from elsewhere that contains only cache files is taken over
 * and emptied.
 * @returns why it cannot be the cache, as a sentence; null if it is
 */
async function claimCache(root: string, folder: string): Promise<Message | null> {
  const found = await inspectCache(root, folder);
  if (found !== null && found.why !== null) return found.why;
  if (found?.isMarked === true) return null;
  await createRealFolder(root, folder, PRIVATE_FOLDER);
  if (found !== null) await removeCacheFiles(found.surveyed);
  await writeFileAtomic(path.join(folder, ".gitignore"), GITIGNORE_TEXT, PRIVATE_FILE);
  await writeFileAtomic(path.join(folder, "mark"), await createMark(folder), PRIVATE_FILE);
  return null;
}

interface CacheInspection {
  isMarked: boolean;
  /** Why it cannot be the cache; null if it can. */
  why: Message | null;
  surveyed: CacheSurvey;
}

/** Inspects a cache folder without changes. @returns null if there is none */
async function inspectCache(root: string, folder: string): Promise<CacheInspection | null> {
  const nothing: CacheSurvey = { files: [], folders: [], others: [] };
  const obstacle = await findObstacle(root, folder);
  if (obstacle !== null) return { isMarked: false, why: describeObstacle(obstacle), surveyed: nothing };
  if (!(await isRealFolder(path.dirname(folder), folder))) return null;
  if (await isMarked(folder)) {
    const links = { ...nothing, others: PARTS };
    return { isMarked: true, why: await describeLinks(root, folder, links), surveyed: nothing };
  }
  const surveyed = await surveyCache(folder);
  return { isMarked: false, why: await describeForeignFiles(root, folder, surveyed), surveyed };
}

/** Why a folder cannot be the cache, as a sentence; null if it can be or does not exist. Writes nothing. */
export async function findCacheProblem(folder: string, root = path.dirname(folder)): Promise<Message | null> {
  const found = await inspectCache(root, folder);
  return found?.why ?? null;
}

/** Whether this folder was created here by us, and is not a copy. */
async function isMarked(folder: string): Promise<boolean> {
  const mark = await readRegularText(path.join(folder, "mark"), {
    maxBytes: MAX_ENTRY_BYTES,
    followLinks: false,
  }).catch(() => "");
  return mark === (await createMark(folder));
}

/**
 * Removes all cached data. The folder stays in use for processes that have it open.
 * @param root the folder below which no link is followed
 * @returns the number and size of removed files
 * @throws ResearchError "cannot-write" if the folder is not ours, or something could not be removed
 */
export async function clearCache(folder: string, root = path.dirname(folder)): Promise<RemovedEntries> {
  try {
    const obstacle = await findObstacle(root, folder);
    if (obstacle?.kind === "file") throw new NotRealFolderError(obstacle);
    const found = await inspectCache(root, folder);
    if (found === null) return { files: 0, bytes: 0 };
    if (found.why !== null) {
      throw new ResearchError(
        "cannot-write",
        msg`The cache was not cleared, and nothing was removed: ${found.why}`,
        msg`Remove it yourself if it is yours.`,
      );
    }
    await access(folder, constants.W_OK | constants.X_OK);
    return await removeCacheFiles(await surveyCache(folder));
  } catch (error) {
    throw error instanceof ResearchError ? error : toWriteError(folder, error, msg`try again`);
  }
}

/** The result of clearing, as a sentence. */
export function describeCleared({ files, bytes }: RemovedEntries): Message {
  if (files === 0) return msg`The cache was empty.`;
  return files === 1
    ? msg`Cleared the cache: removed ${(bytes / 1e6).toFixed(1)} MB in ${files} file.`
    : msg`Cleared the cache: removed ${(bytes / 1e6).toFixed(1)} MB in ${files} files.`;
}

/** Identifies the folder itself, so that copies differ: host, inode and creation time. */
async function createMark(folder: string): Promise<string> {
  const { ino, birthtimeMs } = await lstat(folder);
  return sha256Hex(JSON.stringify([hostname(), ino, birthtimeMs]));
}
