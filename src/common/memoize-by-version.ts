import { stat } from "node:fs/promises";

/** Milliseconds for which a missing file counts as missing, since its text may be in an archive. */
const MISSING_MS = 5000;

/**
 * Caches what was read from files until their size, time or inode changes.
 * @param limit maximum number of values
 * @returns a function that returns the cached value, or else that of `read`. `what` tells several values of a file apart
 */
export function memoizeByVersion<T>(
  limit: number,
): (file: string, what: string, read: () => Promise<T>) => Promise<T> {
  const cached = new Map<string, { version: string; value: T }>();
  return async (file, what, read) => {
    const version = await fileVersion(file);
    const key = `${what} ${file}`;
    const known = cached.get(key);
    if (known?.version === version) return known.value;
    const value = await read();
    cached.delete(key);
    // A file that changed during the read must not be cached under its earlier version.
    if ((await fileVersion(file)) === version) cached.set(key, { version, value });
    const [oldest] = cached.keys();
    if (cached.size > limit && oldest !== undefined) cached.delete(oldest);
    return value;
  };
}

async function fileVersion(file: string): Promise<string> {
  const found = await stat(file).catch(() => null);
  if (found === null) return `missing ${Math.floor(Date.now() / MISSING_MS)}`;
  return `${found.mtimeMs} ${found.size} ${found.ino}`;
}
