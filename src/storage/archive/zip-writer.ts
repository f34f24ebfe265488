import { msg } from "../../common/messages.js";
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { Readable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import { toWriteError, PRIVATE_FILE } from "../../common/files.js";

const MODE = 0o100000 | PRIVATE_FILE;

/**
 * Writes a zip file entry by entry, with only a few slices of an entry in memory: more are requested when these are
 * written.
 */
export class ZipWriter {
  private readonly zip = new ZipFile() as ZipFile & { entries: unknown[] };
  /** Entries that are written. yazl searches its own list from the start at each entry, so they are not in it. */
  private readonly done: unknown[] = [];
  private readonly target: WriteStream;
  /** Resolves when the file has ended, or cannot be written: see `failure`. */
  private readonly written: Promise<void>;
  private failure: Error | null = null;
  /** The content that is being read. */
  private source: Readable | null = null;

  /**
   * @param file must not exist
   * @param at the time of the entries
   */
  constructor(
    file: string,
    private readonly at: Date,
  ) {
    this.target = createWriteStream(file, { flags: "wx", mode: PRIVATE_FILE, flush: true });
    this.written = pipeline(this.zip.outputStream, this.target).catch((error: unknown) => {
      this.failure = toWriteError(file, error, msg`try again`);
      this.source?.destroy(this.failure);
    });
  }

  /**
   * Adds an entry. @throws ResearchError "cannot-write", and whatever `content` throws
   * @param content slices that are not changed afterwards
   * @param stored do not compress: for content that is compressed already
   */
  async add(name: string, content: AsyncIterable<Uint8Array>, stored = false): Promise<void> {
    this.throwIfFailed();
    // When the content of an entry has been read, all entries before it are written.
    this.done.push(...this.zip.entries.splice(0, this.zip.entries.length - 1));
    this.source = Readable.from(content, { objectMode: false });
    this.zip.addReadStream(this.source, name, { mtime: this.at, mode: MODE, compress: !stored });
    await finished(this.source);
  }

  /**
   * Finishes the zip; it is on disk when the promise resolves. @throws ResearchError "cannot-write"
   * @returns its size in bytes
   */
  async finish(): Promise<number> {
    this.zip.entries = [...this.done, ...this.zip.entries];
    this.zip.end();
    await this.written;
    this.throwIfFailed();
    return this.target.bytesWritten;
  }

  /** Closes the file without finishing the zip. */
  async abandon(): Promise<void> {
    if (this.target.closed) return;
    this.target.destroy();
    await once(this.target, "close").catch(() => undefined);
  }

  private throwIfFailed(): void {
    if (this.failure !== null) throw this.failure;
  }
}
