import { toMessage } from "../common/messages.js";
import path from "node:path";
import * as z from "zod";
import { startFollowUp } from "../app/start-follow-up.js";
import { resolveSessionId } from "../app/resolve-session-id.js";
import { acceptRefresh, discardRefresh, startRefresh } from "../app/refresh-report.js";
import { parseQuestion } from "../core/domain/research-request.js";
import { toResearchRequest, runToEnd, withPlanReview } from "./research-command.js";
import { Flags as RunFlags, resolvePath, loadConfig, loadConfigForRun } from "./flags.js";
import { EXIT, print, printJson, toShellPath } from "./output.js";
import { chooseWebSearchInTerminal } from "./prompts.js";

/* The refresh and follow-up commands. Each returns its exit code. */

const Flags = RunFlags.extend({
  accept: z.boolean().default(false),
  overwrite: z.boolean().default(false),
});

export async function refreshCommand(report: string, options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const config = await loadConfigForRun(flags);
  const file = await resolvePath(report, path.resolve(config.workspace));
  return runToEnd(config, { ...flags, plan: false }, async (watch) => {
    const result = await startRefresh(config, file, watch);
    // A partial report must be reviewed before it replaces a complete one.
    if (!flags.accept || result.status !== "done" || result.refresh === undefined) return result;
    if (result.refresh.draft === null) return result;
    const { report: accepted } = await acceptRefresh(config, result.session, flags.overwrite);
    return { ...result, report: accepted, refresh: { ...result.refresh, draft: null } };
  });
}

export async function acceptCommand(given: string, options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const config = await loadConfig(flags);
  const id = await resolveSessionId(config, given);
  return printReportPath(flags.json, config.workspace, await acceptRefresh(config, id, flags.overwrite));
}

export async function discardCommand(given: string, options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const config = await loadConfig(flags);
  const id = await resolveSessionId(config, given);
  return printReportPath(flags.json, config.workspace, await discardRefresh(config, id));
}

function printReportPath(
  json: boolean,
  workspace: string,
  settled: { session: string; report: string },
): number {
  if (json) printJson(settled);
  else print(toShellPath(workspace, settled.report));
  return EXIT.done;
}

export async function followUpCommand(given: string, question: string, options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const asked = parseQuestion(question, toMessage('Ask it in quotes: deep-research follow ID "QUESTION"'));
  const loaded = await loadConfigForRun(flags);
  const follows = await resolveSessionId(loaded, given);
  const request = { ...toResearchRequest(loaded, flags, asked), follows };
  const config = await chooseWebSearchInTerminal(loaded, request);
  return runToEnd(config, withPlanReview(config, flags), (watch) => startFollowUp(config, request, watch));
}
