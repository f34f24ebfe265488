import { msg, formatMessage } from "../common/messages.js";
import { describeStepTask } from "../core/domain/step-task.js";
import { readReportData } from "../storage/reports/report-data.js";
import type { FileHandle } from "node:fs/promises";
import { getModelProvider } from "../models/providers.js";
import { SEARCH_PROVIDERS } from "../search/providers.js";
import { openOffline } from "../models/offline/offline-provider.js";
import { isCancelled, ResearchError } from "../common/errors.js";
import type { ResearchEvent } from "../core/domain/events.js";
import type { Ports, SearchTraits, Step, Steps } from "../core/domain/ports.js";
import { refreshResearch, type SessionReport } from "../core/pipeline/refresh.js";
import { buildQuestionQuery } from "../core/pipeline/follow-up-query.js";
import { applyClarifications } from "../core/pipeline/plan.js";
import type { ResearchInput } from "../core/pipeline/run-state.js";
import { runResearch } from "../core/pipeline/research.js";
import { Plan, type Clarification, type Report } from "../core/domain/schema.js";
import { createSteering } from "../core/pipeline/steering.js";
import { openJournalFile, readOutcomeValue, type JournalIndex } from "../storage/sessions/journal.js";
import type { Header } from "../storage/sessions/journal-schema.js";
import { journalPath, readSession, resolveSessionFolder } from "../storage/sessions/session.js";
import { snapshotFolder, SnapshotFiles } from "../storage/sessions/snapshots.js";
import { stepKey } from "../storage/sessions/journaled-steps.js";
import { toResearchInput, loadRefreshBase, loadPreviousSession, usesModelSearch } from "./prior-session.js";
import { yieldToEventLoop } from "../common/yield-to-event-loop.js";

/* The report of a session as data, with its evidence and sources, at no cost. */

/**
 * The report of an ended session, as data: from its report.json or, for sessions of earlier versions and where that
 * file is missing or was changed, from its journal. Nothing is asked or written.
 * @param strict whether each snapshot that the session read must be there; else its sources are left out
 * @throws ResearchError "no-session"; "damaged-session" where the session gives no report any more
 */
export async function loadSessionReport(
  sessions: string,
  id: string,
  strict: boolean,
  signal: AbortSignal,
): Promise<SessionReport> {
  const journal = await readSession(sessions, id);
  const { reportJsonSha256 } = journal;
  const folder = resolveSessionFolder(sessions, id);
  const data = reportJsonSha256 === null ? null : await readReportData(folder, reportJsonSha256);
  signal.throwIfAborted();
  if (data === null || !(await hasSnapshots(folder, data.report))) {
    return replaySession(journal, folder, strict, signal);
  }
  return data;
}

/** Whether every snapshot of a report's sources is there, as it was taken. */
async function hasSnapshots(folder: string, { sources }: Report): Promise<boolean> {
  const snapshots = new SnapshotFiles(snapshotFolder(folder));
  const own = sources.filter(({ sha256 }) => sha256 !== null);
  return (await Promise.all(own.map((source) => snapshots.has(source)))).every(Boolean);
}

/**
 * Runs the pipeline of an ended session again, with every outcome from its journal. Nothing is asked or written.
 * @throws ResearchError "damaged-session" where the journal does not give a report
 */
async function replaySession(
  journal: JournalIndex,
  folder: string,
  strict: boolean,
  signal: AbortSignal,
): Promise<SessionReport> {
  const { id } = journal.header;
  const file = await openJournalFile(journalPath(folder));
  const steps = new KnownSteps(file, journal.outcomes);
  const recorded: Pick<SessionReport, "gaps"> & { plan: Plan | null } = { plan: null, gaps: [] };
  const listen = (event: ResearchEvent): void => {
    if (event.type === "planned") recorded.plan = event.plan;
    if (event.type === "outlined") recorded.gaps = event.gaps;
  };
  try {
    const base = await replayPipeline(journal, folder, steps, listen, recorded, signal);
    const [missing] = steps.missing;
    if (strict && missing !== undefined) {
      throw new ResearchError(
        "damaged-session",
        msg`A snapshot of the session “${id}” is missing or was changed (${missing}).`,
        msg`Restore its folder, or ask the question again.`,
      );
    }
    return base;
  } catch (error) {
    if (isCancelled(error) || (error instanceof ResearchError && error.code === "damaged-session"))
      throw error;
    throw new ResearchError(
      "damaged-session",
      msg`The session “${id}” has no report: it did not get that far, or another version made it.`,
      msg`Resume it, or ask the question again.`,
      { cause: error },
    );
  } finally {
    await file.close();
  }
}

async function replayPipeline(
  journal: JournalIndex,
  folder: string,
  steps: Steps,
  emit: Ports["emit"],
  told: Pick<SessionReport, "gaps"> & { plan: Plan | null },
  signal: AbortSignal,
): Promise<SessionReport> {
  const { header } = journal;
  const refuse = (): Promise<never> => Promise.reject(notKnown());
  if (header.refreshes !== undefined) {
    const base = await loadRefreshBase(steps, header.refreshes.session, refuse);
    const ports = portsOf(journal, folder, steps, emit, toResearchInput(header));
    const { report } = await refreshResearch(base, toResearchInput(header), ports, signal);
    if (report === null)
      throw new ResearchError("damaged-session", msg`The refresh “${header.id}” changed nothing.`);
    return { report, plan: base.plan, gaps: base.gaps };
  }
  const earlier =
    header.follows === undefined ? null : await loadPreviousSession(steps, header.follows, refuse);
  const ask = toResearchInput(header, earlier?.before);
  const report = await runResearch(ask, portsOf(journal, folder, steps, emit, ask), signal);
  if (told.plan === null) throw notKnown();
  return { report, plan: told.plan, gaps: told.gaps };
}

/** Replays steps from the journal. @throws ResearchError for a step without a recorded outcome */
class KnownSteps implements Steps {
  /** Descriptions of the steps whose snapshot is missing. */
  readonly missing: string[] = [];

  constructor(
    private readonly file: FileHandle,
    private readonly outcomes: JournalIndex["outcomes"],
  ) {}

  async run<T>({ kind, task, input, outcome, holds }: Step<T>): Promise<T> {
    const stored = this.outcomes.get(stepKey(kind, input));
    if (stored === undefined) throw notKnown();
    const value = outcome.parse(await readOutcomeValue(this.file, stored.at));
    if (holds !== undefined && !(await holds(value))) {
      this.missing.push(formatMessage(describeStepTask(task)));
      throw notKnown();
    }
    return value;
  }

  /** Nothing to store: the journal already has it. */
  record(): Promise<void> {
    return Promise.resolve();
  }
}

function notKnown(): ResearchError {
  return new ResearchError("bad-answer", msg`The journal has no outcome for this step.`);
}

function portsOf(
  { header, outcomes, plan: kept, clarified, steered }: JournalIndex,
  folder: string,
  steps: Steps,
  emit: Ports["emit"],
  ask: ResearchInput,
): Ports {
  const refuse = (): Promise<never> => Promise.reject(notKnown());
  const known = Plan.safeParse(kept);
  const provider = getModelProvider(header.engine);
  return {
    model: { engine: header.engine, ...provider.describe(new Date(header.started)), answer: refuse },
    fallbackModel: openOffline(),
    searches: SEARCH_PROVIDERS.filter((search) => tookPart(search, header, outcomes, ask, clarified)).map(
      ({ id, kind, cost, usesQueryVariants, keeps, covers }) => ({
        id,
        kind,
        cost,
        usesQueryVariants,
        keeps,
        ...(covers === undefined ? {} : { covers }),
        search: refuse,
      }),
    ),
    reader: { read: refuse },
    snapshots: new SnapshotFiles(snapshotFolder(folder)),
    steps,
    clock: {
      now: () => new Date(header.started),
      turn: yieldToEventLoop,
    },
    emit,
    ...(known.success ? { review: () => Promise.resolve(known.data) } : {}),
    ...(clarified === null ? {} : { clarify: () => Promise.resolve(clarified) }),
    steering: createSteering(steered, refuse).state,
  };
}

/** Every search of a session gets the user's question; a search without that step took no part. */
function tookPart(
  { id, kind }: SearchTraits,
  header: Header,
  outcomes: JournalIndex["outcomes"],
  { question, before, maxSources }: ResearchInput,
  clarified: Clarification[] | null,
): boolean {
  // Settings may have changed since; the journal says what there was.
  if (header.refreshes !== undefined) return kind === "answers" && usesModelSearch(header);
  // Where the user was asked back, what was meant was searched for, and maybe the question as it stood before.
  return [question, applyClarifications(question, clarified ?? [])].some((each) => {
    const input = {
      search: id,
      question: each,
      query: buildQuestionQuery(each, before),
      limit: maxSources * 2,
    };
    return outcomes.has(stepKey("search", input));
  });
}
