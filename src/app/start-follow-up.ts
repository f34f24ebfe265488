import { ResearchError } from "../common/errors.js";
import { readSession } from "../storage/sessions/session.js";
import { askBeforeTakingOver } from "./session-consent.js";
import { bringBack, startResearch } from "./run-session.js";
import type { Asked, House, Watch } from "./types.js";
import type { RunResult } from "./run-result.js";

/**
 * Asks the next question on a session, as a new one: what was asked and answered is known to the plan, and
 * the earlier sources are at hand. An archived session is brought back first.
 * @throws ResearchError "no-session"; and as `startResearch`
 */
export async function startFollowUp(
  house: House,
  id: string,
  asked: Omit<Asked, "follows">,
  watch: Watch,
): Promise<RunResult> {
  await bringBack(house, id, watch);
  const { ended } = await readSession(house.settings.sessionStoragePath, id);
  if (ended?.status !== "done" && ended?.status !== "partial") {
    throw new ResearchError(
      "no-session",
      `The session “${id}” has no answer to go on from.`,
      `Resume it first: deep-research resume ${id}`,
    );
  }
  const runs = { ...asked, engine: house.key === null ? "offline" : "gemini" } as const;
  const again = `deep-research follow ${id} "QUESTION" --yes`;
  await askBeforeTakingOver(house.settings.sessionStoragePath, id, watch, again, runs);
  return startResearch(house, { ...asked, follows: id }, watch);
}
