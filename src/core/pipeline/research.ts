import { bySurface, joinMessages, msg } from "../../common/messages.js";
import { isPaidSearch } from "../domain/ports.js";
import { ResearchError } from "../../common/errors.js";
import { prefetchFirstSearch, type EvidencePool, type FoundHits } from "./gather.js";
import { describeUnreadFiles } from "../document/unread-formats.js";
import { buildQuestionQuery } from "./follow-up-query.js";
import type { Ports } from "../domain/ports.js";
import { gatherRound } from "./gather-round.js";
import { createRunState, type ResearchInput, type RunState } from "./run-state.js";
import { DEPTHS, type Plan, type Question, type Report } from "../domain/schema.js";
import { coverWithoutSkipped } from "./steering.js";
import { toEstimateInput, makePlan } from "./make-plan.js";
import { writeOutline, gapQuestions } from "./write-outline.js";
import { draftSection, checkSection } from "./write-section.js";
import { removeRepeatedSentences, assembleReport } from "./assemble-report.js";
import { writeConclusion } from "./write-conclusion.js";

/**
 * The method: plan, gather, reflect and outline, write, verify, report.
 *
 * Everything costly in it is a durable step, so that calling it again with the same ask and the
 * same journal goes on where it was cut off and gives the same report.
 *
 * @returns the report; `status` is "partial" where it is less than was asked for
 * @throws ResearchError if nothing could be planned or there was nothing to read; AbortError on cancel
 */
export async function runResearch(ask: ResearchInput, ports: Ports, signal: AbortSignal): Promise<Report> {
  const run = createRunState(ask, ports, signal);
  const asked: Question = {
    id: "q0",
    question: ask.question,
    query: buildQuestionQuery(ask.question, ask.before),
  };

  // The first search starts with the plan, unless the user has a say before anything is spent.
  const planning = caught(makePlan(run));
  const early = new Map<string, Promise<FoundHits[]>>();
  if (canPrefetchSearch(ports)) early.set(asked.id, caught(prefetchFirstSearch(run, asked)));
  const proposed = await planning;
  const own: Question = {
    ...asked,
    question: run.question,
    query: buildQuestionQuery(run.question, ask.before),
  };
  if (own.question !== asked.question) {
    // The prefetched results are for the unclarified question: discard them.
    early.clear();
    run.reads.clear();
  }

  run.planPages = proposed.pages ?? [];
  const questions = [own, ...proposed.questions];
  const { rounds } = DEPTHS[ask.depth];
  // What the user asked for, by the plan or while it ran; gaps are no parts of the question.
  const parts = new Set(proposed.questions.map(({ id }) => id));
  const left = new Set<string>();
  const round = async (number: number, before: EvidencePool, targets: Question[]): Promise<EvidencePool> => {
    const { gathered: all, added } = await gatherRound(run, {
      number,
      before,
      targets,
      questions: questions.filter(({ id }) => !left.has(id)),
      nextId: questions.length,
      more: number < rounds,
      early: number === 1 ? early : new Map(),
      expected: toEstimateInput(run, proposed),
    });
    questions.push(...added);
    for (const { id } of added) parts.add(id);
    for (const id of ports.steering?.skipped(number) ?? []) left.add(id);
    return all;
  };
  // Without what the user left out, of the questions and of what must be covered.
  const wanted = (): Plan => ({
    ...proposed,
    questions: questions.filter(({ id }) => parts.has(id) && !left.has(id)),
    cover: coverWithoutSkipped(proposed.cover, questions, left),
  });

  let number = 1;
  let gathered = await round(number, nothingYet(), questions);
  if (gathered.sources.length + gathered.google.length === 0) throw nothingToRead(run);
  let plan = wanted();
  let outline = await writeOutline(run, plan, questions, left, gathered, number);
  for (;;) {
    const mayGoOn = number < rounds && gathered.sources.length < ask.maxSources && !run.modelEnded;
    const gaps = mayGoOn ? gapQuestions(outline, questions) : [];
    // What the user added while the round was outlined is gathered in any case.
    if (gaps.length === 0 && (ports.steering?.added(number + 1) ?? []).length === 0) break;
    number++;
    questions.push(...gaps);
    ports.emit({ type: "gaps", round: number, questions: gaps });
    const more = await round(number, gathered, gaps);
    const brought = more.evidence.length - gathered.evidence.length;
    gathered = more;
    if (brought === 0) break;
    plan = wanted();
    outline = await writeOutline(run, plan, questions, left, gathered, number);
  }
  ports.steering?.close();

  const drafting = outline.sections.map((section) => draftSection(run, plan, outline, section, gathered));
  // The summary is written while the sections are checked: it is held against the same quotes as they are.
  const concluding = Promise.all(drafting).then((drafts) =>
    writeConclusion(run, plan, outline, drafts, gathered),
  );
  const checking = Promise.all(drafting.map(async (draft) => checkSection(run, await draft)));
  const [checked, conclusion] = await Promise.all([checking, concluding]);
  const sections = removeRepeatedSentences(
    checked.filter(({ paragraphs, table }) => paragraphs.length > 0 || table !== null),
  );
  return assembleReport(run, plan, outline, sections, conclusion, gathered);
}

/**
 * Whether the first search may begin before the plan is there: not where the user looks at the plan first,
 * and not where a search is paid for that a question back to the user may turn into another one.
 */
function canPrefetchSearch({ review, approve, clarify, searches }: Ports): boolean {
  if (review !== undefined || approve !== undefined) return false;
  return clarify === undefined || !searches.some(isPaidSearch);
}

function nothingYet(): EvidencePool {
  return { sources: [], sketches: [], evidence: [], tried: new Set(), google: [] };
}

/** A promise that is awaited later must not end the process if it fails before that. */
function caught<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function nothingToRead(run: RunState): ResearchError {
  const { scope } = run.ask;
  const what =
    scope.length === 0 && run.ask.sites === undefined
      ? msg`No readable sources were found for this question among the pages you specified.`
      : !scope.includes("web") && !scope.includes("google")
        ? scope.includes("workspace")
          ? msg`No readable sources were found for this question in the workspace.`
          : msg`No readable sources were found for this question in the chosen sources.`
        : scope.length > 1
          ? msg`No readable sources were found for this question in the workspace or on the web.`
          : msg`No readable sources were found for this question on the web.`;
  return new ResearchError(
    "no-sources",
    joinMessages([what, ...describeUnreadFiles([...run.unread]), ...run.shortfalls.toSorted()]),
    bySurface(
      msg`Use words that appear in the text, or add sources with --source: web, or the address of a page.`,
      msg`Use words that appear in the text, add a page by its address, or choose other sources.`,
    ),
  );
}
