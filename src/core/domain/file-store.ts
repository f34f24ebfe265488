/*
 * Files in one place: a folder on the disk, a folder of VS Code's file systems, or the objects below a prefix in a
 * bucket. Each implementation passes the same contract tests.
 */

/** A file of a store. */
export interface StoredFile {
  /** Relative to the store, with forward slashes. */
  path: string;
  bytes: number;
  /** Changes whenever the content does. Only comparable within one store. */
  version: string;
}

/** The content of a file, to be read once. */
export interface StoredContent {
  bytes: number;
  version: string;
  parts: AsyncIterable<Uint8Array>;
}

/** What a write expects at its path: a version, nothing (null), or whatever is there ("any"). */
export type Expected = { version: string } | null | "any";

/** Paths are relative and pass `isStorePath`; anything else is a RangeError. Every method rejects when its signal aborts. */
export interface FileStore {
  /** For messages: a folder, a URI or s3://BUCKET/PREFIX. */
  readonly place: string;

  /**
   * All files below a folder of the store, in no particular order; nothing where there is none. Links, and names that
   * are no store paths, are left out.
   * @param under "" for the whole store
   * @param enters whether a folder is looked into; by default each one is
   * @throws ResearchError "cannot-read"
   */
  list(under: string, signal: AbortSignal, enters?: (folder: string) => boolean): AsyncIterable<StoredFile>;

  /**
   * @returns null if there is no such file
   * @throws ResearchError "cannot-read"; "too-large" beyond `maxBytes`
   */
  read(path: string, maxBytes: number, signal: AbortSignal): Promise<StoredContent | null>;

  /**
   * Writes a whole file: others see the old content or the new one. Durable when it resolves.
   * @param bytes the length of `parts`
   * @returns the new version
   * @throws ResearchError "conflict" if something else is at the path than expected; "cannot-write"
   */
  write(
    path: string,
    content: { bytes: number; parts: AsyncIterable<Uint8Array> },
    expected: Expected,
    signal: AbortSignal,
  ): Promise<string>;

  /** Removes a file; one that is not there counts as removed. @throws ResearchError "cannot-write" */
  remove(path: string, signal: AbortSignal): Promise<void>;
}

/** Whether a path can be a file of a store, wherever that lies: no empty part, no dots alone, no other separators. */
export function isStorePath(path: string): boolean {
  return path
    .split("/")
    .every((name) => name !== "" && name !== "." && name !== ".." && !/[\\\p{Cc}]/u.test(name));
}

/** @throws RangeError */
export function assertStorePath(path: string): void {
  if (!isStorePath(path)) throw new RangeError(`“${path}” is not a path in a store.`);
}

/** Content that is in memory. */
export function toContent(content: Uint8Array): { bytes: number; parts: AsyncIterable<Uint8Array> } {
  // eslint-disable-next-line @typescript-eslint/require-await -- a generator of one part
  async function* parts(): AsyncGenerator<Uint8Array> {
    yield content;
  }
  return { bytes: content.length, parts: parts() };
}

/** Collects content whose size is known to be small enough. */
export async function collectContent(parts: AsyncIterable<Uint8Array>, bytes: number): Promise<Uint8Array> {
  const content = new Uint8Array(bytes);
  let at = 0;
  for await (const part of parts) {
    if (at + part.length > bytes) throw new RangeError(`The content is longer than its ${bytes} bytes.`);
    content.set(part, at);
    at += part.length;
  }
  if (at < bytes) throw new RangeError(`The content ends after ${at} of its ${bytes} bytes.`);
  return content;
}
