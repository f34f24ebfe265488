import { msg, type Message } from "../../common/messages.js";
import { closeSync } from "node:fs";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { fromFdPromise, type Entry, type ZipFile } from "yauzl";
import { FileRefusedError, openRegularFileSync } from "../../common/read-file.js";
import { ResearchError } from "../../common/errors.js";

/*
 * Reads untrusted zip files. The central directory is authoritative: local headers must agree with it, entries may not
 * overlap, and no more is unpacked than it declares.
 */

/** Maximum number of entries, and bytes of the directory. */
const MOST_ENTRIES = 500_000;
const DIRECTORY_BYTES = 128 * 1024 * 1024;
/** Sizes of the end record, and of a file's record in the directory and before its content, without the name. */
const END_BYTES = 22;
const RECORD_BYTES = 46;
const HEADER_BYTES = 30;

export interface ZipEntry {
  name: string;
  /** Declared size of the content. */
  bytes: number;
  /** False for links, folders, devices. */
  isFile: boolean;
  /** The record of the directory. */
  record: Entry;
}

/** A zip file, open for reading. The caller must close it. */
export class ZipReader {
  private constructor(
    private readonly zip: ZipFile,
    readonly entries: ZipEntry[],
  ) {}

  /**
   * @throws ResearchError "no-backup" if it cannot be opened, "bad-backup" if it is not a zip, truncated, or has an
   *   invalid directory
   */
  static async open(file: string, followLinks = true): Promise<ZipReader> {
    const { descriptor, size } = openZip(file, followLinks);
    try {
      if (size < END_BYTES) throw invalidBackup(msg`it is not a zip file`);
      const zip = await fromFdPromise(descriptor, {
        // Names and sizes are checked here: the library's messages would not say what is wrong with a backup.
        decodeStrings: false,
        validateEntrySizes: false,
      }).catch((error: unknown) => {
        throw invalidBackup(msg`it is truncated or not a zip file`, error);
      });
      return new ZipReader(zip, await readDirectory(zip));
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /** Size of the zip file itself. */
  get size(): number {
    return this.zip.fileSize;
  }

  /**
   * Reads the content of an entry in slices.
   * @throws ResearchError "bad-backup" if it is damaged, or does not have the declared size
   */
  async *read(entry: ZipEntry, signal: AbortSignal): AsyncGenerator<Buffer> {
    let seen = 0;
    let crc = 0;
    try {
      for await (const chunk of (await this.unpack(entry)) as AsyncIterable<Buffer>) {
        signal.throwIfAborted();
        seen += chunk.length;
        if (seen > entry.bytes) throw invalidBackup(msg`${entry.name} is larger than declared`);
        crc = crc32(chunk, crc);
        yield chunk;
      }
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof ResearchError
        ? error
        : invalidBackup(msg`${entry.name} cannot be unpacked`, error);
    }
    if (seen !== entry.bytes) throw invalidBackup(msg`${entry.name} is smaller than declared`);
    if (crc !== entry.record.crc32) throw invalidBackup(msg`${entry.name} was changed`);
  }

  private async unpack({ name, record }: ZipEntry): Promise<Readable> {
    const header = await this.zip.readLocalFileHeaderPromise(record);
    const agrees =
      header.compressionMethod === record.compressionMethod && header.fileName.equals(record.fileNameRaw);
    if (!agrees) throw invalidBackup(msg`${name} does not match the zip directory`);
    return this.zip.openReadStreamPromise(record);
  }

  /** Reads a small entry at once. @throws ResearchError "bad-backup" if it is over `most` bytes */
  async whole(entry: ZipEntry, most: number, signal: AbortSignal): Promise<Buffer> {
    if (entry.bytes > most) throw invalidBackup(msg`${entry.name} is too large`);
    const chunks: Buffer[] = [];
    for await (const chunk of this.read(entry, signal)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async close(): Promise<void> {
    const closed = once(this.zip, "close");
    this.zip.close();
    await closed;
  }
}

/** The error for an invalid zip. */
export function invalidBackup(why: Message, cause?: unknown): ResearchError {
  return new ResearchError(
    "bad-backup",
    msg`This is not a valid backup: ${why}.`,
    msg`Nothing was written; use another copy of it.`,
    { cause },
  );
}

function openZip(file: string, followLinks: boolean): { descriptor: number; size: number } {
  try {
    return openRegularFileSync(file, { maxBytes: Infinity, followLinks });
  } catch (error) {
    if (error instanceof FileRefusedError) throw invalidBackup(msg`it is not a regular file`, error);
    throw new ResearchError("no-backup", msg`${file} cannot be opened.`, msg`Specify an existing backup.`, {
      cause: error,
    });
  }
}

async function readDirectory(zip: ZipFile): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = [];
  let left = DIRECTORY_BYTES;
  try {
    if (zip.entryCount > MOST_ENTRIES) throw invalidBackup(msg`it contains too many files`);
    for await (const record of zip.eachEntry()) {
      left -= RECORD_BYTES + record.fileNameLength + record.extraFieldLength + record.fileCommentLength;
      if (left < 0) throw invalidBackup(msg`it contains too many files`);
      entries.push(parseEntry(record));
    }
  } catch (error) {
    throw error instanceof ResearchError ? error : invalidBackup(msg`its directory is damaged`, error);
  }
  assertNoOverlap(entries, zip.fileSize);
  return entries;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function parseEntry(record: Entry): ZipEntry {
  const { compressionMethod: method, uncompressedSize: bytes, externalFileAttributes: attributes } = record;
  const name = decodeName(record.fileNameRaw, (record.generalPurposeBitFlag & 0x0800) !== 0);
  if (record.isEncrypted()) throw invalidBackup(msg`${name} is encrypted`);
  if (!record.canDecodeFileData()) throw invalidBackup(msg`${name} uses an unsupported compression method`);
  if (method === 0 && bytes !== record.compressedSize) throw invalidBackup(msg`${name} has two sizes`);
  // The upper half is the Unix mode, if any; the lower one contains the DOS folder flag.
  const type = attributes >>> 28;
  return { name, bytes, isFile: (type === 0 || type === 0o10) && (attributes & 0x10) === 0, record };
}

function decodeName(bytes: Buffer, isUtf8: boolean): string {
  if (!isUtf8 && bytes.some((byte) => byte > 0x7e)) throw invalidBackup(msg`a name in it cannot be read`);
  try {
    return utf8.decode(bytes);
  } catch (error) {
    throw invalidBackup(msg`a name in it cannot be read`, error);
  }
}

/** Overlapping entries let a small file unpack to a huge one. */
function assertNoOverlap(entries: ZipEntry[], size: number): void {
  const ranges = entries.map(({ record }) => ({
    start: record.relativeOffsetOfLocalHeader,
    end: record.relativeOffsetOfLocalHeader + HEADER_BYTES + record.fileNameLength + record.compressedSize,
  }));
  ranges.sort((a, b) => a.start - b.start);
  ranges.forEach(({ end }, index) => {
    if (end > (ranges[index + 1]?.start ?? size)) throw invalidBackup(msg`files in it overlap`);
  });
}
