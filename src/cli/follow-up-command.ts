import { resolveSessionId } from "../app/resolve-session-id.js";
import { startFollowUp } from "../app/start-follow-up.js";
import { toMessage } from "../common/messages.js";
import { parseQuestion } from "../core/domain/research-request.js";
import { Flags, loadConfigForRun } from "./flags.js";
import { chooseWebSearchInTerminal } from "./prompts.js";
import { runToEnd, toResearchRequest, withPlanReview } from "./research-command.js";

/** Asks a follow-up question to a session. @returns the exit code */
export async function followUpCommand(given: string, question: string, options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const asked = parseQuestion(question, toMessage('Ask it in quotes: deep-research follow ID "QUESTION"'));
  const loaded = await loadConfigForRun(flags);
  const follows = await resolveSessionId(loaded, given);
  const request = { ...toResearchRequest(loaded, flags, asked), follows };
  const config = await chooseWebSearchInTerminal(loaded, request);
  return runToEnd(config, withPlanReview(config, flags), (watch) => startFollowUp(config, request, watch));
}
