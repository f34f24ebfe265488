import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from "node:fs";
import { lstat, open, type FileHandle } from "node:fs/promises";
import { systemErrorCode } from "./errors.js";

/*
 * Reads files from untrusted folders. Devices, FIFOs and sockets are rejected before anything is read from them, and
 * no file is read beyond a limit.
 */

/** Why a file was rejected: "ENOTREG", not a regular file; "EFBIG", larger than the limit. */
export type RefusalCode = "ENOTREG" | "EFBIG";

/** An existing file was rejected. It has a `code`, like system errors. */
export class FileRefusedError extends Error {
  override readonly name = "FileRefusedError";

  constructor(
    readonly code: RefusalCode,
    readonly file: string,
    limit: number,
  ) {
    super(
      code === "ENOTREG"
        ? `${file} is not a regular file.`
        : `${file} is larger than ${formatBytes(limit)}, the limit for such a file.`,
    );
  }
}

export interface ReadLimits {
  /** Maximum file size in bytes. */
  maxBytes: number;
  /** False rejects a symbolic link as "ENOTREG"; parent folders are not checked. Default: true. */
  followLinks?: boolean;
}

/**
 * Opens a regular file for reading. Never blocks, not even on a FIFO.
 * @throws FileRefusedError; the system's error, such as ENOENT
 */
export async function openRegularFile(
  file: string,
  limits: ReadLimits,
): Promise<{ handle: FileHandle; size: number }> {
  if (mustLookForLink(limits)) refuseLink(await lstat(file), file, limits);
  let handle: FileHandle;
  try {
    handle = await open(file, flagsFor(limits));
  } catch (error) {
    throw asRefusal(error, file, limits);
  }
  try {
    return { handle, size: sizeWithin(await handle.stat(), file, limits) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Like `openRegularFile`, for callers that read thousands of files: each promise costs more than the reading. */
export function openRegularFileSync(file: string, limits: ReadLimits): { descriptor: number; size: number } {
  const descriptor = openUncheckedSync(file, limits);
  try {
    return { descriptor, size: sizeOfOpenFileSync(descriptor, file, limits) };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
// Both flags are undefined on Windows, which counts as 0.
const FOLLOWING = O_RDONLY | O_NONBLOCK;
const NOT_FOLLOWING = FOLLOWING | O_NOFOLLOW;
const KNOWS_LINKS = (O_NOFOLLOW as number | undefined) !== undefined;

/**
 * Opens a file that may be a device or a FIFO, without blocking. For callers that read only a few bytes without
 * trusting them, or call `sizeOfOpenFileSync` first.
 */
export function openUncheckedSync(file: string, limits: ReadLimits): number {
  if (mustLookForLink(limits)) refuseLink(lstatSync(file), file, limits);
  try {
    return openSync(file, flagsFor(limits));
  } catch (error) {
    throw asRefusal(error, file, limits);
  }
}

/** @throws FileRefusedError if the open file is not a regular file, or too large */
export function sizeOfOpenFileSync(descriptor: number, file: string, limits: ReadLimits): number {
  return sizeWithin(fstatSync(descriptor), file, limits);
}

/** Reads the first bytes of an open file in one call; fewer if it is shorter. */
export function readFirstBytesSync(descriptor: number, buffer: Buffer, bytes: number): Buffer {
  return buffer.subarray(0, readSync(descriptor, buffer, 0, bytes, 0));
}

function flagsFor({ followLinks = true }: ReadLimits): number {
  return followLinks ? FOLLOWING : NOT_FOLLOWING;
}

/** True if the system cannot reject a link while opening a file. */
function mustLookForLink({ followLinks = true }: ReadLimits): boolean {
  return !KNOWS_LINKS && !followLinks;
}

function refuseLink(found: Stats, file: string, { maxBytes }: ReadLimits): void {
  if (found.isSymbolicLink()) throw new FileRefusedError("ENOTREG", file, maxBytes);
}

function asRefusal(error: unknown, file: string, { maxBytes, followLinks = true }: ReadLimits): unknown {
  const code = systemErrorCode(error);
  // ELOOP: a link that is not followed. ENXIO: a socket, or a device without a driver.
  const isRefused = (code === "ELOOP" && !followLinks) || code === "ENXIO";
  return isRefused ? new FileRefusedError("ENOTREG", file, maxBytes) : error;
}

function sizeWithin(found: Stats, file: string, { maxBytes }: ReadLimits): number {
  if (!found.isFile()) throw new FileRefusedError("ENOTREG", file, maxBytes);
  if (found.size > maxBytes) throw new FileRefusedError("EFBIG", file, maxBytes);
  return found.size;
}

/**
 * Reads a regular file. One that grows beyond the limit during the read is rejected.
 * @throws FileRefusedError; the system's error, such as ENOENT
 */
export async function readRegularFile(file: string, limits: ReadLimits): Promise<Buffer> {
  const { handle, size } = await openRegularFile(file, limits);
  try {
    const parts: Buffer[] = [];
    let length = 0;
    // Files in /proc have size 0 but content.
    for (let chunk = Math.max(size + 1, 4096); ; chunk = 64 * 1024) {
      const buffer = Buffer.allocUnsafe(chunk);
      const { bytesRead } = await handle.read(buffer, 0, chunk, null);
      if (bytesRead === 0) return Buffer.concat(parts, length);
      parts.push(buffer.subarray(0, bytesRead));
      length += bytesRead;
      if (length > limits.maxBytes) throw new FileRefusedError("EFBIG", file, limits.maxBytes);
    }
  } finally {
    await handle.close();
  }
}

/** Reads a regular UTF-8 file; see `readRegularFile`. */
export async function readRegularText(file: string, limits: ReadLimits): Promise<string> {
  return (await readRegularFile(file, limits)).toString("utf8");
}

/** Reads the first bytes of a regular file of any size; fewer if it is shorter. */
export async function readFirstBytes(file: string, bytes: number, followLinks = true): Promise<Buffer> {
  const { handle } = await openRegularFile(file, { maxBytes: Infinity, followLinks });
  try {
    return await readBytesAt(handle, bytes, 0);
  } finally {
    await handle.close();
  }
}

/** Reads bytes of an open file from a position; fewer at its end. */
export async function readBytesAt(handle: FileHandle, bytes: number, position: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(bytes);
  let length = 0;
  while (length < bytes) {
    const { bytesRead } = await handle.read(buffer, length, bytes - length, position + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

/** Like `readBytesAt`, into an existing buffer. @returns the filled part of the buffer */
export function readBytesAtSync(descriptor: number, buffer: Buffer, bytes: number, position: number): Buffer {
  let length = 0;
  while (length < bytes) {
    const read = readSync(descriptor, buffer, length, bytes - length, position + length);
    if (read === 0) break;
    length += read;
  }
  return buffer.subarray(0, length);
}

function formatBytes(bytes: number): string {
  return bytes >= 1024 ** 2 ? `${Math.floor(bytes / 1024 ** 2)} MB` : `${Math.ceil(bytes / 1024)} kB`;
}
