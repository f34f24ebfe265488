import { bySurface, msg, joinMessages } from "../common/messages.js";
import { isFeatureOn } from "../config/features.js";
import { saveReportData } from "../storage/reports/report-data.js";
import type { SessionReport } from "../core/pipeline/refresh.js";
import { getModelProvider } from "../models/providers.js";
import { setMaxListeners } from "node:events";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { trustedRoot } from "../common/real-folder.js";
import { toResearchError, isCancelled, ResearchError } from "../common/errors.js";
import { listVerdicts, renderReportLines } from "../core/report/render-report.js";
import { runResearch } from "../core/pipeline/research.js";
import { rejectOnAbort } from "../common/abort.js";
import { parseResearchRequest, type ResearchRequest, type Scope } from "../core/domain/research-request.js";
import { MarkedEnvironment, type Plan, type Report } from "../core/domain/schema.js";
import { isArchived, unarchiveSession } from "../storage/archive/archive-sessions.js";
import { Budget, type BudgetLimits } from "../storage/sessions/budget.js";
import { assertRealFolder } from "../common/files.js";
import { serializeReportLines } from "../storage/reports/report-line-hashes.js";
import { reportLinksFrom } from "../storage/reports/refresh-draft.js";
import { saveReport } from "../storage/reports/save-report.js";
import { createSession, reopenSession, type Session } from "../storage/sessions/session.js";
import { JournaledSteps } from "../storage/sessions/journaled-steps.js";
import type { Header } from "../storage/sessions/journal-schema.js";
import { toResearchInput } from "./prior-session.js";
import { toWrittenSentences } from "../verification/checked-sentences.js";
import { acquireSharedResources } from "./shared-resources.js";
import { confirmForeignSession, isLocalSession } from "./session-consent.js";
import { assertProviderUsable, assertSourcesUsable, chooseProvider } from "./model-access.js";
import { cleanAfterRun } from "./retention.js";
import { openErrorTracker } from "./track-errors.js";
import type { EngineConfig, RunCallbacks } from "./types.js";
import { describeFreeTierLimit } from "./free-tier.js";
import { watchWaits } from "./watch-waits.js";
import { describeUndecidedSearches, withChosenSearches } from "./web-searches.js";
import { createFollowUpPorts } from "./follow-up-ports.js";
import { runRefresh } from "./run-refresh.js";
import { systemClock, createPorts } from "./create-ports.js";
import {
  toAnswerInShort,
  toJsonCitations,
  toJsonEvidence,
  toWorkspaceRelative,
  type RefreshResult,
  type RunResult,
} from "./run-result.js";

/* One session from its beginning or where it was left to its end: a report and a result. */

let startQueue: Promise<void> = Promise.resolve();

/**
 * Staggers sessions that start together: each waits until the lag of the event loop is low, for at most `TRIES`
 * checks.
 * @throws the signal's reason, as soon as it is aborted
 */
async function waitForStartSlot(signal: AbortSignal): Promise<void> {
  startQueue = startQueue.then(async () => {
    for (let tries = 0, late = Infinity; late > LATE && tries < TRIES && !signal.aborted; tries++) {
      const before = performance.now();
      await wait(PACE);
      late = performance.now() - before - PACE;
    }
  });
  await rejectOnAbort(startQueue, signal);
}

/** Interval between two checks of the event loop, and the lag that is low, in milliseconds: clocks may tick every 15.6. */
const PACE = 10;
const LATE = 8;
/** Checks after which a session starts on a host that is always busy. */
const TRIES = 50;

/**
 * Researches a question as a new session.
 * @returns the outcome, also for a run that failed or was cancelled after its session began
 * @throws ResearchError where no session could begin: bad question, scope, address, folder; AbortError where it
 *   was cancelled before
 */
export async function startResearch(
  config: EngineConfig,
  asked: ResearchRequest,
  watch: RunCallbacks,
): Promise<RunResult> {
  const request = parseResearchRequest(asked);
  assertSourcesUsable(config, request);
  const undecided = describeUndecidedSearches(config, request);
  if (undecided !== null) watch.listen({ type: "notice", message: undecided });
  const { question, depth, maxSources, pages, sites = [], follows } = request;
  const scope = withChosenSearches(config, request.scope);
  const limit = describeFreeTierLimit(config, { ...request, scope });
  if (limit !== null) watch.listen({ type: "notice", message: limit });
  const engine = chooseProvider(config).id;
  const { environment } = config.settings;
  const header = {
    question,
    engine,
    depth,
    maxSources,
    pages,
    scope: withOwnSources(scope),
    environment,
    ...(sites.length === 0 ? {} : { sites }),
  };
  return beginSession(config, follows === undefined ? header : { ...header, follows }, watch);
}

/** A workspace is searched with what it has installed, and with its history. */
function withOwnSources(scope: readonly Scope[]): Scope[] {
  const own: Scope[] = scope.includes("workspace") ? ["packages", "history"] : [];
  return [...new Set([...scope, ...own])];
}

/** Runs a new session whose first line is known. @throws ResearchError where none could begin; AbortError on cancel */
export async function beginSession(
  config: EngineConfig,
  asked: Omit<Header, "schema" | "id" | "started" | "origin" | "reportEnvironment">,
  watch: RunCallbacks,
): Promise<RunResult> {
  await waitForStartSlot(watch.signal);
  const sessions = config.settings.sessionStoragePath;
  const root = trustedRoot(sessions, config.workspace);
  const marked = MarkedEnvironment.safeParse(asked.environment).data;
  const header = marked === undefined ? asked : { ...asked, reportEnvironment: marked };
  return runSession(config, await createSession(sessions, header, systemClock.now(), root), watch, false);
}

/**
 * Goes on with a session, whatever ended it; one that was done gives the same report again. An archived
 * one is brought back first. About one that this machine did not begin the user is asked.
 * @throws ResearchError where the session cannot be opened; AbortError where it was cancelled before
 */
export async function resumeResearch(
  config: EngineConfig,
  id: string,
  watch: RunCallbacks,
): Promise<RunResult> {
  await unarchiveIfNeeded(config, id, watch);
  await waitForStartSlot(watch.signal);
  const check = async (header: Header, isOurs: boolean): Promise<boolean> => {
    assertProviderUsable(
      config,
      getModelProvider(header.engine),
      msg`The session “${id}” was started`,
      bySurface(msg`Set GEMINI_API_KEY and resume it.`, msg`Set an API key and resume it.`),
    );
    if (isOurs || isLocalSession(header)) return false;
    const { question, engine, scope, pages, sites = [] } = header;
    const foreign = { session: id, question, engine, scope, pages: [...pages, ...sites] };
    await confirmForeignSession(watch, foreign, msg`deep-research resume ${id} --yes`);
    return true;
  };
  await requireStorage(config);
  const session = await reopenSession(config.settings.sessionStoragePath, id, systemClock.now(), { check });
  return runSession(config, session, watch, true);
}

/**
 * Looks once more, just before anything is written: settings may have been read a while ago.
 * @throws ResearchError "cannot-write" where the folder for sessions is reached through a link
 */
export async function requireStorage({ workspace, settings }: EngineConfig): Promise<void> {
  const sessions = settings.sessionStoragePath;
  await assertRealFolder(trustedRoot(sessions, workspace), sessions);
}

/** Brings an archived session back to its folder, and says so. */
export async function unarchiveIfNeeded(
  config: EngineConfig,
  id: string,
  watch: Pick<RunCallbacks, "listen" | "signal">,
): Promise<void> {
  const { settings } = config;
  await requireStorage(config);
  if (!(await isArchived(settings.sessionStoragePath, id))) return;
  await unarchiveSession(settings.sessionStoragePath, id, watch.signal);
  watch.listen({
    type: "notice",
    message: msg`The session was archived; it has been moved back to its folder: ${id}`,
  });
}

async function runSession(
  config: EngineConfig,
  session: Session,
  callbacks: RunCallbacks,
  resumed: boolean,
): Promise<RunResult> {
  const found: Pick<SessionReport, "gaps"> & { plan: Plan | null } = { plan: null, gaps: [] };
  const errors = openErrorTracker(config);
  const { asking, waited } = watchWaits(callbacks, (event) => watch.listen(event));
  const watch: RunCallbacks = {
    ...callbacks,
    ...asking,
    listen: (event) => {
      errors.note(event);
      if (event.type === "waiting") budget.setWaiting(event.isWaiting);
      if (event.type === "planned") found.plan = event.plan;
      if (event.type === "outlined") found.gaps = event.gaps;
      callbacks.listen(event);
    },
  };
  const { header, journal, lock, spent } = session;
  // A run that fails stops what else it had begun; many requests listen to the one signal.
  const failed = new AbortController();
  const signal = AbortSignal.any([watch.signal, failed.signal, lock.lost]);
  setMaxListeners(0, signal);
  const began = performance.now();
  const emit = watch.listen;
  const budget = new Budget(budgetLimits(config), spent, ({ text }) =>
    emit({ type: "notice", message: text }),
  );
  const finish = (): void => budget.finish();
  watch.finish?.addEventListener("abort", finish);
  if (watch.finish?.aborted === true) finish();
  const end = async (
    status: RunResult["status"],
    report: Report | null,
    error: ResearchError | null,
    refreshed: RefreshResult | null = null,
  ) => {
    lock.lost.throwIfAborted();
    if (error !== null) errors.noteEnd(error.code);
    // A refreshed report is a draft until it is accepted: then it is this session's.
    const isSaved = report !== null && refreshed === null;
    const file = isSaved
      ? await saveReport(report, foldersOf(config, session))
      : acceptedIn(config, refreshed, report);
    const shown = file === null ? null : toWorkspaceRelative(config.workspace, file);
    const said = error === null ? null : error.text;
    const at = systemClock.now().toISOString();
    if (report !== null) {
      const evidence = report.evidence.map(({ id, source, start, end: to, check }) => {
        return { id, sha256: report.sources[source]?.sha256 ?? null, start, end: to, check };
      });
      const sources = report.sources.map(({ place, title, sha256 }) => ({ place, title, sha256 }));
      await journal.append({ type: "evidence", at, evidence, sources });
    }
    const { plan, gaps } = found;
    const data =
      report === null || plan === null
        ? {}
        : { reportJsonSha256: await saveReportData(session.folder, { report, plan, gaps }) };
    // A draft is rendered for the place of the report that it will replace.
    const place = file ?? (refreshed === null ? null : path.resolve(config.workspace, refreshed.report));
    if (report !== null && place !== null) {
      const lines = renderReportLines(report, reportLinksFrom(place, config.workspace, session.folder));
      await journal.append({
        type: "written",
        at,
        sentences: toWrittenSentences(lines),
        lines: serializeReportLines(lines),
        ...data,
      });
    }
    // A run that was cut short takes nothing away from what an earlier one wrote.
    const kept = report === null && refreshed === null ? session.written : null;
    const verdicts = report === null ? kept?.verdicts : listVerdicts(report);
    const judged = verdicts === undefined ? {} : { verdicts };
    const waiting = Math.round(waited());
    const ended = {
      type: "ended",
      status,
      report: shown ?? kept?.report ?? null,
      error: said,
      ...judged,
    } as const;
    const why = error === null ? {} : { code: error.code };
    const ofRun = waiting === 0 ? {} : { waited: waiting };
    const name = session.name === null ? {} : { name: session.name };
    const shownTitle = report?.title ?? kept?.title;
    const title = shownTitle === undefined ? {} : { title: shownTitle };
    await journal.append({ ...ended, at, ...why, ...name, ...title, ...ofRun });
    emit(ended);
    return {
      session: header.id,
      status,
      ...(status !== "partial" || report?.partialReason === undefined
        ? {}
        : { reason: report.partialReason }),
      engine: header.engine,
      report: shown ?? refreshed?.draft ?? refreshed?.report ?? null,
      calls: { ...spent.calls },
      tokens: { in: spent.usage.in, out: spent.usage.out },
      usd: Math.round(spent.usage.usd * 1e6) / 1e6,
      seconds: Math.round((performance.now() - began - waited()) / 100) / 10,
      evidence: report === null ? [] : toJsonEvidence(report),
      citations: report === null ? [] : toJsonCitations(report),
      answer: report === null ? null : toAnswerInShort(report),
      ...(report?.google === undefined ? {} : { google: report.google }),
      ...(refreshed === null ? {} : { refresh: refreshed }),
      ...(error === null ? {} : { error: { code: error.code, message: error.text, what: error.what } }),
    };
  };

  const resources = acquireSharedResources();
  // Pages come soon: the threads that read them start while the plan is made.
  const readsPages = header.scope.includes("web") || header.pages.length > 0 || header.sites !== undefined;
  if (readsPages && isFeatureOn("pageReading", config.settings)) resources.threads.begin();
  const steps = new JournaledSteps({ ...session, budget, clock: systemClock, emit, signal });
  const { question, engine, depth, maxSources, refreshes, follows } = header;
  const endUnwritten = (status: "failed" | "cancelled", error: ResearchError | null): RunResult => {
    emit({ type: "ended", status, report: null, error: error?.text ?? null });
    return failedToPersistResult(session, status, error);
  };
  /** Waits until no step can append to the journal after the "ended" line. */
  const settle = async (): Promise<void> => {
    failed.abort();
    await steps.settled();
  };
  emit({ type: "started", session: header.id, question, engine, depth, maxSources, resumed });
  for (const message of session.damage)
    emit({ type: "notice", message: joinMessages([message, `(${header.id})`]) });
  try {
    const opened = createPorts(config, session, steps, resources, watch);
    if (refreshes !== undefined) {
      const refreshed = await runRefresh(config, session, refreshes, opened, signal);
      if (steps.failure !== null) throw steps.failure;
      await settle();
      found.plan = refreshed.base.plan;
      found.gaps = refreshed.base.gaps;
      const kept = await refreshed.keep();
      return await end(refreshed.report?.status ?? "done", refreshed.report, null, kept);
    }
    const { ports, before } = await createFollowUpPorts(config, session, follows, opened, signal);
    const report = await runResearch(toResearchInput(header, before), ports, signal);
    if (steps.failure !== null) throw steps.failure;
    await settle();
    return await end(report.status, report, null);
  } catch (error) {
    // What is under way was paid for, and may still reach the journal.
    if (steps.failure !== null && !signal.aborted) await steps.settled();
    await settle();
    if (lock.lost.aborted) {
      // The session is another run's by now: nothing more is written to it.
      if (watch.signal.aborted) return endUnwritten("cancelled", null);
      return endUnwritten(
        "failed",
        toResearchError(lock.lost.reason, "bad-answer", msg`The research failed`),
      );
    }
    if (watch.signal.aborted || isCancelled(error)) return await end("cancelled", null, null);
    if (error instanceof ResearchError && error.code === "plan-waits") {
      return await end("cancelled", null, error);
    }
    const why = steps.failure ?? toResearchError(error, "bad-answer", msg`The research failed`);
    // Where the journal itself cannot be written, the message is all that can still be given.
    return await end("failed", null, why).catch(() => endUnwritten("failed", why));
  } finally {
    budget.close();
    watch.finish?.removeEventListener("abort", finish);
    await Promise.all([resources.release(), errors.save(), journal.close().finally(() => lock.release())]);
    const about = [header.id, refreshes?.session, follows].filter((id) => id !== undefined);
    if (!watch.signal.aborted) await cleanAfterRun(config, about);
  }
}

/** The outcome of a run whose end could not be written down. */
function failedToPersistResult(
  { header, spent }: Session,
  status: RunResult["status"],
  error: ResearchError | null,
): RunResult {
  return {
    session: header.id,
    status,
    engine: header.engine,
    report: null,
    calls: { ...spent.calls },
    tokens: { in: spent.usage.in, out: spent.usage.out },
    usd: spent.usage.usd,
    seconds: 0,
    evidence: [],
    citations: [],
    answer: null,
    ...(error === null ? {} : { error: { code: error.code, message: error.text, what: error.what } }),
  };
}

/** What the settings let a session cost. */
export function budgetLimits({ settings, key }: EngineConfig): BudgetLimits {
  const { maxCalls, maxTokens, maxUsd, maxMinutes } = settings;
  // What costs nothing is limited by time alone.
  return key === null
    ? { calls: 0, tokens: 0, usd: 0, minutes: maxMinutes }
    : { calls: maxCalls, tokens: maxTokens, usd: maxUsd, minutes: maxMinutes };
}

/** The file of a refreshed report that was accepted; null where none is this session's. */
function acceptedIn(
  config: EngineConfig,
  refreshed: RefreshResult | null,
  report: Report | null,
): string | null {
  const isAccepted = refreshed !== null && refreshed.draft === null && report !== null;
  return isAccepted ? path.resolve(config.workspace, refreshed.report) : null;
}

function foldersOf(config: EngineConfig, session: Session) {
  return { workspace: config.workspace, session: session.folder, reports: config.settings.reportOutputPath };
}
