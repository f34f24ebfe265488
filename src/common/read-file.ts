import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";

/*
 * Reading files that somebody else may have put there. A device, a FIFO or a socket in place of a file is refused
 * before anything is read from it, and no file is read past a limit.
 */

/** Why a file was refused: "ENOTREG", it is no regular file; "EFBIG", it is larger than the limit. */
export type RefusalCode = "ENOTREG" | "EFBIG";

/** A file that is there but is not read. It has a `code`, as errors of the system have. */
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
  /** Bytes that the file may have at most. */
  maxBytes: number;
  /** False refuses a symbolic link as "ENOTREG"; the folders above the file are not looked at. Default: true. */
  followLinks?: boolean;
}

/**
 * Opens a regular file for reading. Never waits, not even for a FIFO.
 * @throws FileRefusedError; the system's error, as ENOENT
 */
export async function openRegularFile(
  file: string,
  { maxBytes, followLinks = true }: ReadLimits,
): Promise<{ handle: FileHandle; size: number }> {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
  // Windows knows neither flag: there both are undefined, which counts as 0.
  const flags = O_RDONLY | O_NONBLOCK | (followLinks ? 0 : O_NOFOLLOW);
  let handle: FileHandle;
  try {
    handle = await open(file, flags);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    // ELOOP: a link that is not followed. ENXIO: a socket, or a device without a driver.
    if ((code === "ELOOP" && !followLinks) || code === "ENXIO") {
      throw new FileRefusedError("ENOTREG", file, maxBytes);
    }
    throw error;
  }
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new FileRefusedError("ENOTREG", file, maxBytes);
    if (found.size > maxBytes) throw new FileRefusedError("EFBIG", file, maxBytes);
    return { handle, size: found.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * The bytes of a regular file. A file that grows while it is read is cut off at the limit, and refused.
 * @throws FileRefusedError; the system's error, as ENOENT
 */
export async function readRegularFile(file: string, limits: ReadLimits): Promise<Buffer> {
  const { handle, size } = await openRegularFile(file, limits);
  try {
    const parts: Buffer[] = [];
    let length = 0;
    // Files in /proc and the like have the size 0 and hold something.
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

/** The text of a regular UTF-8 file, as `readRegularFile`. */
export async function readRegularText(file: string, limits: ReadLimits): Promise<string> {
  return (await readRegularFile(file, limits)).toString("utf8");
}

function formatBytes(bytes: number): string {
  return bytes >= 1024 ** 2 ? `${Math.floor(bytes / 1024 ** 2)} MB` : `${Math.ceil(bytes / 1024)} kB`;
}
