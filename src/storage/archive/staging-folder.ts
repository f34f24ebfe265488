import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { toWriteError } from "../../common/files.js";
import { msg } from "../../common/messages.js";

/**
 * Runs work with a new folder below the system's folder for temporary files, which is removed afterwards. Only the user
 * can read it.
 * @throws ResearchError "cannot-write" if there can be none; the work's error
 */
export async function withStagingFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "deep-research-")).catch((error: unknown) => {
    throw toWriteError(os.tmpdir(), error, msg`try again`);
  });
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}
