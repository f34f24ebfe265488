import { bySurface, msg } from "../common/messages.js";
import { chooseProvider } from "./model-access.js";
import { ResearchError } from "../common/errors.js";
import { readSession } from "../storage/sessions/session.js";
import { confirmForeignSources } from "./session-consent.js";
import { unarchiveIfNeeded, startResearch } from "./run-session.js";
import type { ResearchRequest } from "../core/domain/research-request.js";
import type { EngineConfig, RunCallbacks } from "./types.js";
import type { RunResult } from "./run-result.js";

/** A question that goes on from a session. */
export type FollowUpRequest = ResearchRequest & { follows: string };

/**
 * Asks the next question on a session, as a new one: what was asked and answered is known to the plan, and
 * the earlier sources are at hand. An archived session is brought back first.
 * @throws ResearchError "no-session"; and as `startResearch`
 */
export async function startFollowUp(
  config: EngineConfig,
  request: FollowUpRequest,
  watch: RunCallbacks,
): Promise<RunResult> {
  const { follows: id } = request;
  await unarchiveIfNeeded(config, id, watch);
  const { ended } = await readSession(config.settings.sessionStoragePath, id);
  if (ended?.status !== "done" && ended?.status !== "partial") {
    throw new ResearchError(
      "no-session",
      msg`The session “${id}” has no answer to follow up on.`,
      bySurface(msg`Resume it first: deep-research resume ${id}`, msg`Resume it first.`),
    );
  }
  const runs = { ...request, engine: chooseProvider(config).id };
  const again = msg`deep-research follow ${id} "QUESTION" --yes`;
  await confirmForeignSources(config.settings.sessionStoragePath, id, watch, again, runs);
  return startResearch(config, request, watch);
}
