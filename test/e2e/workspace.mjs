// The folder that a run works in: a fresh copy of the fixture, outside the repository.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runAtExit } from "./cleanup.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));

/** The repository. */
export const root = path.join(here, "../..");

/**
 * Copies the fixture into a new temporary folder.
 * @returns {{ folder: string, beside: (name: string) => string, remove: () => void }} the workspace's folder,
 *   a path for a file beside it, and `remove`, which must be called
 */
export function copyWorkspace() {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "deep-research-w-"));
  const folder = path.join(temporary, "workspace");
  fs.cpSync(path.join(here, "workspace"), folder, { recursive: true });
  const remove = runAtExit(() =>
    fs.rmSync(temporary, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  );
  return { folder, beside: (name) => path.join(temporary, name), remove };
}
