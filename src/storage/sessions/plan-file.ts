import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { readRegularText } from "../../common/read-file.js";
import { systemErrorCode, ResearchError } from "../../common/errors.js";
import { PRIVATE_FILE, writeFileAtomic } from "../../common/files.js";

/*
 * The plan that waits to be looked at: a document in its session's folder, gone once it runs. Its being
 * there is what tells that a session waits for its plan.
 */

const NAME = "plan.md";

/** Bytes of the longest document that is read as a plan. */
const LONGEST = 256 * 1024;

export function planFilePath(folder: string): string {
  // Not normalized, as a journal's path is not.
  return `${folder}${path.sep}${NAME}`;
}

/** Whether the session in that folder waits for its plan. */
export function hasPlanFile(folder: string): boolean {
  return existsSync(planFilePath(folder));
}

/** Writes the plan's document; one that is there already, and may be edited, stays. */
export async function writePlanFile(folder: string, text: string): Promise<void> {
  if (!hasPlanFile(folder)) await writeFileAtomic(planFilePath(folder), text, PRIVATE_FILE);
}

/** @throws ResearchError "bad-plan" where it is no longer there or no text */
export async function readPlanFile(folder: string): Promise<string> {
  const file = planFilePath(folder);
  return readRegularText(file, { maxBytes: LONGEST, followLinks: false }).catch((error: unknown) => {
    if (systemErrorCode(error) === "EFBIG") {
      throw new ResearchError("bad-plan", `The plan is too long: ${file}.`, "Shorten it.");
    }
    throw new ResearchError("bad-plan", `The plan cannot be read: ${file}.`, "Resume the session.", {
      cause: error,
    });
  });
}

export async function removePlanFile(folder: string): Promise<void> {
  await rm(planFilePath(folder), { force: true });
}
