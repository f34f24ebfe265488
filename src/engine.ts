import { setMaxListeners } from "node:events";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { cachedModel, cachedReader } from "./cached.js";
import { enterCommons, type Commons } from "./commons.js";
import { openGemini } from "./models/gemini.js";
import { openOffline } from "./models/offline.js";
import { MODELS } from "./models/prices.js";
import { asResearchError, isCancelled, ResearchError, type ErrorCode } from "./research/errors.js";
import { estimate, estimateLine, type Estimate } from "./research/estimate.js";
import type { EventListener } from "./research/events.js";
import { withoutInvisible } from "./research/invisible.js";
import type { Clock, Ports, Reader, Search } from "./research/ports.js";
import { citationsOf } from "./research/report.js";
import { research } from "./research/research.js";
import { DEPTHS, Plan, type Depth, type Engine, type Report } from "./research/schema.js";
import { isArchived, unarchive } from "./sessions/archive.js";
import { Budget, type Limits } from "./sessions/budget.js";
import { cacheFolder } from "./sessions/cache.js";
import { saveReport } from "./sessions/reports.js";
import { createSession, reopenSession, type Session } from "./sessions/session.js";
import { SnapshotFolder } from "./sessions/snapshots.js";
import { JournaledSteps } from "./sessions/steps.js";
import type { Settings } from "./settings/schema.js";
import { openSearxng } from "./sources/web/searxng.js";
import { openWorkspace, openWorkspaceSearch } from "./sources/workspace/workspace.js";

/*
 * One session, wired by hand: the doors (terminal, VS Code) hand in what the user set, and the
 * method gets its ports. This is the one place that knows all the rooms.
 */

export type Scope = "workspace" | "web";

export interface House {
  /** The folder that is researched and written to, absolute. */
  workspace: string;
  settings: Settings;
  /** A Gemini key, or null for the offline engine. */
  key: string | null;
  /** Where Gemini is, if not at Google's. Never from a workspace. */
  baseUrl: string | null;
  /** False where nothing may come from the cache or go there. */
  cache?: boolean;
  /** One model request's longest time, in milliseconds; absent: the usual. */
  modelTimeout?: number;
  /** False: Gemini does not search where a SearXNG server does; absent: both do. */
  googleSearch?: boolean;
}

export interface Asked {
  question: string;
  depth: Depth;
  maxSources: number;
  /** What is searched; with pages alone it may be empty. */
  scope: Scope[];
  /** http(s) addresses that the user named. */
  pages: string[];
}

/** Options of a run that are not part of what was asked. */
export interface Watch {
  listen: EventListener;
  signal: AbortSignal;
  /** Aborted when the run shall end with what is there: with a report, if a partial one. */
  finish?: AbortSignal;
  review?: (plan: Plan) => Promise<Plan>;
  /** Asked where the estimate reaches beyond `askAboveUsd`; absent: nobody is asked. */
  approve?: (estimate: Estimate) => Promise<boolean>;
}

/** What a run leaves, as `--json` prints it. Paths are relative to the workspace. */
export interface RunResult {
  session: string;
  status: "done" | "partial" | "failed" | "cancelled";
  engine: Engine;
  report: string | null;
  calls: { model: number; search: number; read: number };
  tokens: { in: number; out: number };
  usd: number;
  seconds: number;
  evidence: JsonEvidence[];
  citations: { n: string; claim: string; evidence: string[]; verdict: string }[];
  /** What went wrong, where status is "failed". */
  error?: { code: ErrorCode; message: string };
}

export interface JsonEvidence {
  id: string;
  quote: string;
  check: "exact" | "normalized" | "grounded";
  /** Where the quote stands, [start, end) in UTF-16 units of the text of the snapshot with that SHA-256. */
  at: { sha256: string; start: number; end: number } | null;
  source:
    | { kind: "workspace"; path: string; lines: [number, number]; pages?: [number, number] }
    | { kind: "page" | "grounded"; url: string; title: string; pages?: [number, number] };
}

/** Whoever computes for long waits for a turn of the event loop of its own: many at once block nobody. */
let turns: Promise<void> = Promise.resolve();
const clock: Clock = {
  now: () => new Date(),
  turn: () => (turns = turns.then(() => new Promise((resolve) => setImmediate(resolve)))),
};

let beginning: Promise<void> = Promise.resolve();

/** Many that begin at once begin one after the other, each when the event loop keeps up with those before it. */
function mayBegin(): Promise<void> {
  return (beginning = beginning.then(async () => {
    for (let late = Infinity; late > LATE;) {
      const before = performance.now();
      await wait(PACE);
      late = performance.now() - before - PACE;
    }
  }));
}

/** Milliseconds between two looks at the event loop, and by which it may be late. */
const PACE = 10;
const LATE = 5;

/**
 * Researches a question as a new session.
 * @returns the outcome, also for a run that failed or was cancelled after its session began
 * @throws ResearchError where no session could begin: bad question, scope, address, folder
 */
export async function startResearch(house: House, asked: Asked, watch: Watch): Promise<RunResult> {
  const question = withoutInvisible(asked.question).text.replace(/\s+/g, " ").trim();
  if (question === "") {
    throw new ResearchError("empty-question", "The question is empty.", "Ask it in a sentence.");
  }
  const engine: Engine = house.key === null ? "offline" : "gemini";
  if (asked.scope.includes("web") && !canSearchWeb(house)) {
    throw new ResearchError(
      "no-key",
      "Searching the web needs a Gemini key, or a SearXNG server of your own.",
      "Set GEMINI_API_KEY (in VS Code: Deep Research: Set API Key) or SEARXNG_URL, or research the workspace.",
    );
  }
  const { depth, maxSources, scope } = asked;
  const pages = asked.pages.map(checkedAddress);
  if (scope.length === 0 && pages.length === 0) {
    throw new ResearchError(
      "no-sources",
      "There is nothing to research.",
      "Choose the workspace, the web or a page.",
    );
  }
  await mayBegin();
  const session = await createSession(
    house.settings.sessionStoragePath,
    { question, engine, depth, maxSources, pages, scope, environment: house.settings.environment },
    clock.now(),
  );
  return run(house, session, watch, false);
}

/**
 * Goes on with a session, whatever ended it; one that was done gives the same report again. An archived
 * one is brought back first.
 * @throws ResearchError where the session cannot be opened
 */
export async function resumeResearch(house: House, id: string, watch: Watch): Promise<RunResult> {
  const { sessionStoragePath } = house.settings;
  if (await isArchived(sessionStoragePath, id)) {
    await unarchive(sessionStoragePath, id, watch.signal);
    watch.listen({ type: "notice", message: `The session was archived and is back in its folder: ${id}` });
  }
  await mayBegin();
  const session = await reopenSession(house.settings.sessionStoragePath, id, clock.now());
  if (session.header.engine === "gemini" && house.key === null) {
    await session.journal.close();
    await session.lock.release();
    throw new ResearchError(
      "no-key",
      `The session “${id}” was begun with Gemini, and there is no key now.`,
      "Set GEMINI_API_KEY (in VS Code: Deep Research: Set API Key) and resume it.",
    );
  }
  return run(house, session, watch, true);
}

/** Whether there is anything to search the web with. */
export function canSearchWeb({ key, settings }: House): boolean {
  return key !== null || settings.searxngUrl !== "";
}

function checkedAddress(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new ResearchError(
      "bad-url",
      `“${address}” is not an http or https address.`,
      "Write it as https://…",
    );
  }
  return url.href;
}

async function run(house: House, session: Session, watch: Watch, resumed: boolean): Promise<RunResult> {
  const { header, journal, lock, spent } = session;
  // A run that fails stops what else it had begun; many requests listen to the one signal.
  const failed = new AbortController();
  const signal = AbortSignal.any([watch.signal, failed.signal, lock.lost]);
  setMaxListeners(0, signal);
  const began = performance.now();
  const emit = watch.listen;
  const budget = new Budget(limitsOf(house), spent, ({ line }) => emit({ type: "notice", message: line }));
  const finish = (): void => budget.finish();
  watch.finish?.addEventListener("abort", finish);
  if (watch.finish?.aborted === true) finish();
  const end = async (status: RunResult["status"], report: Report | null, error: ResearchError | null) => {
    const file = report === null ? null : await saveReport(report, foldersOf(house, session));
    const shown = file === null ? null : relative(house.workspace, file);
    const said = error === null ? null : error.line;
    const at = clock.now().toISOString();
    if (report !== null) {
      const evidence = report.evidence.map(({ id, source, start, end: to, check }) => {
        return { id, sha256: report.sources[source]?.sha256 ?? null, start, end: to, check };
      });
      await journal.append({ type: "evidence", at, evidence });
    }
    await journal.append({ type: "ended", at, status, report: shown, error: said });
    emit({ type: "ended", status, report: shown, error: said });
    return {
      session: header.id,
      status,
      engine: header.engine,
      report: shown,
      calls: { ...spent.calls },
      tokens: { in: spent.usage.in, out: spent.usage.out },
      usd: Math.round(spent.usage.usd * 1e6) / 1e6,
      seconds: Math.round((performance.now() - began) / 100) / 10,
      evidence: report === null ? [] : evidenceOf(report),
      citations: report === null ? [] : citationsIn(report),
      ...(error === null ? {} : { error: { code: error.code, message: error.line } }),
    };
  };

  const commons = enterCommons();
  // Pages come soon: the threads that read them start while the plan is made.
  if (header.scope.includes("web") || header.pages.length > 0) commons.threads.begin();
  const steps = new JournaledSteps({ ...session, budget, clock, emit, signal });
  const { question, engine, depth, maxSources } = header;
  emit({ type: "started", session: header.id, question, engine, depth, maxSources, resumed });
  for (const message of session.damage) emit({ type: "notice", message: `${message} (${header.id})` });
  try {
    const report = await research(
      {
        question,
        depth,
        maxSources,
        pages: header.pages,
        scope: header.scope.map((each) => (each === "web" ? "the web" : "the workspace")),
        session: header.id,
        startedAt: new Date(header.started),
      },
      portsOf(house, session, steps, commons, watch),
      signal,
    );
    return await end(report.status, report, null);
  } catch (error) {
    failed.abort();
    await steps.settled();
    const lost: unknown = lock.lost.aborted ? lock.lost.reason : null;
    if (watch.signal.aborted || (isCancelled(error) && lost === null))
      return await end("cancelled", null, null);
    const why = asResearchError(lost ?? error, "bad-answer", "The research failed");
    // Where the journal itself cannot be written, the message is all that can still be given.
    return await end("failed", null, why).catch(() => failedWithout(session, why));
  } finally {
    failed.abort();
    await steps.settled();
    budget.close();
    watch.finish?.removeEventListener("abort", finish);
    await Promise.all([commons.leave(), journal.close().finally(() => lock.release())]);
  }
}

/** The outcome of a run whose end could not be written down. */
function failedWithout({ header, spent }: Session, error: ResearchError): RunResult {
  return {
    session: header.id,
    status: "failed",
    engine: header.engine,
    report: null,
    calls: { ...spent.calls },
    tokens: { in: spent.usage.in, out: spent.usage.out },
    usd: spent.usage.usd,
    seconds: 0,
    evidence: [],
    citations: [],
    error: { code: error.code, message: error.line },
  };
}

function limitsOf({ settings, key }: House): Limits {
  const { maxCalls, maxTokens, maxUsd, maxMinutes } = settings;
  // What costs nothing is limited by time alone.
  return key === null
    ? { calls: 0, tokens: 0, usd: 0, minutes: maxMinutes }
    : { calls: maxCalls, tokens: maxTokens, usd: maxUsd, minutes: maxMinutes };
}

function portsOf(
  house: House,
  session: Session,
  steps: JournaledSteps,
  commons: Commons,
  watch: Watch,
): Ports {
  const { settings } = house;
  const { header, folder } = session;
  const spare = openOffline();
  const gemini =
    header.engine === "gemini" && house.key !== null
      ? openGemini({
          key: house.key,
          ...(house.baseUrl === null ? {} : { baseUrl: house.baseUrl }),
          session: header.id,
          ...(house.modelTimeout === undefined ? {} : { timeoutMs: house.modelTimeout }),
          notice: (message) => watch.listen({ type: "notice", message }),
        })
      : null;
  const kept = cacheFolder(settings.sessionStoragePath);
  const { cacheMegabytes, cacheDays } = settings;
  const cache =
    house.cache === false ? null : commons.cache(kept, { megabytes: cacheMegabytes, days: cacheDays });
  const workspace = openWorkspace({
    root: house.workspace,
    exclude: [settings.sessionStoragePath, settings.reportOutputPath, kept],
    text: commons.threads.read,
  });
  const pages = commons.pages(settings.allowedPrivateHosts);
  const searches: Search[] = [];
  if (header.scope.includes("workspace")) {
    searches.push(openWorkspaceSearch(workspace, commons.index(house.workspace, cache)));
  }
  if (header.scope.includes("web")) {
    // Found by a server of the user's own, pages may be read; Google's may not.
    if (settings.searxngUrl !== "") searches.push(openSearxng(settings.searxngUrl));
    if (gemini !== null && house.googleSearch !== false) searches.push(gemini.search);
  }
  const reader: Reader = {
    read: (place, signal) =>
      place.kind === "workspace" ? workspace.read(place, signal) : pages.read(place, signal),
  };
  const model = gemini?.model ?? spare;
  const { review, approve } = watch;
  const ports: Ports = {
    model: gemini === null || cache === null ? model : cachedModel(model, MODELS, cache),
    spare,
    searches,
    reader: cache === null ? reader : cachedReader(reader, cache),
    snapshots: new SnapshotFolder(path.join(folder, "sources")),
    steps,
    clock,
    emit: watch.listen,
  };
  if (review !== undefined) ports.review = reviewOnce(review, session);
  if (approve !== undefined && isAsked(house, session, ports)) {
    ports.approve = approveOnce(approve, house, session);
  }
  return ports;
}

/** A plan that was looked at once is not shown again when the session goes on. */
function reviewOnce(review: (plan: Plan) => Promise<Plan>, { journal, plan: kept }: Session) {
  return async (plan: Plan): Promise<Plan> => {
    const known = Plan.safeParse(kept);
    if (known.success) return known.data;
    const reviewed = await review(plan);
    await journal.append({ type: "plan", at: clock.now().toISOString(), plan: reviewed });
    return reviewed;
  };
}

/** Whether a research of this size may cost so much that the user has to be asked. */
function isAsked({ settings }: House, { header, approved }: Session, { model, searches }: Ports): boolean {
  if (model.rates === null || approved || settings.askAboveUsd === 0) return false;
  const { depth, maxSources } = header;
  const questions = DEPTHS[depth].questions + 1;
  const paidSearches = searches.filter(({ paid }) => paid).length;
  return estimate({ depth, questions, maxSources, paidSearches, model }).usd[1] > settings.askAboveUsd;
}

/** Asks where the estimate reaches beyond the setting; what was agreed to once is not asked again. */
function approveOnce(
  approve: (estimate: Estimate) => Promise<boolean>,
  { settings }: House,
  { header, journal }: Session,
) {
  return async (cost: Estimate): Promise<void> => {
    if (cost.usd[1] <= settings.askAboveUsd) return;
    if (!(await approve(cost))) {
      throw new ResearchError(
        "not-approved",
        `This research was not begun: it may take ${estimateLine(cost)}.`,
        `To run it: deep-research resume ${header.id} --yes`,
      );
    }
    await journal.append({ type: "approved", at: clock.now().toISOString() });
  };
}

function foldersOf(house: House, session: Session) {
  return { workspace: house.workspace, session: session.folder, reports: house.settings.reportOutputPath };
}

/** A path as answers show it: relative to the workspace, with forward slashes. */
export function relative(workspace: string, file: string): string {
  return path.relative(workspace, file).split(path.sep).join("/");
}

function evidenceOf(report: Report): JsonEvidence[] {
  return report.evidence.flatMap(
    ({ id, quote, check, source: index, start, end, lines, pages }): JsonEvidence[] => {
      const source = report.sources[index];
      if (source === undefined) return [];
      const { place, title } = source;
      return [
        {
          id,
          quote,
          check,
          at: source.sha256 === null ? null : { sha256: source.sha256, start, end },
          source:
            place.kind === "workspace"
              ? {
                  kind: "workspace",
                  path: place.path,
                  lines: lines ?? [1, 1],
                  ...(pages === null ? {} : { pages }),
                }
              : { kind: place.kind, url: place.url, title, ...(pages === null ? {} : { pages }) },
        },
      ];
    },
  );
}

function citationsIn(report: Report): RunResult["citations"] {
  return citationsOf(report).map(({ n, claim, evidence }) => ({
    n,
    claim: claim.text,
    evidence: evidence.map(({ id }) => id),
    verdict: claim.verdict,
  }));
}
