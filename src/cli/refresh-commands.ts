import path from "node:path";
import * as z from "zod";
import { resolveSessionId } from "../app/resolve-session-id.js";
import { acceptRefresh, discardRefresh } from "../app/pending-refreshes.js";
import { startRefresh } from "../app/start-refresh.js";
import { runToEnd } from "./research-command.js";
import { Flags as RunFlags, resolvePath, loadConfig, loadConfigForRun } from "./flags.js";
import { EXIT, print, printJson, toShellPath } from "./output.js";

/* The commands that refresh a report, and accept or discard what came of it. Each returns its exit code. */

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
