import { msg } from "../../common/messages.js";
import { open, type FileHandle } from "node:fs/promises";
import { promisify } from "node:util";
import { deflateRaw } from "node:zlib";
import { Zip, ZipDeflate, ZipPassThrough } from "fflate";
import { toWriteError, PRIVATE_FILE } from "../../common/files.js";

/** Without ZIP64, a zip can have fewer entries than this, and offsets below 4 GB. */
const PLAIN_ENTRIES = 0xffff;
const END_BYTES = 22;
const BATCH_BYTES = 64 * 1024;

const deflate = promisify(deflateRaw);

/** An entry that was already deflated, on another thread. */
class Deflated extends ZipPassThrough {
  override compression = 8;
  #packed: Buffer<ArrayBuffer> | null;

  constructor(name: string, packed: Buffer<ArrayBuffer>) {
    super(name);
    this.#packed = packed;
  }

  protected override process(_content: Uint8Array, final: boolean): void {
    if (this.#packed !== null) this.ondata(null, this.#packed, final);
    // The zip keeps its entries until the end, so release their content.
    this.#packed = null;
  }
}

/**
 * Writes a zip file entry by entry, with at most one slice of an entry in memory: each is written before the next is
 * requested.
 */
export class ZipWriter {
  private entries = 0;
  private bytes = 0;
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private failure: Error | null = null;
  private readonly zip = new Zip((error, chunk, final) => {
    if (error !== null) this.failure = error;
    else for (const each of final ? this.finalChunks(chunk) : [chunk]) this.enqueue(each);
  });

  private constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
    private readonly at: Date,
  ) {}

  /** Creates a zip; the file must not exist. `at` is the time of its entries. */
  static async create(file: string, at: Date): Promise<ZipWriter> {
    try {
      return new ZipWriter(file, await open(file, "wx", PRIVATE_FILE), at);
    } catch (error) {
      throw toWriteError(file, error, msg`try again`);
    }
  }

  /**
   * Adds an entry. @throws ResearchError "cannot-write", and whatever `content` throws
   * @param stored do not compress: for content that is compressed already
   */
  async add(name: string, content: AsyncIterable<Uint8Array>, stored = false): Promise<void> {
    const entry = stored ? new ZipPassThrough(name) : new ZipDeflate(name, { level: 6 });
    this.begin(entry);
    for await (const slice of content) {
      entry.push(slice);
      await this.drain(0);
    }
    entry.push(new Uint8Array(0), true);
    await this.drain(BATCH_BYTES);
  }

  /** Adds an entry from memory, which is much faster for many small ones. */
  async addSmall(name: string, content: Uint8Array): Promise<void> {
    const entry = new Deflated(name, await deflate(content));
    this.begin(entry);
    entry.push(content, true);
    await this.drain(BATCH_BYTES);
  }

  private begin(entry: ZipPassThrough | ZipDeflate): void {
    entry.os = 3;
    entry.attrs = ((0o100000 | PRIVATE_FILE) << 16) >>> 0;
    entry.mtime = this.at;
    this.zip.add(entry);
    this.entries++;
  }

  /** Finishes the zip; it is on disk when the promise resolves. @returns its size in bytes */
  async finish(): Promise<number> {
    this.zip.end();
    await this.drain(0);
    try {
      await this.handle.sync();
      await this.handle.close();
    } catch (error) {
      throw toWriteError(this.file, error, msg`try again`);
    }
    return this.bytes;
  }

  /** Closes the file without finishing the zip. */
  async abandon(): Promise<void> {
    await this.handle.close().catch(() => undefined);
  }

  /** Writes pending data once it reaches `least` bytes, so that small entries are written together. */
  private async drain(least: number): Promise<void> {
    if (this.failure !== null) throw toWriteError(this.file, this.failure, msg`try again`);
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
      throw toWriteError(this.file, error, msg`try again`);
    }
  }

  private enqueue(chunk: Uint8Array): void {
    this.waiting.push(chunk);
    this.waitingBytes += chunk.length;
  }

  /** fflate's last chunk, the directory, with ZIP64 records if there are too many entries. */
  private finalChunks(chunk: Uint8Array): Uint8Array[] {
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
