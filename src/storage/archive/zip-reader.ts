import type { FileHandle } from "node:fs/promises";
import { pipeline } from "node:stream";
import { setImmediate as breathe } from "node:timers/promises";
import { promisify } from "node:util";
import { crc32, createInflateRaw, inflateRaw } from "node:zlib";
import { FileRefusedError, openRegularFile } from "../../common/read-file.js";
import { ResearchError } from "../../common/errors.js";

/*
 * Reads untrusted zip files. The central directory is authoritative: local headers must agree with it, entries may not
 * overlap, and no more is unpacked than it declares.
 */

/** Maximum number of entries, and bytes of the directory. */
const MOST_ENTRIES = 500_000;
const DIRECTORY_BYTES = 128 * 1024 * 1024;
const SLICE_BYTES = 64 * 1024;
/** Small entries, which are most of them, are unpacked at once, which is much faster. */
const SMALL_BYTES = 1024 * 1024;
const END_BYTES = 22;
const COMMENT_BYTES = 0xffff;

const inflate = promisify(inflateRaw);

export interface ZipEntry {
  name: string;
  /** Declared size of the content. */
  bytes: number;
  /** Size in the file. */
  packed: number;
  stored: boolean;
  crc: number;
  /** Offset of the entry in the file. */
  offset: number;
  /** False for links, folders, devices. */
  isFile: boolean;
}

/** A zip file, open for reading. The caller must close it. */
export class ZipReader {
  private constructor(
    private readonly handle: FileHandle,
    /** Size of the zip file itself. */
    readonly size: number,
    readonly entries: ZipEntry[],
  ) {}

  /**
   * @throws ResearchError "no-backup" if it cannot be opened, "bad-backup" if it is not a zip, truncated, or has an
   *   invalid directory
   */
  static async open(file: string, followLinks = true): Promise<ZipReader> {
    let handle: FileHandle;
    let size: number;
    try {
      ({ handle, size } = await openRegularFile(file, { maxBytes: Infinity, followLinks }));
    } catch (error) {
      if (error instanceof FileRefusedError) throw invalidBackup("it is not a regular file", error);
      throw new ResearchError("no-backup", `${file} cannot be opened.`, "Specify an existing backup.", {
        cause: error,
      });
    }
    try {
      return new ZipReader(handle, size, await readDirectory(handle, size));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /**
   * Reads the content of an entry in slices.
   * @throws ResearchError "bad-backup" if it is damaged, or does not have the declared size
   */
  async *read(entry: ZipEntry, signal: AbortSignal): AsyncGenerator<Buffer> {
    let seen = 0;
    let crc = 0;
    try {
      for await (const chunk of this.unpacked(entry, signal)) {
        signal.throwIfAborted();
        seen += chunk.length;
        if (seen > entry.bytes) throw invalidBackup(`${entry.name} is larger than declared`);
        crc = crc32(chunk, crc);
        yield chunk;
      }
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof ResearchError ? error : invalidBackup(`${entry.name} cannot be unpacked`, error);
    }
    if (seen !== entry.bytes) throw invalidBackup(`${entry.name} is smaller than declared`);
    if (crc !== entry.crc) throw invalidBackup(`${entry.name} was changed`);
  }

  private async *unpacked(entry: ZipEntry, signal: AbortSignal): AsyncGenerator<Buffer> {
    const slices = this.slices(entry, signal);
    if (entry.stored) yield* slices;
    else if (entry.packed > SLICE_BYTES || entry.bytes > SMALL_BYTES) {
      // Errors of the pipeline are also emitted by its last stream.
      yield* pipeline(slices, createInflateRaw(), () => undefined) as AsyncIterable<Buffer>;
    } else {
      for await (const slice of slices) {
        yield await inflate(slice, { maxOutputLength: Math.max(1, entry.bytes) });
      }
    }
  }

  /** Reads a small entry at once. @throws ResearchError "bad-backup" if it is over `most` bytes */
  async whole(entry: ZipEntry, most: number, signal: AbortSignal): Promise<Buffer> {
    if (entry.bytes > most) throw invalidBackup(`${entry.name} is too large`);
    const chunks: Buffer[] = [];
    for await (const chunk of this.read(entry, signal)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  private async *slices(entry: ZipEntry, signal: AbortSignal): AsyncGenerator<Buffer> {
    const header = await readAt(this.handle, entry.offset, 30);
    const name = Buffer.from(entry.name, "utf8");
    const same =
      header.readUInt32LE(0) === 0x04034b50 &&
      header.readUInt16LE(8) === (entry.stored ? 0 : 8) &&
      header.readUInt16LE(26) === name.length &&
      (await readAt(this.handle, entry.offset + 30, name.length)).equals(name);
    if (!same) throw invalidBackup(`${entry.name} does not match the zip directory`);
    let position = entry.offset + 30 + name.length + header.readUInt16LE(28);
    for (let left = entry.packed; left > 0;) {
      signal.throwIfAborted();
      const slice = await readAt(this.handle, position, Math.min(left, SLICE_BYTES));
      position += slice.length;
      left -= slice.length;
      yield slice;
    }
  }
}

/** The error for an invalid zip. */
export function invalidBackup(why: string, cause?: unknown): ResearchError {
  return new ResearchError(
    "bad-backup",
    `This is not a valid backup: ${why}.`,
    "Nothing was written; use another copy of it.",
    { cause },
  );
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  for (let read = 0; read < length;) {
    const { bytesRead } = await handle.read(buffer, read, length - read, position + read);
    if (bytesRead === 0) throw invalidBackup("it is truncated");
    read += bytesRead;
  }
  return buffer;
}

async function readDirectory(handle: FileHandle, size: number): Promise<ZipEntry[]> {
  const { start, length, count } = await locateDirectory(handle, size);
  if (count > MOST_ENTRIES || length > DIRECTORY_BYTES) throw invalidBackup("it contains too many files");
  const directory = await readAt(handle, start, length);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let n = 0; n < count; n++) {
    if (n % 1000 === 999) await breathe();
    if (at + 46 > length || directory.readUInt32LE(at) !== 0x02014b50)
      throw invalidBackup("its directory is damaged");
    const [names, extras, comments] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field)) as [
      number,
      number,
      number,
    ];
    const next = at + 46 + names + extras + comments;
    if (next > length) throw invalidBackup("its directory is damaged");
    entries.push(parseEntry(directory.subarray(at, at + 46 + names)));
    at = next;
  }
  if (at !== length) throw invalidBackup("its directory is damaged");
  assertNoOverlap(entries, start);
  return entries;
}

async function locateDirectory(handle: FileHandle, size: number) {
  if (size < END_BYTES) throw invalidBackup("it is not a zip file");
  const tail = await readAt(
    handle,
    Math.max(0, size - END_BYTES - COMMENT_BYTES),
    Math.min(size, END_BYTES + COMMENT_BYTES),
  );
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== 0x06054b50) continue;
    if (at + END_BYTES + tail.readUInt16LE(at + 20) !== tail.length) continue;
    const end = size - tail.length + at;
    const found = {
      count: tail.readUInt16LE(at + 10),
      length: tail.readUInt32LE(at + 12),
      start: tail.readUInt32LE(at + 16),
      end,
    };
    const where =
      found.count === 0xffff || found.start === 0xffffffff ? await locateZip64Directory(handle, end) : found;
    if (where.start + where.length !== where.end) throw invalidBackup("its directory is damaged");
    return where;
  }
  throw invalidBackup("it is truncated or not a zip file");
}

async function locateZip64Directory(handle: FileHandle, end: number) {
  if (end < 76) throw invalidBackup("its directory is damaged");
  const locator = await readAt(handle, end - 20, 20);
  const at = Number(locator.readBigUInt64LE(8));
  if (locator.readUInt32LE(0) !== 0x07064b50 || at !== end - 76)
    throw invalidBackup("its directory is damaged");
  const record = await readAt(handle, at, 56);
  if (record.readUInt32LE(0) !== 0x06064b50) throw invalidBackup("its directory is damaged");
  const [count = 0, length = 0, start = 0] = [32, 40, 48].map((field) =>
    Number(record.readBigUInt64LE(field)),
  );
  return { count, length, start, end: at };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function parseEntry(record: Buffer): ZipEntry {
  const flags = record.readUInt16LE(8);
  const method = record.readUInt16LE(10);
  const name = decodeName(record.subarray(46), (flags & 0x0800) !== 0);
  if ((flags & 1) !== 0) throw invalidBackup(`${name} is encrypted`);
  if (method !== 0 && method !== 8) throw invalidBackup(`${name} uses an unsupported compression method`);
  const bytes = record.readUInt32LE(24);
  const packed = record.readUInt32LE(20);
  if (method === 0 && bytes !== packed) throw invalidBackup(`${name} has two sizes`);
  // The upper half is the Unix mode, if any; the lower one contains the DOS folder flag.
  const type = (record.readUInt16LE(40) & 0o170000) >>> 12;
  const isFile = (type === 0 || type === 0o10) && (record.readUInt16LE(38) & 0x10) === 0;
  return {
    name,
    bytes,
    packed,
    stored: method === 0,
    crc: record.readUInt32LE(16),
    offset: record.readUInt32LE(42),
    isFile,
  };
}

function decodeName(bytes: Buffer, isUtf8: boolean): string {
  if (!isUtf8 && bytes.some((byte) => byte > 0x7e)) throw invalidBackup("a name in it cannot be read");
  try {
    return utf8.decode(bytes);
  } catch (error) {
    throw invalidBackup("a name in it cannot be read", error);
  }
}

/** Overlapping entries let a small file unpack to a huge one. */
function assertNoOverlap(entries: ZipEntry[], directory: number): void {
  const byOffset = entries.map(({ offset, packed, name }) => ({
    offset,
    end: offset + 30 + Buffer.byteLength(name) + packed,
  }));
  byOffset.sort((a, b) => a.offset - b.offset);
  byOffset.forEach(({ end }, index) => {
    if (end > (byOffset[index + 1]?.offset ?? directory)) throw invalidBackup("files in it overlap");
  });
}
