import { open, type FileHandle } from "node:fs/promises";
import { promisify } from "node:util";
import { deflateRaw } from "node:zlib";
import { Zip, ZipDeflate, ZipPassThrough } from "fflate";
import { toWriteError, PRIVATE_FILE } from "../../common/files.js";

/** A plain zip has room for this many entries in its count, and for offsets below 4 GB. */
const PLAIN_ENTRIES = 0xffff;
const END_BYTES = 22;
const TOGETHER_BYTES = 64 * 1024;

const deflate = promisify(deflateRaw);

/** An entry that was deflated in one piece, on another thread. */
class Deflated extends ZipPassThrough {
  override compression = 8;
  #packed: Buffer<ArrayBuffer> | null;

  constructor(name: string, packed: Buffer<ArrayBuffer>) {
    super(name);
    this.#packed = packed;
  }

  protected override process(_content: Uint8Array, final: boolean): void {
    if (this.#packed !== null) this.ondata(null, this.#packed, final);
    // The zip keeps its entries to its end: their content must not stay with them.
    this.#packed = null;
  }
}

/**
 * Writes a zip file entry by entry. No more than one slice of an entry is in memory: each one is on
 * its way to the disk before the next is asked for.
 */
export class ZipWriter {
  private entries = 0;
  private bytes = 0;
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private failure: Error | null = null;
  private readonly zip = new Zip((error, chunk, final) => {
    if (error !== null) this.failure = error;
    else for (const each of final ? this.ending(chunk) : [chunk]) this.wait(each);
  });

  private constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
    private readonly at: Date,
  ) {}

  /** Begins a zip; the file must not exist. `at` is the time of its entries. */
  static async create(file: string, at: Date): Promise<ZipWriter> {
    try {
      return new ZipWriter(file, await open(file, "wx", PRIVATE_FILE), at);
    } catch (error) {
      throw toWriteError(file, error, "try again");
    }
  }

  /**
   * Adds an entry. @throws ResearchError "cannot-write", and whatever `content` throws
   * @param stored leave it as it is: for what is compressed already
   */
  async add(name: string, content: AsyncIterable<Uint8Array>, stored = false): Promise<void> {
    const entry = stored ? new ZipPassThrough(name) : new ZipDeflate(name, { level: 6 });
    this.begin(entry);
    for await (const slice of content) {
      entry.push(slice);
      await this.drain(0);
    }
    entry.push(new Uint8Array(0), true);
    await this.drain(TOGETHER_BYTES);
  }

  /** Adds an entry whose content is in memory: far quicker for the many small ones. */
  async addSmall(name: string, content: Uint8Array): Promise<void> {
    const entry = new Deflated(name, await deflate(content));
    this.begin(entry);
    entry.push(content, true);
    await this.drain(TOGETHER_BYTES);
  }

  private begin(entry: ZipPassThrough | ZipDeflate): void {
    entry.os = 3;
    entry.attrs = ((0o100000 | PRIVATE_FILE) << 16) >>> 0;
    entry.mtime = this.at;
    this.zip.add(entry);
    this.entries++;
  }

  /** Ends the zip; it is on the disk when the promise resolves. @returns its size in bytes */
  async finish(): Promise<number> {
    this.zip.end();
    await this.drain(0);
    try {
      await this.handle.sync();
      await this.handle.close();
    } catch (error) {
      throw toWriteError(this.file, error, "try again");
    }
    return this.bytes;
  }

  /** Closes the file where the zip is not to be finished. */
  async abandon(): Promise<void> {
    await this.handle.close().catch(() => undefined);
  }

  /** Writes what waits, once it is `least` bytes: small entries go to the disk together. */
  private async drain(least: number): Promise<void> {
    if (this.failure !== null) throw toWriteError(this.file, this.failure, "try again");
    if (this.waitingBytes < least) return;
    const slice = Buffer.concat(this.waiting);
    this.waiting = [];
    this.waitingBytes = 0;
    try {
      for (let written = 0; written < slice.length;) {
        written += (await this.handle.write(slice, written)).bytesWritten;
      }
      this.bytes += slice.length;
    } catch (error) {
      throw toWriteError(this.file, error, "try again");
    }
  }

  private wait(chunk: Uint8Array): void {
    this.waiting.push(chunk);
    this.waitingBytes += chunk.length;
  }

  /** fflate's last chunk, the directory; where the plain count is too small for it, with ZIP64's records. */
  private ending(chunk: Uint8Array): Uint8Array[] {
    if (this.entries < PLAIN_ENTRIES) return [chunk];
    const directory = chunk.subarray(0, chunk.length - END_BYTES);
    const start = BigInt(this.bytes + this.waitingBytes);
    const end = Buffer.alloc(56 + 20 + END_BYTES);
    end.writeUInt32LE(0x06064b50, 0);
    end.writeBigUInt64LE(44n, 4);
    end.writeUInt16LE((3 << 8) | 45, 12);
    end.writeUInt16LE(45, 14);
    end.writeBigUInt64LE(BigInt(this.entries), 24);
    end.writeBigUInt64LE(BigInt(this.entries), 32);
    end.writeBigUInt64LE(BigInt(directory.length), 40);
    end.writeBigUInt64LE(start, 48);
    end.writeUInt32LE(0x07064b50, 56);
    end.writeBigUInt64LE(start + BigInt(directory.length), 64);
    end.writeUInt32LE(1, 72);
    end.writeUInt32LE(0x06054b50, 76);
    end.fill(0xff, 84, 96);
    return [directory, end];
  }
}
