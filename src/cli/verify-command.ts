import { formatMessage } from "../common/messages.js";
import path from "node:path";
import * as z from "zod";
import { findSessionsFolder, readEnvironmentSettings } from "../app/load-config.js";
import { toWorkspaceRelative } from "../app/run-result.js";
import {
  findEnclosingRoot,
  describeVerification,
  isUnchecked,
  verifyReports,
} from "../app/verify-reports.js";
import { EXIT, forTerminal, print, printJson, toShellPath } from "./output.js";
import { cancelBySignals } from "./signals.js";
import { Flags, resolvePath } from "./flags.js";

export async function verifyCommand(reports: string[], options: unknown): Promise<number> {
  const flags = Flags.extend({
    allowEmpty: z.boolean().default(false),
    allowEdited: z.boolean().default(false),
  }).parse(options);
  const workspace = path.resolve(flags.workspace ?? process.cwd());
  const named = await Promise.all(reports.map((report) => resolvePath(report, workspace)));
  const controller = new AbortController();
  const release = cancelBySignals(controller);
  const { checked, others } = await verifyReports(named, workspace, controller.signal, {
    sessions: await findSessionsFolder(workspace, [readEnvironmentSettings(process.env)]),
    root: flags.workspace === undefined ? await findEnclosingRoot(workspace) : workspace,
    allowed: { empty: flags.allowEmpty, edited: flags.allowEdited },
  }).finally(release);
  const shown = checked.map((each) => ({
    ...each,
    report: toWorkspaceRelative(workspace, each.report) || ".",
  }));
  const warn = (line: string): void => void process.stderr.write(`${forTerminal(line)}\n`);
  if (flags.json) printJson(shown);
  for (const each of checked) {
    // What could not be checked goes to stderr, so that scripts that parse stdout do not hide it.
    const shell = { ...each, report: toShellPath(workspace, each.report) };
    const [summary, ...findings] = describeVerification(shell).map(formatMessage);
    const lines = [summary ?? "", ...findings.map((line) => `  ${line}`)];
    if (isUnchecked(each)) lines.forEach(warn);
    else if (!flags.json) for (const line of lines) print(forTerminal(line));
  }
  for (const file of others) warn(`${toShellPath(workspace, file)} is not a report and was skipped.`);
  if (checked.length === 0) warn("There are no reports to check.");
  if (checked.length === 0 && !flags.allowEmpty) return EXIT.citation;
  return checked.every(({ ok }) => ok) ? EXIT.done : EXIT.citation;
}
