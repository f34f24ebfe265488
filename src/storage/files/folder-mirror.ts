import path from "node:path";
import * as z from "zod";
import { ensureFolder, PRIVATE_FILE, PRIVATE_FOLDER, writeFileAtomic } from "../../common/files.js";
import { ResearchError } from "../../common/errors.js";
import { msg } from "../../common/messages.js";
import { parseJson } from "../../common/parse-json.js";
import { readRegularText } from "../../common/read-file.js";
import type { FileStore, StoredFile } from "../../core/domain/file-store.js";
import { DiskStore } from "./disk-store.js";

/*
 * A folder on the disk with the files of a store, for stores that cannot lock, append or flush: a run works in the folder
 * as in any other, and what it writes is copied to the store. Nothing that changed on one side is lost: a file that
 * changed on both stays as it is on both, and the next copy of it to the store is refused.
 */

/** Folders of other programs, which hold no sources and may be very large. */
const SKIPPED = new Set([".git", ".hg", ".svn", "node_modules"]);

/** What is copied from the store at most. */
export interface MirrorLimits {
  files: number;
  /** Of one file, and of all. */
  fileBytes: number;
  bytes: number;
}

export const MIRROR_LIMITS: MirrorLimits = { files: 10_000, fileBytes: 20e6, bytes: 300e6 };

/** Files are copied so many at a time, since each is a request. */
const AT_ONCE = 8;
const STATE_LIMITS = { maxBytes: 16e6 };

const State = z.object({
  schema: z.literal(1),
  /** By path: the versions that were the same content. */
  files: z.record(z.string(), z.object({ remote: z.string(), local: z.string() })),
});
type Versions = z.infer<typeof State>["files"];

export interface PullResult {
  copied: number;
  /** Files beyond the limits. */
  leftOut: number;
}

export class FolderMirror {
  /** The files, absolute. */
  readonly folder: string;
  private readonly local: DiskStore;
  private readonly stateFile: string;
  private versions: Map<string, Versions[string]> | null = null;
  private last: Promise<unknown> = Promise.resolve();

  /** @param place the folder for the files and for what is known of them, absolute; only for this store */
  constructor(
    private readonly store: FileStore,
    private readonly place: string,
    private readonly limits: MirrorLimits = MIRROR_LIMITS,
  ) {
    this.folder = path.join(place, "files");
    this.stateFile = path.join(place, "state.json");
    this.local = new DiskStore(this.folder, PRIVATE_FILE);
  }

  /**
   * Copies what changed in the store into the folder, and removes from the folder what is gone from the store.
   * @throws ResearchError as the store; "cannot-write"
   */
  pull(signal: AbortSignal): Promise<PullResult> {
    return this.inTurn(() => this.pullNow(signal));
  }

  /**
   * Copies our files that changed in the folder to the store, and removes there what is gone from the folder.
   * @param rank of a file of ours, lower ones first; null for a file that is not ours
   * @throws ResearchError as the store; "conflict" if a file was changed in the store, too
   */
  push(rank: (path: string) => number | null, signal: AbortSignal): Promise<void> {
    return this.inTurn(() => this.pushNow(rank, signal));
  }

  private async pullNow(signal: AbortSignal): Promise<PullResult> {
    await ensureFolder(this.place, this.folder, PRIVATE_FOLDER);
    const versions = await this.readVersions();
    const [remote, leftOut] = await this.listStore(signal);
    const local = await listVersions(this.local, signal);
    const changed = [...remote.values()].filter((file) => {
      const known = versions.get(file.path);
      // A file that changed here stays until it has been copied to the store.
      return known?.remote !== file.version && known?.local === local.get(file.path);
    });
    for (let at = 0; at < changed.length; at += AT_ONCE)
      await Promise.all(
        changed.slice(at, at + AT_ONCE).map((file) => this.copyHere(file.path, versions, signal)),
      );
    for (const [file, known] of versions) {
      if (remote.has(file)) continue;
      if (local.get(file) === known.local) await this.local.remove(file, signal);
      versions.delete(file);
    }
    await this.writeVersions(versions);
    return { copied: changed.length, leftOut };
  }

  private async copyHere(
    file: string,
    versions: Map<string, Versions[string]>,
    signal: AbortSignal,
  ): Promise<void> {
    const content = await this.store.read(file, this.limits.fileBytes, signal);
    if (content === null) return;
    const local = await this.local.write(file, content, "any", signal);
    versions.set(file, { remote: content.version, local });
  }

  private async pushNow(rank: (path: string) => number | null, signal: AbortSignal): Promise<void> {
    const versions = await this.readVersions();
    const local = await listVersions(this.local, signal);
    const ours = [...local.keys()].flatMap((file) => {
      const order = rank(file);
      return order === null ? [] : [{ file, order }];
    });
    try {
      for (const { file } of ours.sort((a, b) => a.order - b.order || (a.file < b.file ? -1 : 1))) {
        const known = versions.get(file);
        if (known?.local === local.get(file)) continue;
        const content = await this.local.read(file, Infinity, signal);
        if (content === null) continue;
        const remote = await this.store.write(
          file,
          content,
          known === undefined ? null : { version: known.remote },
          signal,
        );
        versions.set(file, { remote, local: content.version });
      }
      for (const file of versions.keys()) {
        if (local.has(file) || rank(file) === null) continue;
        await this.store.remove(file, signal);
        versions.delete(file);
      }
    } catch (error) {
      if (!(error instanceof ResearchError) || error.code !== "conflict") throw error;
      throw new ResearchError(
        "conflict",
        error.what,
        msg`It was not replaced. Rename it there and try again; the other version is in ${this.folder}.`,
        { cause: error },
      );
    } finally {
      await this.writeVersions(versions);
    }
  }

  /** The files of the store within the limits, by path, and the number of others. */
  private async listStore(signal: AbortSignal): Promise<[Map<string, StoredFile>, number]> {
    const found = new Map<string, StoredFile>();
    let [bytes, leftOut] = [0, 0];
    const enters = (folder: string): boolean => !SKIPPED.has(path.posix.basename(folder));
    for await (const file of this.store.list("", signal, enters)) {
      const isWithin = file.bytes <= this.limits.fileBytes && bytes + file.bytes <= this.limits.bytes;
      if (!isWithin || found.size >= this.limits.files) {
        leftOut++;
        continue;
      }
      bytes += file.bytes;
      found.set(file.path, file);
    }
    return [found, leftOut];
  }

  private async readVersions(): Promise<Map<string, Versions[string]>> {
    if (this.versions === null) {
      const text = await readRegularText(this.stateFile, STATE_LIMITS).catch(() => "");
      const state = State.safeParse(parseJson(text));
      this.versions = new Map(Object.entries(state.data?.files ?? {}));
    }
    return this.versions;
  }

  private async writeVersions(versions: Map<string, Versions[string]>): Promise<void> {
    const state: z.infer<typeof State> = { schema: 1, files: Object.fromEntries(versions) };
    await writeFileAtomic(this.stateFile, JSON.stringify(state), PRIVATE_FILE);
  }

  /** Copies go one after the other, whoever asks for them. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.last.then(work, work);
    this.last = next.catch(() => undefined);
    return next;
  }
}

async function listVersions(store: FileStore, signal: AbortSignal): Promise<Map<string, string>> {
  const versions = new Map<string, string>();
  for await (const { path: file, version } of store.list("", signal)) versions.set(file, version);
  return versions;
}
