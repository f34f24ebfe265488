import { msg } from "../../common/messages.js";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { readRegularText } from "../../common/read-file.js";
import { systemErrorCode, ResearchError } from "../../common/errors.js";
import { PRIVATE_FILE, writeFileAtomic } from "../../common/files.js";

/*
 * The plan that waits for review: a document in the session's folder, removed when the plan runs. Its existence marks
 * a session as waiting.
 */

export const PLAN_FILE_NAME = "plan.md";

/** Maximum size of a plan document, in bytes. */
const MAX_BYTES = 256 * 1024;

export function planFilePath(folder: string): string {
  // Not normalized, like `journalPath`.
  return `${folder}${path.sep}${PLAN_FILE_NAME}`;
}

/** True for the path of a session's plan, by its form alone. */
export function isPlanPath(file: string): boolean {
  return /[\\/]\d{8}-\d{6}(?:-[0-9a-z-]+)?[\\/]plan\.md$/.test(file);
}

/** Whether the session in that folder waits for its plan to be reviewed. */
export function hasPlanFile(folder: string): boolean {
  return existsSync(planFilePath(folder));
}

/** Writes the plan document unless one exists, which may have been edited. */
export async function writePlanFile(folder: string, text: string): Promise<void> {
  if (!hasPlanFile(folder)) await writeFileAtomic(planFilePath(folder), text, PRIVATE_FILE);
}

/** @throws ResearchError "bad-plan" if it is missing, too long or unreadable */
export async function readPlanFile(folder: string): Promise<string> {
  const file = planFilePath(folder);
  return readRegularText(file, { maxBytes: MAX_BYTES, followLinks: false }).catch((error: unknown) => {
    if (systemErrorCode(error) === "EFBIG") {
      throw new ResearchError("bad-plan", msg`The plan is too long: ${file}.`, msg`Shorten it.`);
    }
    throw new ResearchError("bad-plan", msg`The plan cannot be read: ${file}.`, msg`Resume the session.`, {
      cause: error,
    });
  });
}

export async function removePlanFile(folder: string): Promise<void> {
  await rm(planFilePath(folder), { force: true });
}
