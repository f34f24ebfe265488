import { ResearchError } from "../common/errors.js";
import { formatMessage, msg, toMessage } from "../common/messages.js";
import type { EngineConfig, RunCallbacks } from "../app/types.js";
import { parseQuestion, Scope, type ResearchRequest } from "../core/domain/research-request.js";
import { type RunResult } from "../app/run-result.js";
import { isFinishedSession } from "../app/sessions.js";
import { resolveSessionId } from "../app/resolve-session-id.js";
import { resumeResearch, startResearch } from "../app/run-session.js";
import { redact } from "../common/redact.js";
import { openTelemetry } from "../app/telemetry/telemetry.js";
import { version } from "../../package.json";
import { EXIT, print, printJson, printLine, showProgress, toShellPath } from "./output.js";
import { describeAnswer } from "./print-answer.js";
import { printRefresh } from "./print-refresh.js";
import { canAsk } from "./terminal-input.js";
import {
  chooseWebSearchInTerminal,
  confirmForeignInTerminal,
  approveCostInTerminal,
  clarifyInTerminal,
  reviewPlanInTerminal,
} from "./prompts.js";
import { cancelBySignals } from "./signals.js";
import { Flags, loadConfigForRun } from "./flags.js";
import { findNear } from "./mistyped-command.js";

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
  const begin = (watch: RunCallbacks): Promise<RunResult> => resumeResearch(config, id, watch);
  if (!(await isFinishedSession(config, id))) return runToEnd(config, { ...flags, plan: false }, begin);
  // It is replayed all the same: what was damaged of it is said, and mended.
  const quietly = (watch: RunCallbacks): Promise<RunResult> =>
    begin({ ...watch, listen: (event) => (event.type === "notice" ? watch.listen(event) : undefined) });
  return runToEnd(config, { ...flags, plan: false }, quietly, flags.json ? printResult : printFinished);
}

/** Says that there was nothing to resume, and prints the report's path. */
function printFinished(config: EngineConfig, flags: Flags, result: RunResult): number {
  const { status, session, report } = result;
  if (status !== "done" || report === null) return printResult(config, flags, result);
  const line = `The session ${session} is finished: there is nothing to resume. Its report:`;
  printLine(line, { level: "INFO", key: config.key, format: config.settings.logFormat });
  print(toShellPath(config.workspace, report));
  return EXIT.done;
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

/** Ctrl-\\ (Ctrl-Break on Windows) finishes the run with what has been found. */
const FINISH = process.platform === "win32" ? (["SIGBREAK"] as const) : (["SIGQUIT"] as const);

/**
 * Runs with progress on stderr. Ctrl-C, a termination signal and a closed terminal cancel the run and leave a
 * session that can be resumed.
 * @param printEnd prints the result, and says with which code the program ends
 */
export async function runToEnd(
  config: EngineConfig,
  flags: Flags,
  begin: (watch: RunCallbacks) => Promise<RunResult>,
  printEnd = printResult,
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
    return printEnd(config, flags, result);
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
  if (status === "failed") {
    if (error?.code === "no-sources") say("No answer was found.");
    say(error === undefined ? "The run failed." : formatMessage(error.message));
  }
  const isDeclined = error?.code === "not-approved";
  const hasKept = status === "cancelled" || (status === "failed" && error?.code !== "no-sources");
  if (hasKept && !isDeclined) {
    say(
      `${status === "failed" ? "Everything found so far is kept" : "Cancelled"}. To resume: deep-research resume ${session}`,
    );
  }
  // The answer is for people: a log of records holds no contents.
  const lines = flags.json || format === "json" ? [] : describeAnswer(result);
  for (const line of lines) say(line);
  printRefresh(config.workspace, result, say);
  // What the sources do not answer, the same sources do not answer when asked again.
  if (status === "partial" && result.reason !== "no-answer")
    say(`The report is partial. To retry the missing parts: deep-research resume ${session}`);
  if (flags.json)
    printJson(
      error === undefined
        ? result
        : {
            ...result,
            error: { code: error.code, message: redact(formatMessage(error.message), config.key) },
          },
    );
  else if (report !== null) print(toShellPath(config.workspace, report));
  if (isDeclined) return EXIT.usage;
  return { done: EXIT.done, partial: EXIT.partial, failed: EXIT.failed, cancelled: EXIT.cancelled }[status];
}

/** Says which words `--source` takes. */
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
