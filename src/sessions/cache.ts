import { createHash, randomUUID } from "node:crypto";
import { readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import PQueue from "p-queue";
import * as z from "zod";
import { readRegularText } from "../common/read-file.js";
import { codeOf } from "../research/errors.js";
import { CACHE_ENTRY_LIMITS, CACHE_OBJECT_LIMITS } from "./file-limits.js";
import { cannotWrite, makeFolder, PRIVATE_FILE, PRIVATE_FOLDER, writeWhole } from "./files.js";
import { parsed } from "./journal-lines.js";
import { canonical } from "./steps.js";

/*
 * What was read and answered once, for later sessions of the same workspace. An entry is named by the
 * hash of what was asked, and points at an object named by the hash of what came: what does not match
 * its name is as good as not there. Whoever gets the folder in another way, in a clone or an archive,
 * gets nothing from it: a stranger's cache could claim anything about any page.
 */

export interface CacheLimits {
  /** Bytes kept at most, in millions; 0 switches the cache off. */
  megabytes: number;
  /** Days after which an entry no longer counts. */
  days: number;
}

const Entry = z.object({ at: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** What clearing or trimming removed. */
export interface Removed {
  files: number;
  bytes: number;
}

/** Milliseconds for which what is to be kept waits: when much comes at once, there is other work. */
const PATIENCE = 1500;
const AT_A_TIME = 4;

export const DAY = 24 * 60 * 60 * 1000;

/** The cache's folder for sessions that lie in `sessions`. */
export function cacheFolder(sessions: string): string {
  return path.join(path.dirname(sessions), "cache");
}

export class Cache {
  private ready: Promise<boolean> | null = null;
  private changed = false;
  /** What is to be kept and is not written yet, by its entry: other sessions of this process have it at once. */
  private readonly waiting = new Map<string, { text: string; at: Date }>();
  private readonly writing = new PQueue({ concurrency: AT_A_TIME, autoStart: false });
  private timer: NodeJS.Timeout | undefined;

  /** @param folder need not exist */
  constructor(
    readonly folder: string,
    private readonly limits: CacheLimits,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /**
   * What is kept for an input, with when it came; null where nothing is, or what is does not hold.
   * @param longest milliseconds after which it is too old, if that is less than the limit of days
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
      const known = schema.safeParse(parsed(waiting.text));
      return known.success ? { value: known.data, at: waiting.at } : null;
    }
    const entry = Entry.safeParse(parsed(await readRegularText(file, CACHE_ENTRY_LIMITS).catch(() => "")));
    if (!entry.success) return null;
    const { at, sha256 } = entry.data;
    const age = this.now().getTime() - Date.parse(at);
    // A clock that was set back makes entries of the future, whose age nobody knows.
    if (!(age >= 0 && age <= Math.min(longest, this.limits.days * DAY))) return null;
    const text = await readRegularText(this.objectFile(sha256), CACHE_OBJECT_LIMITS).catch(() => null);
    if (text === null || hash(text) !== sha256) return null;
    const value = schema.safeParse(parsed(text));
    if (!value.success) return null;
    // What is used is kept longest when room is made.
    await utimes(file, this.now(), this.now()).catch(() => undefined);
    return { value: value.data, at: new Date(at) };
  }

  /**
   * Keeps a value for an input, in its own time: nobody waits for it but `trim`. A cache that cannot be
   * written to is no error: it is done without.
   */
  put(input: unknown, value: unknown): void {
    const file = this.entryFile(input);
    const entry = { text: JSON.stringify(value), at: this.now() };
    this.waiting.set(file, entry);
    void this.writing.add(() => this.keep(file, entry));
    this.timer ??= setTimeout(() => void this.settled(), PATIENCE);
  }

  /** Resolves when nothing is being kept any more. */
  async settled(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing.start();
    await this.writing.onIdle();
    this.writing.pause();
  }

  private async keep(file: string, entry: { text: string; at: Date }): Promise<void> {
    const { text, at } = entry;
    const sha256 = hash(text);
    try {
      if (!(await this.open())) return;
      await this.write(this.objectFile(sha256), text);
      await this.write(file, JSON.stringify({ at: at.toISOString(), sha256 }));
      this.changed = true;
    } catch {
      // A full disk or a read-only folder is told where it costs something: in the journal.
    } finally {
      if (this.waiting.get(file) === entry) this.waiting.delete(file);
    }
  }

  /** A folder of the cache for others to keep what they like in; null where there is no cache. */
  async own(name: "index"): Promise<string | null> {
    return (await this.open()) ? path.join(this.folder, name) : null;
  }

  /** Waits for what is being kept, then removes what is too old, then what was not used for longest, until the rest is small enough. */
  async trim(): Promise<Removed> {
    const removed: Removed = { files: 0, bytes: 0 };
    await this.settled();
    if (!this.changed) return removed;
    this.changed = false;
    const entries = await filesIn(path.join(this.folder, "entries"));
    const objects = new Map(
      (await filesIn(path.join(this.folder, "objects"))).map((each) => [each.file, each]),
    );
    const all = [...entries, ...objects.values()];
    let bytes = all.reduce((total, { size }) => total + size, 0);
    const most = this.limits.megabytes * 1e6;
    const isOld = ({ used }: { used: number }): boolean =>
      this.now().getTime() - used > this.limits.days * DAY;
    if (bytes <= most && !all.some(isOld)) return removed;
    const remove = async (file: string, size: number): Promise<void> => {
      await rm(file, { force: true });
      bytes -= size;
      removed.files++;
      removed.bytes += size;
    };
    const kept = new Map<string, number>();
    const oldest = entries.sort((a, b) => a.used - b.used);
    const sha = new Map<string, string>();
    for (const { file } of oldest) {
      const entry = Entry.safeParse(parsed(await readRegularText(file, CACHE_ENTRY_LIMITS).catch(() => "")));
      const object = entry.success ? this.objectFile(entry.data.sha256) : "";
      sha.set(file, object);
      kept.set(object, (kept.get(object) ?? 0) + 1);
    }
    for (const { file, size, used } of oldest) {
      const object = sha.get(file) ?? "";
      if (!isOld({ used }) && objects.has(object) && bytes <= most) continue;
      await remove(file, size);
      const left = (kept.get(object) ?? 1) - 1;
      kept.set(object, left);
      const found = objects.get(object);
      if (left === 0 && found !== undefined) await remove(object, found.size);
    }
    // What no entry names was left by a kill; another process may be about to name what is new.
    for (const { file, size, used } of objects.values()) {
      if (!kept.has(file) && this.now().getTime() - used > DAY) await remove(file, size);
    }
    return removed;
  }

  private async write(file: string, text: string): Promise<void> {
    const { ready } = this;
    // Not flushed: what a crash takes from a cache is fetched again, and half a file does not match its hash.
    const draft = `${file}.${randomUUID()}`;
    const put = async (): Promise<void> => {
      await writeFile(draft, text, { mode: PRIVATE_FILE });
      await rename(draft, file);
    };
    try {
      await put();
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error;
      // The first in its folder, or the cache was cleared meanwhile: where all of it is gone, it is opened anew.
      if (this.ready === ready) this.ready = null;
      if (!(await this.open())) throw error;
      await makeFolder(path.dirname(file), PRIVATE_FOLDER);
      await put();
    }
  }

  private entryFile(input: unknown): string {
    const key = hash(canonical(input));
    return path.join(this.folder, "entries", key.slice(0, 2), `${key}.json`);
  }

  private objectFile(sha256: string): string {
    return path.join(this.folder, "objects", sha256.slice(0, 2), `${sha256}.json`);
  }

  /** Makes the folder, kept out of git; empties it where it came from elsewhere. */
  private open(): Promise<boolean> {
    this.ready ??= (async () => {
      if (this.limits.megabytes === 0) return false;
      try {
        await makeFolder(this.folder, PRIVATE_FOLDER);
        const mark = await markOf(this.folder);
        const file = path.join(this.folder, "mark");
        const found = await readRegularText(file, CACHE_ENTRY_LIMITS).catch(() => "");
        if (found === mark) return true;
        await clearCache(this.folder);
        await writeWhole(path.join(this.folder, ".gitignore"), "*\n", PRIVATE_FILE);
        await writeWhole(file, mark, PRIVATE_FILE);
        return true;
      } catch {
        return false;
      }
    })();
    return this.ready;
  }
}

/**
 * Removes all that is kept. The folder stays this cache, out of git: who has it open goes on keeping.
 * @returns what that was
 * @throws ResearchError "cannot-write" where something could not be removed
 */
export async function clearCache(folder: string): Promise<Removed> {
  const removed: Removed = { files: 0, bytes: 0 };
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    throw cannotWrite(folder, error, "try again");
  });
  // What a clearing that was cut off had put aside goes, too; the index last, which a run may hold open.
  const kept = ["entries", "objects", "index"].flatMap((part) =>
    names.filter((name) => name === part || name.startsWith(`${part}.`)),
  );
  for (const name of kept) {
    for (const { size } of await removeAside(path.join(folder, name))) {
      removed.files++;
      removed.bytes += size;
    }
  }
  return removed;
}

/** What clearing removed, as a sentence. */
export function clearedLine({ files, bytes }: Removed): string {
  if (files === 0) return "The cache was empty.";
  return `The cache is empty now: ${(bytes / 1e6).toFixed(1)} MB in ${files} ${files === 1 ? "file" : "files"} removed.`;
}

/** Out of sight at once, then removed: another process never sees half of it. @returns the files that went */
async function removeAside(folder: string): ReturnType<typeof filesIn> {
  const aside = `${folder}.${randomUUID()}`;
  try {
    await rename(folder, aside);
    const files = await filesIn(aside);
    await rm(aside, { recursive: true, force: true });
    return files;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw cannotWrite(folder, error, "try again");
  }
}

/** What no copy of the folder has: where and when it was made. */
async function markOf(folder: string): Promise<string> {
  const { ino, birthtimeMs } = await stat(folder);
  return hash(JSON.stringify([hostname(), ino, birthtimeMs]));
}

async function filesIn(folder: string): Promise<{ file: string; size: number; used: number }[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = found
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const known = [];
  for (const file of files) {
    const about = await stat(file).catch(() => null);
    if (about !== null) known.push({ file, size: about.size, used: about.mtimeMs });
  }
  return known;
}

function hash(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
