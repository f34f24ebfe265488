import { msg } from "../../common/messages.js";
import { randomBytes } from "node:crypto";
import { constants, copyFile, lstat, open, readdir, rename, rm, rmdir } from "node:fs/promises";
import path from "node:path";
import { systemErrorCode, ResearchError } from "../../common/errors.js";
import { toWriteError, ensureFolder, PRIVATE_FILE, PRIVATE_FOLDER, pathExists } from "../../common/files.js";
import { readPackedFile, type CheckedPackFile } from "./pack.js";
import type { ZipReader } from "./zip-reader.js";

/** Writes the files of a verified pack, and can undo that. */
export class Unpacker {
  private readonly undoing: (() => Promise<void>)[] = [];

  constructor(
    private readonly zip: ZipReader,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Writes one file atomically. An existing file is kept under another name.
   * @param root the folder below which no link is followed
   * @param own whether only the user may read it
   * @returns the new path of the existing file, or null
   */
  async put(file: CheckedPackFile, target: string, root: string, own: boolean): Promise<string | null> {
    const made = await ensureFolder(root, path.dirname(target), own ? PRIVATE_FOLDER : undefined);
    if (made !== undefined) this.undoing.push(() => removeEmpty(made));
    const temporary = `${target}.part-${randomBytes(6).toString("hex")}`;
    try {
      const handle = await open(temporary, "wx", own ? PRIVATE_FILE : 0o666);
      try {
        for await (const chunk of readPackedFile(this.zip, file, this.signal)) await handle.appendFile(chunk);
        await handle.sync();
      } finally {
        await handle.close();
      }
      const kept = await keepAside(target);
      this.undoing.push(() => (kept === null ? rm(target, { force: true }) : rename(kept, target)));
      await rename(temporary, target);
      return kept;
    } catch (error) {
      this.signal.throwIfAborted();
      throw error instanceof ResearchError ? error : toWriteError(target, error, msg`try again`);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** Moves a file or folder to an unused name next to it. @returns the new path */
  async moveAside(place: string): Promise<string> {
    let n = 1;
    while (await pathExists(restoreCopyName(place, n))) n++;
    const kept = restoreCopyName(place, n);
    await rename(place, kept).catch((error: unknown) => {
      throw toWriteError(kept, error, msg`try again`);
    });
    this.undoing.push(() => rename(kept, place));
    return kept;
  }

  /** Undoes all changes, last first. */
  async undo(): Promise<void> {
    for (const step of this.undoing.reverse()) await step().catch(() => undefined);
  }
}

/** Copies a file to an unused name next to it. @returns the copy, or null if there is no file */
async function keepAside(target: string): Promise<string | null> {
  const found = await lstat(target).catch(() => null);
  if (found === null) return null;
  if (!found.isFile())
    throw new ResearchError(
      "cannot-write",
      msg`${target} is not a regular file.`,
      msg`Move it elsewhere and try again.`,
    );
  for (let n = 1; ; n++) {
    const kept = restoreCopyName(target, n);
    try {
      await copyFile(target, kept, constants.COPYFILE_EXCL);
      return kept;
    } catch (error) {
      if (systemErrorCode(error) !== "EEXIST") throw error;
    }
  }
}

function restoreCopyName(place: string, n: number): string {
  return `${place}.before-restore${n === 1 ? "" : `-${n}`}`;
}

/** Removes empty folders recursively. */
async function removeEmpty(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await removeEmpty(path.join(folder, name));
  await rmdir(folder);
}
