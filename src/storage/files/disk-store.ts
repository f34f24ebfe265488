import { lstat, readdir, unlink } from "node:fs/promises";
import path from "node:path";
import {
  ensureFolder,
  syncFolder,
  toReadError,
  toWriteError,
  writeFileAtomic,
  writeFileExclusive,
} from "../../common/files.js";
import { isMissingPathError, ResearchError, systemErrorCode } from "../../common/errors.js";
import { msg } from "../../common/messages.js";
import { openRegularFile } from "../../common/read-file.js";
import { assertRealFolder } from "../../common/files.js";
import {
  assertStorePath,
  isStorePath,
  type Expected,
  type FileStore,
  type StoredContent,
  type StoredFile,
} from "../../core/domain/file-store.js";

/** A folder on the disk. Follows no link below it. */
export class DiskStore implements FileStore {
  readonly place: string;

  /**
   * @param folder absolute; made with its first file
   * @param mode of new files; undefined: the user's umask
   */
  constructor(
    private readonly folder: string,
    private readonly mode?: number,
  ) {
    this.place = folder;
  }

  async *list(
    under: string,
    signal: AbortSignal,
    enters: (folder: string) => boolean = () => true,
  ): AsyncGenerator<StoredFile> {
    const waiting = [under];
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      signal.throwIfAborted();
      for (const entry of await this.readEntries(folder)) {
        const inner = folder === "" ? entry.name : `${folder}/${entry.name}`;
        if (!isStorePath(inner)) continue;
        if (entry.isDirectory() && enters(inner)) waiting.push(inner);
        if (!entry.isFile()) continue;
        const found = await this.inspect(inner);
        if (found !== null) yield { path: inner, ...found };
      }
    }
  }

  async read(name: string, maxBytes: number, signal: AbortSignal): Promise<StoredContent | null> {
    signal.throwIfAborted();
    const file = this.locate(name);
    await assertRealFolder(this.folder, path.dirname(file));
    const found = await this.inspect(name);
    if (found === null) return null;
    const { bytes, version } = found;
    if (bytes > maxBytes)
      throw new ResearchError("too-large", msg`${file} is larger than ${maxBytes} bytes.`);
    return { bytes, version, parts: readParts(file, bytes, signal) };
  }

  async write(
    name: string,
    content: { bytes: number; parts: AsyncIterable<Uint8Array> },
    expected: Expected,
    signal: AbortSignal,
  ): Promise<string> {
    signal.throwIfAborted();
    const file = this.locate(name);
    await ensureFolder(this.folder, path.dirname(file));
    if (expected !== "any") this.assertExpected(name, expected, await this.inspect(name));
    const parts = untilAborted(content.parts, signal);
    if (expected === null) {
      if (!(await writeFileExclusive(file, parts, this.mode))) this.refuse(name);
      await syncFolder(path.dirname(file));
    } else await writeFileAtomic(file, parts, this.mode);
    return (await this.inspect(name))?.version ?? "";
  }

  async remove(name: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const file = this.locate(name);
    await assertRealFolder(this.folder, path.dirname(file));
    try {
      await unlink(file);
    } catch (error) {
      if (!isMissingPathError(error)) throw toWriteError(file, error);
    }
  }

  private locate(name: string): string {
    assertStorePath(name);
    return path.join(this.folder, ...name.split("/"));
  }

  private async readEntries(folder: string) {
    const place = folder === "" ? this.folder : this.locate(folder);
    try {
      await assertRealFolder(this.folder, place);
      return await readdir(place, { withFileTypes: true });
    } catch (error) {
      if (isMissingPathError(error)) return [];
      throw error instanceof ResearchError ? error : toReadError(place, error);
    }
  }

  /** Size and version of a file; null if there is none. */
  private async inspect(name: string): Promise<{ bytes: number; version: string } | null> {
    try {
      const found = await lstat(this.locate(name), { bigint: true });
      if (!found.isFile()) return null;
      // A replaced file may have the old size and time, but not the old inode number.
      return { bytes: Number(found.size), version: `${found.mtimeNs}-${found.size}-${found.ino}` };
    } catch (error) {
      if (isMissingPathError(error) || systemErrorCode(error) === "ENOTDIR") return null;
      throw toReadError(this.locate(name), error);
    }
  }

  private assertExpected(
    name: string,
    expected: { version: string } | null,
    found: { version: string } | null,
  ): void {
    if (found?.version !== expected?.version) this.refuse(name);
  }

  private refuse(name: string): never {
    throw new ResearchError(
      "conflict",
      msg`${name} in ${this.place} was changed in the meantime.`,
      msg`Try again.`,
    );
  }
}

async function* untilAborted(
  parts: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const part of parts) {
    signal.throwIfAborted();
    yield part;
  }
}

/** A file's first bytes. It is opened when they are asked for: content that nobody reads holds no file open. */
async function* readParts(file: string, bytes: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  if (bytes === 0) return;
  try {
    const { handle } = await openRegularFile(file, { maxBytes: Infinity, followLinks: false });
    // The stream closes the file at its end, and when it is destroyed.
    yield* handle.createReadStream({ signal, end: bytes - 1 }) as AsyncIterable<Buffer>;
  } catch (error) {
    signal.throwIfAborted();
    throw toReadError(file, error);
  }
}
