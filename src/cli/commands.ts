import { formatMessage, msg, toMessage } from "../common/messages.js";
import { lstat, stat } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import type { EngineConfig, RunCallbacks } from "../app/types.js";
import { parseQuestion, Scope, type ResearchRequest } from "../core/domain/research-request.js";
import { clearCachedFiles, describeCleared } from "../app/cache.js";
import {
  findSessionsFolder,
  loadEnvironmentConfig,
  readEnvironmentSettings,
  type FolderKey,
  type SettingsLayer,
} from "../app/load-config.js";
import { readSources } from "../app/read-sources.js";
import { toWorkspaceRelative, type RunResult } from "../app/run-result.js";
import { resolveSessionId } from "../app/resolve-session-id.js";
import { listSessions } from "../app/sessions.js";
import {
  findEnclosingRoot,
  describeVerification,
  isUnchecked,
  verifyReports,
} from "../app/verify-reports.js";
import { resumeResearch, startResearch } from "../app/run-session.js";
import { redact } from "../common/redact.js";
import { ResearchError } from "../common/errors.js";
import { openTelemetry } from "../app/telemetry/telemetry.js";
import { version } from "../../package.json";
import { EXIT, forTerminal, print, printJson, printLine, showProgress, toShellPath } from "./output.js";
import { describeAnswer } from "./print-answer.js";
import { describeCoverage } from "./print-coverage.js";
import { printRefresh } from "./print-refresh.js";
import { findNear } from "./mistyped-command.js";
import { canAsk } from "./terminal-input.js";
import {
  chooseWebSearchInTerminal,
  confirmForeignInTerminal,
  approveCostInTerminal,
  clarifyInTerminal,
  reviewPlanInTerminal,
} from "./prompts.js";
import { cancelBySignals } from "./signals.js";
import { acceptKeyInTerminal } from "./trust-command.js";

/* The commands. Each returns its exit code and throws its errors. */

export const Flags = z.object({
  workspace: z.string().optional(),
  json: z.boolean().default(false),
  depth: z.string().optional(),
  maxSources: z.string().optional(),
  env: z.string().optional(),
  source: z.array(z.string()).default([]),
  plan: z.boolean().default(false),
  maxCalls: z.string().optional(),
  maxTokens: z.string().optional(),
  maxUsd: z.string().optional(),
  maxMinutes: z.string().optional(),
  yes: z.boolean().default(false),
  cache: z.boolean().default(true),
});
export type Flags = z.infer<typeof Flags>;

/**
 * Loads the workspace, the settings and the key from flags, environment and files.
 * @param yaml text of a settings file to use instead of the workspace's own
 */
export async function loadConfig(
  flags: Partial<Omit<Flags, "source">>,
  yaml?: string,
): Promise<EngineConfig> {
  return (await openFolder(flags, yaml)).config;
}

/** Like `loadConfig`, for a run: asks the user about a key in the folder that was not accepted yet. */
export async function loadConfigForRun(flags: Partial<Omit<Flags, "source">>): Promise<EngineConfig> {
  const { config, notAccepted } = await openFolder(flags);
  if (notAccepted === null || !(await acceptKeyInTerminal(config.workspace, notAccepted))) return config;
  return { ...config, key: notAccepted.key };
}

async function openFolder(
  flags: Partial<Omit<Flags, "source">>,
  yaml?: string,
): Promise<{ config: EngineConfig; notAccepted: FolderKey | null }> {
  const workspace = path.resolve(flags.workspace ?? process.cwd());
  const problem = await findFolderProblem(workspace);
  if (problem !== null) throw problem;
  const { depth, maxSources, maxCalls, maxTokens, maxUsd, maxMinutes } = flags;
  const line: SettingsLayer = {
    name: (setting) =>
      setting === "environment"
        ? "--env"
        : `--${setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    values: { depth, maxSources, maxCalls, maxTokens, maxUsd, maxMinutes, environment: flags.env },
    workspace: false,
  };
  const { config, notAccepted } = await loadEnvironmentConfig(workspace, line, process.env, yaml);
  return { config: { ...config, cache: flags.cache ?? true }, notAccepted };
}

/** Why a folder cannot be the workspace; null if it can. */
export async function findFolderProblem(workspace: string): Promise<ResearchError | null> {
  if ((await stat(workspace).catch(() => null))?.isDirectory() === true) return null;
  return new ResearchError(
    "bad-settings",
    `The folder ${workspace} does not exist.`,
    "Set another one with --workspace DIR.",
  );
}

export async function researchCommand(question: string, options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const asked = parseQuestion(question, toMessage('Ask it in quotes: deep-research "QUESTION"'));
  const loaded = await loadConfigForRun(flags);
  const request = toResearchRequest(loaded, flags, asked);
  const config = await chooseWebSearchInTerminal(loaded, request);
  return runToEnd(config, withPlanReview(config, flags), (watch) => startResearch(config, request, watch));
}

/** The flags for a new question. The setting applies only to interactive terminals; scripts use --plan. */
export function withPlanReview(config: EngineConfig, flags: Flags): Flags {
  const isForPeople = config.settings.reviewPlan && canAsk();
  return { ...flags, plan: flags.plan || isForPeople };
}

/** The request, from flags and settings. */
export function toResearchRequest(config: EngineConfig, flags: Flags, question: string): ResearchRequest {
  const { scope, pages, sites } = parseSources(flags.source, config.key === null);
  const { depth, maxSources } = config.settings;
  return { question, depth, maxSources, scope, pages, ...(sites.length === 0 ? {} : { sites }) };
}

export async function resumeCommand(given: string, options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const config = await loadConfigForRun(flags);
  const id = await resolveSessionId(config, given);
  return runToEnd(config, { ...flags, plan: false }, (watch) => resumeResearch(config, id, watch));
}

/** What stands before the address of a site that is searched. */
const SITE = "site:";

/** Without --source, the offline engine uses the workspace and Gemini the web. */
function parseSources(
  sources: string[],
  offline: boolean,
): { scope: Scope[]; pages: string[]; sites: string[] } {
  if (sources.length === 0) return { scope: [offline ? "workspace" : "web"], pages: [], sites: [] };
  const wrong = sources.find(
    (source) => /^[\p{L}\p{N}_-]*$/u.test(source) && !Scope.options.some((each) => each === source),
  );
  if (wrong !== undefined) throw unknownSource(wrong);
  const isSite = (source: string): boolean => source.startsWith(SITE);
  const isScope = (source: string): source is Scope => Scope.safeParse(source).success;
  return {
    scope: [...new Set(sources.filter(isScope))],
    pages: [...new Set(sources.filter((source) => !isScope(source) && !isSite(source)))],
    sites: [...new Set(sources.filter(isSite).map((source) => source.slice(SITE.length)))],
  };
}

function unknownSource(word: string): ResearchError {
  const meant = findNear(word, Scope.options);
  const known = [...Scope.options, `${SITE}URL`].join(", ");
  return new ResearchError(
    "bad-settings",
    msg`There is no source “${word}”.`,
    meant === undefined
      ? msg`The sources are ${known} and the address of a page.`
      : msg`Did you mean: --source ${meant}`,
  );
}

/** Ctrl-\\ (Ctrl-Break on Windows) finishes the run with what has been found. */
const FINISH = process.platform === "win32" ? (["SIGBREAK"] as const) : (["SIGQUIT"] as const);

/**
 * Runs with progress on stderr. Ctrl-C, a termination signal and a closed terminal cancel the run and leave a
 * session that can be resumed.
 */
export async function runToEnd(
  config: EngineConfig,
  flags: Flags,
  begin: (watch: RunCallbacks) => Promise<RunResult>,
): Promise<number> {
  const controller = new AbortController();
  const finish = new AbortController();
  const end = (): void => finish.abort();
  const release = cancelBySignals(controller);
  for (const signal of FINISH) process.on(signal, end);
  const progress = showProgress(config);
  const telemetry = openTelemetry(config, process.env, version, (why) => {
    const { logFormat: format } = config.settings;
    printLine(`Traces and metrics are not exported: ${why}`, { level: "WARN", key: config.key, format });
  });
  const plan = flags.plan ? reviewPlanInTerminal(flags.json, progress.stop, controller) : null;
  try {
    const result = await begin({
      listen: (event) => {
        progress.listen(event);
        telemetry?.listen(event);
      },
      signal: controller.signal,
      finish: finish.signal,
      ...(flags.yes
        ? {}
        : { approve: (estimate) => approveCostInTerminal(estimate, progress.stop, controller.signal) }),
      confirmForeign: (foreign) =>
        flags.yes
          ? Promise.resolve(true)
          : confirmForeignInTerminal(foreign, progress.stop, controller.signal),
      ...clarifyInTerminal(progress.stop, controller.signal),
      ...(plan === null ? {} : { review: plan.review }),
    });
    progress.stop();
    if (plan?.onlyShown === true) {
      const { logFormat: format } = config.settings;
      const line = `To run this plan: deep-research resume ${result.session}`;
      printLine(line, { level: "INFO", key: config.key, format });
      return EXIT.done;
    }
    return printResult(config, flags, result);
  } finally {
    progress.stop();
    await telemetry?.close();
    release();
    for (const signal of FINISH) process.off(signal, end);
  }
}

function printResult(config: EngineConfig, flags: Flags, result: RunResult): number {
  const { status, session, report, error } = result;
  const { logFormat: format } = config.settings;
  const level = status === "failed" ? "ERROR" : "INFO";
  const say = (line: string): void => printLine(line, { level, key: config.key, format });
  if (status === "failed") say(error === undefined ? "The run failed." : formatMessage(error.message));
  const isDeclined = error?.code === "not-approved";
  if ((status === "failed" && !isDeclined) || status === "cancelled") {
    say(
      `${status === "failed" ? "Everything found so far is kept" : "Cancelled"}. To resume: deep-research resume ${session}`,
    );
  }
  // A log of records has no use for blank lines.
  const lines = flags.json ? [] : describeAnswer(result).filter((line) => line !== "" || format !== "json");
  for (const line of lines) say(line);
  printRefresh(config.workspace, result, say);
  if (status === "partial")
    say(`The report is partial. To retry the missing parts: deep-research resume ${session}`);
  if (flags.json)
    printJson(
      error === undefined
        ? result
        : { ...result, error: { ...error, message: redact(formatMessage(error.message), config.key) } },
    );
  else if (report !== null) print(toShellPath(config.workspace, report));
  if (isDeclined) return EXIT.usage;
  return { done: EXIT.done, partial: EXIT.partial, failed: EXIT.failed, cancelled: EXIT.cancelled }[status];
}

export async function sessionsCommand(options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const { workspace, settings } = await loadConfig(flags);
  const listed = await listSessions(settings.sessionStoragePath);
  if (flags.json) printJson(listed);
  else if (listed.length === 0) print("No sessions yet.");
  else {
    for (const { id, status, question, report, archived, why, environment } of listed) {
      const state = [status, environment, archived === true ? "archived" : undefined]
        .filter((each) => each !== undefined)
        .join(", ");
      print(
        forTerminal(
          `${id}  ${state}  ${why === undefined ? question : formatMessage(why)}${report === null ? "" : `  ${toShellPath(workspace, report)}`}`,
        ),
      );
    }
  }
  return EXIT.done;
}

export async function clearCacheCommand(options: unknown): Promise<number> {
  const flags = Flags.parse(options);
  const removed = await clearCachedFiles(await loadConfig(flags));
  if (flags.json) printJson(removed);
  else print(formatMessage(describeCleared(removed)));
  return EXIT.done;
}

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

/**
 * A path as the user gave it: relative to the current folder if it exists there, otherwise to the workspace.
 */
export async function resolvePath(file: string, workspace: string): Promise<string> {
  const here = path.resolve(file);
  return (await lstat(here).catch(() => null)) === null ? path.resolve(workspace, file) : here;
}

export async function readCommand(sources: string[], options: unknown): Promise<number> {
  const flags = Flags.extend({ why: z.boolean().default(false) }).parse(options);
  const config = await loadConfig(flags);
  const controller = new AbortController();
  const release = cancelBySignals(controller);
  const results = await readSources(
    config,
    sources,
    (source) => resolvePath(source, config.workspace),
    controller.signal,
  ).finally(release);
  if (controller.signal.aborted) return EXIT.cancelled;
  if (flags.json) printJson(results);
  else {
    for (const each of results) {
      if ("error" in each) process.stderr.write(`${forTerminal(`${each.source}: ${each.error.message}`)}\n`);
      else {
        print([`# ${forTerminal(each.title)}`, ...each.text.split("\n").map(forTerminal)].join("\n"));
        process.stderr.write(
          describeCoverage(each, flags.why)
            .map((line) => `${line}\n`)
            .join(""),
        );
      }
    }
  }
  return results.some((each) => "error" in each) ? EXIT.failed : EXIT.done;
}
