import { msg } from "../common/messages.js";
import path from "node:path";
import { ResearchError } from "../common/errors.js";
import type { Estimate } from "../core/domain/estimate.js";
import type { Depth } from "../core/domain/schema.js";
import {
  readPlanDocument,
  renderPlanDocument,
  type PlanDocumentTexts,
  type PlanProblem,
} from "../core/pipeline/plan-document.js";
import type { PlanRevision } from "../core/pipeline/plan.js";
import { hasPlanFile, planFilePath, readPlanFile, writePlanFile } from "../storage/sessions/plan-file.js";
import { assertOwnFolder, readSession, resolveSessionFolder } from "../storage/sessions/session.js";
import { estimateSession } from "./estimate-session.js";
import { unarchiveIfNeeded } from "./run-session.js";
import type { EngineConfig, RunCallbacks } from "./types.js";

/* Plans that wait for a review as a document in their session's folder. */

export { isPlanPath, PLAN_FILE_NAME } from "../storage/sessions/plan-file.js";

/**
 * A review that writes the plan as a document and ends the run, until somebody resumes it.
 * @param texts the explanatory texts, given what the research may cost with this plan
 */
export function createLaterReview(
  texts: (cost: Estimate) => PlanDocumentTexts,
): NonNullable<RunCallbacks["review"]> {
  return async (plan, { folder, estimate }) => {
    await writePlanFile(folder, renderPlanDocument(plan, texts(estimate(plan.questions.length))));
    throw new ResearchError("plan-waits", msg`The plan is waiting to be run.`);
  };
}

/** The document of a session's plan, which need not exist; absolute. @throws ResearchError "no-session" */
export function locatePlan({ settings }: EngineConfig, id: string): string {
  return planFilePath(resolveSessionFolder(settings.sessionStoragePath, id));
}

/** The session of a plan document, by its path; null if that is in another folder of sessions. */
export function sessionOfPlan({ settings }: EngineConfig, file: string): string | null {
  const folder = path.dirname(file);
  const isOurs = path.relative(settings.sessionStoragePath, path.dirname(folder)) === "";
  return isOurs ? path.basename(folder) : null;
}

/** Whether a session's plan waits to be run. @throws ResearchError "no-session" for an id that is none */
export function hasWaitingPlan({ settings }: EngineConfig, id: string): boolean {
  return hasPlanFile(resolveSessionFolder(settings.sessionStoragePath, id));
}

/**
 * Unarchives a session if needed, and checks whether its plan waits for a review.
 * @returns whether there is a document, in a folder that an editor may write to
 * @throws ResearchError "no-session"; "cannot-write" if the session's folder is a link or contains one
 */
export async function openWaitingPlan(
  config: EngineConfig,
  id: string,
  watch: Pick<RunCallbacks, "listen" | "signal">,
): Promise<boolean> {
  await unarchiveIfNeeded(config, id, watch);
  if (!hasWaitingPlan(config, id)) return false;
  // An editor would write through a link.
  await assertOwnFolder(config.settings.sessionStoragePath, id);
  return true;
}

/**
 * Reads a waiting plan, as it would run.
 * @param text the document where it is already known, as in an editor with unsaved changes
 * @throws ResearchError "no-session"; "bad-plan" if there is no document
 */
export async function readWaitingPlan(
  { settings }: EngineConfig,
  id: string,
  text?: string,
): Promise<PlanRevision | PlanProblem> {
  const { header } = await readSession(settings.sessionStoragePath, id);
  const folder = resolveSessionFolder(settings.sessionStoragePath, id);
  return readPlanDocument(text ?? (await readPlanFile(folder)), header.depth);
}

/** What decides on a plan's limits and cost. */
export interface PlanLimits {
  depth: Depth;
  /** @param questions the sub-questions; the user's own question is counted besides */
  estimate: (questions: number) => Estimate;
}

/** The limits of the plan in this document, from its session; null if that cannot be read. */
export async function readPlanLimits(file: string): Promise<PlanLimits | null> {
  const folder = path.dirname(file);
  try {
    const { header } = await readSession(path.dirname(folder), path.basename(folder));
    return { depth: header.depth, estimate: (questions) => estimateSession({}, header, questions) };
  } catch {
    return null;
  }
}
