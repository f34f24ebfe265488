import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { msg, joinMessages, withoutFullStop } from "../../common/messages.js";
import { isPaidSearch } from "../domain/ports.js";
import { ResearchError } from "../../common/errors.js";
import { estimateResearch, type EstimateInput } from "./estimate.js";
import { toDraftParagraphs } from "./draft-paragraphs.js";
import { prefetchFirstSearch, type EvidencePool, type FoundHits } from "./gather.js";
import { describeUnreadFiles } from "../document/unread-formats.js";
import { describeRemovedCharacters } from "../../common/invisible-characters.js";
import type { OutlineDraft } from "../prompts/outline.js";
import { describeGaps } from "../report/gap-remarks.js";
import { findUnmentionedGaps, remarkOnOpenQuestions } from "./open-points.js";
import { buildQuestionQuery } from "./follow-up-query.js";
import { countVerdicts } from "../report/render-report.js";
import { applyClarifications, planFromDraft, clarifyingQuestions, kindsOfScope } from "./plan.js";
import type { Ports } from "../domain/ports.js";
import type { Scope } from "../domain/research-request.js";
import { gatherRound } from "./gather-round.js";
import { describeStepTask, type StepTask } from "../domain/step-task.js";
import type { TaskInput, TaskOutput } from "../prompts/tasks.js";
import {
  askModel,
  askModelOrFallback,
  createRunState,
  noteShortfall,
  type ResearchInput,
  type RunState,
} from "./run-state.js";
import {
  DEPTHS,
  OFFLINE_PROVIDER,
  type Claim,
  type Plan,
  type Question,
  type Report,
  type Section,
  type Verdict,
} from "../domain/schema.js";
import { coverWithoutSkipped } from "./steering.js";
import {
  toCitableEvidence,
  passesFactCheck,
  verifySentences,
  type CheckedSentence,
  type DraftSentence,
  type CitableEvidence,
} from "./verify-section.js";
import type { QuotedEvidence } from "../prompts/write.js";

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
      expected: expected(run, proposed),
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
  let outline = await reflect(run, plan, questions, left, gathered, number);
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
    outline = await reflect(run, plan, questions, left, gathered, number);
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
    msg`Use words that appear in the text, add a page by its address, or choose other sources.`,
  );
}

/** What is searched, as the model is told. A plan's journal key is made of these words: they never change. */
const SCOPE_NAMES: Record<Scope, string> = {
  web: "the web",
  google: "the web",
  workspace: "the workspace",
  packages: "the packages that the workspace has installed",
  history: "the git history of the workspace",
};

async function makePlan(run: RunState): Promise<Plan> {
  const { ask, ports } = run;
  const goesOn = ask.before === undefined ? {} : { before: ask.before };
  const kinds = kindsOfScope(ask.scope, ask.sites !== undefined);
  const input = {
    question: ask.question,
    questions: DEPTHS[ask.depth].questions,
    scope: [
      ...new Set(ask.scope.map((each) => SCOPE_NAMES[each])),
      ...(ask.sites ?? []).map((site) => `the site ${site}`),
    ],
    ...goesOn,
    ...(kinds.length < 2 || ask.earlierMethod === true ? {} : { kinds }),
  };
  const first = await askForPlan(run, input, false);
  let answer = first;
  const unclear = ports.clarify === undefined ? [] : clarifyingQuestions(answer);
  if (ports.clarify !== undefined && unclear.length > 0) {
    const answers = await ports.clarify(unclear);
    ports.emit({ type: "clarified", answers });
    run.clarified = answers;
    run.question = applyClarifications(ask.question, answers);
    if (run.question !== ask.question) {
      answer = await askForPlan(run, { ...input, answers }, true);
    }
  }
  // Nothing that was read may choose an address: neither an earlier research, nor titles that were offered.
  const pages = ask.scope.includes("web") && ask.before === undefined ? (first.pages ?? []) : [];
  const draft = planFromDraft(answer, run.question, ask.depth, pages);
  const plan = ports.review === undefined ? draft : await ports.review(draft);
  const cost = estimateResearch(expected(run, plan));
  ports.emit({ type: "planned", plan, estimate: cost });
  await ports.approve?.(cost);
  return plan;
}

/** Asks for the plan. An answer that cannot be used ends no run: then the fallback model plans. */
async function askForPlan(
  run: RunState,
  input: TaskInput<"plan">,
  withAnswers: boolean,
): Promise<TaskOutput<"plan">> {
  const task: StepTask = { type: "plan", withAnswers };
  try {
    return await askModel(run, "plan", input, task);
  } catch (error) {
    if (!(error instanceof ResearchError) || error.code !== "bad-answer") throw error;
    noteShortfall(
      run,
      msg`${describeStepTask(task)} failed (${withoutFullStop(error.what)}): the offline engine made the plan instead.`,
    );
    return (await run.ports.fallbackModel.answer("plan", input, run.signal)).value;
  }
}

function expected({ ask, ports }: RunState, plan: Plan): EstimateInput {
  return {
    depth: ask.depth,
    questions: plan.questions.length + 1,
    maxSources: ask.maxSources,
    searches: ports.searches,
    model: ports.model,
  };
}

/** Reflects on the index of evidence: an outline, and the gaps that are left. */
async function reflect(
  run: RunState,
  plan: Plan,
  questions: Question[],
  left: ReadonlySet<string>,
  { evidence, sources }: EvidencePool,
  round: number,
): Promise<OutlineDraft> {
  if (evidence.length === 0) {
    return { sections: [], gaps: plan.cover.map((what) => ({ question: what, query: what, what })) };
  }
  const leftOut = questions.filter(({ id }) => left.has(id)).map(({ question }) => question);
  const { value } = await askModelOrFallback(
    run,
    "outline",
    {
      question: run.question,
      kind: plan.kind,
      questions: questions.filter(({ id }) => !left.has(id)),
      cover: plan.cover,
      evidence: evidence.map(({ id, claim, source, heading, under, questions: about }) => ({
        id,
        claim,
        source: sources[source]?.title ?? "",
        heading,
        ...(under === undefined ? {} : { under }),
        questions: about,
      })),
      mayAsk: round < DEPTHS[run.ask.depth].rounds && sources.length < run.ask.maxSources,
      ...(leftOut.length === 0 ? {} : { leftOut }),
    },
    { type: "outline", round },
  );
  const known = new Set(evidence.map(({ id }) => id));
  const outline: OutlineDraft = {
    sections: value.sections
      .map(({ heading, evidence: ids }) => ({
        heading: collapseWhitespace(heading) || plan.title,
        evidence: [...new Set(ids)].filter((id) => known.has(id)),
      }))
      .filter((section) => section.evidence.length > 0),
    gaps: value.gaps,
  };
  run.ports.emit({
    type: "outlined",
    round,
    sections: outline.sections.map(({ heading }) => heading),
    gaps: gapsOf(outline),
  });
  return outline;
}

/** The gaps as the next round's questions: new ones only. */
function gapQuestions(outline: OutlineDraft, asked: Question[]): Question[] {
  const known = new Set(asked.map(({ query }) => query.toLowerCase()));
  return outline.gaps
    .map(({ question, query }) => ({ question: question.trim(), query: (query.trim() || question).trim() }))
    .filter(
      ({ question, query }) =>
        question !== "" && !known.has(query.toLowerCase()) && known.add(query.toLowerCase()),
    )
    .slice(0, 3)
    .map((gap, index) => ({ id: `q${asked.length + index}`, ...gap }));
}

/** A section as it was written, before any of it was checked. */
export interface DraftedSection {
  heading: string;
  /** Sentences of each paragraph. */
  lengths: number[];
  sentences: DraftSentence[];
  columns: string[];
  rows: (DraftSentence & { cells: string[] })[];
  given: Map<string, CitableEvidence>;
  /** Whether the model wrote it itself. */
  own: boolean;
}

/** Writes one section from its own evidence. */
export async function draftSection(
  run: RunState,
  plan: Plan,
  outline: OutlineDraft,
  { heading, evidence: ids }: OutlineDraft["sections"][number],
  pool: EvidencePool,
): Promise<DraftedSection> {
  const given = toCitableEvidence(
    pool.evidence.filter(({ id }) => ids.includes(id)),
    pool.sources,
  );
  const { value, own } = await askModelOrFallback(
    run,
    "write",
    {
      question: run.question,
      kind: plan.kind,
      heading,
      others: outline.sections.map((section) => section.heading).filter((other) => other !== heading),
      evidence: plain(given),
    },
    { type: "write", heading },
  );
  const paragraphs = await toDraftParagraphs(run, value.paragraphs, given, pool);
  run.ports.emit({ type: "section", heading, state: "written", verdicts: tally([]) });
  return {
    heading,
    lengths: paragraphs.map(({ length }) => length),
    sentences: paragraphs.flat(),
    columns: value.table?.columns ?? [],
    rows: (value.table?.rows ?? []).map(({ cells, evidence: cited }) => ({
      text: cells.join(" | "),
      evidence: cited,
      cells,
    })),
    given,
    own,
  };
}

/** Verifies a section as soon as it is written. */
export async function checkSection(run: RunState, draft: DraftedSection): Promise<Section> {
  const { heading, lengths, sentences, columns, rows, given, own } = draft;
  const checked = await verifySentences(run, heading, [...sentences, ...rows], given, own);
  noteRemoved(run, checked);
  let next = 0;
  const paragraphs = lengths
    .map((length) => checked.slice(next, (next += length)).filter((claim) => claim !== null))
    .filter((paragraph) => paragraph.length > 0);
  const tableRows = checked
    .slice(sentences.length)
    .flatMap((row) => (row?.cells === undefined ? [] : [{ ...row, cells: row.cells }]));
  const shown = [...paragraphs, ...tableRows.map((row) => [row])];
  run.ports.emit({
    type: "section",
    heading,
    state: "verified",
    verdicts: tally(checked),
    paragraphs: shown.map((claims) => claims.map(({ text, verdict }) => ({ text, verdict }))),
  });
  return { heading, paragraphs, table: tableRows.length > 0 ? { columns, rows: tableRows } : null };
}

function plain(given: Map<string, CitableEvidence>): QuotedEvidence[] {
  return [...given.values()].map(({ id, quote, claim, source }) => ({ id, quote, claim, source }));
}

/** The same sentence in two sections stands once, in the first. */
export function removeRepeatedSentences(sections: Section[]): Section[] {
  const said = new Set<string>();
  const fresh = ({ text, asBlock }: Claim): boolean => {
    // The signs of code count, so a block is compared to the letter.
    const key = asBlock === true ? `block: ${text}` : text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ");
    if (said.has(key)) return false;
    said.add(key);
    return true;
  };
  return sections
    .map((section) => ({
      ...section,
      paragraphs: section.paragraphs.map((each) => each.filter(fresh)).filter((each) => each.length > 0),
    }))
    .filter(({ paragraphs, table }) => paragraphs.length > 0 || table !== null);
}

/** What stands around the sections. */
export type ReportConclusion = Pick<Report, "summary" | "disagreements" | "limits">;

/** Summary, disagreements and limits come last, from what the sections say. */
export async function writeConclusion(
  run: RunState,
  plan: Plan,
  outline: OutlineDraft,
  drafts: DraftedSection[],
  { evidence, sources }: EvidencePool,
): Promise<ReportConclusion> {
  const soundIn = async ({ heading, sentences, rows, given }: DraftedSection) => {
    const kept = await Promise.all(
      [...sentences, ...rows].map((draft) => passesFactCheck(run, draft, given)),
    );
    return {
      heading,
      sentences: kept.flatMap((draft) =>
        draft === null
          ? []
          : [
              {
                text: draft.text,
                evidence: draft.evidence,
                ...(draft.asBlock === true ? { asBlock: draft.asBlock } : {}),
              },
            ],
      ),
    };
  };
  const written = (await Promise.all(drafts.map(soundIn))).filter(({ sentences }) => sentences.length > 0);
  if (written.length === 0) return { summary: [], disagreements: [], limits: [] };
  // What the sections left out of what they were given may be what disagrees.
  const used = new Set(outline.sections.flatMap((section) => section.evidence));
  const given = toCitableEvidence(
    evidence.filter(({ id }) => used.has(id)),
    sources,
  );
  const { value, own } = await askModelOrFallback(
    run,
    "conclude",
    {
      question: run.question,
      kind: plan.kind,
      cover: plan.cover,
      sections: written,
      evidence: plain(given),
      gaps: gapsOf(outline),
    },
    { type: "summarize" },
  );
  const cited = value.limits.filter((limit) => limit.evidence.some((id) => given.has(id)));
  const parts = [value.summary, value.disagreements, cited];
  const checked = await verifySentences(run, null, parts.flat(), given, own);
  noteRemoved(run, checked);
  const [summary = [], disagreements = [], limits = []] = split(checked, parts);
  const remarks = value.limits.filter((limit) => !cited.includes(limit)).map(({ text }) => remark(text));
  // The offline engine's gaps may be names to search for, and its conclusion says what is open.
  const unsaid =
    own && run.ports.model.engine !== OFFLINE_PROVIDER
      ? findUnmentionedGaps(
          gapsOf(outline),
          value.limits.map(({ text }) => text),
        )
      : [];
  return {
    summary,
    disagreements,
    limits: [...limits, ...remarks, ...describeGaps(unsaid).map(remark)],
  };
}

function gapsOf(outline: OutlineDraft): string[] {
  return outline.gaps.map(({ what }) => collapseWhitespace(what)).filter((what) => what !== "");
}

/** Puts the report together. */
export function assembleReport(
  run: RunState,
  plan: Plan,
  outline: OutlineDraft,
  sections: Section[],
  conclusion: ReportConclusion,
  { evidence, sources, google }: EvidencePool,
): Report {
  const { ask, ports } = run;
  const { summary, disagreements } = conclusion;
  let { limits } = conclusion;
  // The order of failures depends on timing: sort them.
  run.shortfalls.sort();
  const isGoogleAlone = google.length > 0 && ask.scope.every((each) => each === "google");
  if (sections.length === 0 && summary.length === 0 && !(isGoogleAlone && ask.pages.length === 0)) {
    run.shortfalls.push(`Nothing that answers the question was found in the sources that were read.`);
    const gaps = gapsOf(outline);
    limits = describeGaps(gaps).map(remark);
  } else {
    const open = remarkOnOpenQuestions(plan, { summary, sections, limits }, evidence);
    limits = [...limits, ...open.map(remark)];
  }
  return {
    title: plan.title,
    question: ask.question,
    ...(run.clarified.length === 0 ? {} : { clarified: run.clarified }),
    date: ask.day,
    engine: ports.model.engine,
    depth: ask.depth,
    session: ask.session,
    ...(ask.environment === undefined ? {} : { environment: ask.environment }),
    status: run.shortfalls.length > 0 ? "partial" : "done",
    partial: run.shortfalls.join(" "),
    ...withoutEcho(summary, sections, ports.model.engine === OFFLINE_PROVIDER),
    disagreements,
    limits: [
      ...limits,
      ...run.limits.toSorted().map(remark),
      ...describeUnreadFiles([...run.unread]).map(remark),
      ...removedRemarks(run),
    ],
    evidence,
    sources,
    ...(google.length === 0 ? {} : { google }),
  };
}

/** Sentences up to which one section is the answer itself. */
const SHORT_ANSWER = 4;

/**
 * A short answer stands once: not as a summary and again, word for word, as the only section.
 * @param once whether the summary is the beginning of the sections, in their own words: then it is not said again below
 */
function withoutEcho(
  summary: Claim[],
  sections: Section[],
  once: boolean,
): Pick<Report, "summary" | "sections"> {
  const [only] = sections;
  const said = only?.paragraphs.flat() ?? [];
  const isEcho =
    sections.length === 1 &&
    only?.table === null &&
    said.length <= SHORT_ANSWER &&
    said.every(({ asBlock }) => asBlock !== true) &&
    summary.every(({ text }) => said.some((claim) => claim.text === text));
  if (isEcho) return { summary: said, sections: [] };
  if (!once) return { summary, sections };
  const isNew = ({ text, asBlock }: Claim): boolean =>
    asBlock === true || !summary.some((claim) => claim.text === text);
  const rest = sections
    .map((section) => ({
      ...section,
      paragraphs: section.paragraphs.map((each) => each.filter(isNew)).filter((each) => each.length > 0),
    }))
    .filter(({ paragraphs, table }) => paragraphs.length > 0 || table !== null);
  return { summary, sections: rest };
}

function split(checked: CheckedSentence[], parts: unknown[][]): Claim[][] {
  let next = 0;
  return parts.map(({ length }) => checked.slice(next, (next += length)).filter((claim) => claim !== null));
}

/** A sentence about the research itself: it cites nothing and claims nothing about the world. */
function remark(text: string): Claim {
  return { text: collapseWhitespace(text), evidence: [], verdict: "not-checked", reason: "" };
}

function noteRemoved(run: RunState, checked: CheckedSentence[]): void {
  run.removed += checked.filter((claim) => claim === null).length;
}

function removedRemarks({ removed, invisible }: RunState): Claim[] {
  const sentences =
    removed === 0
      ? null
      : removed === 1
        ? "One sentence was removed because its quotes did not show what it said."
        : `${removed} sentences were removed because their quotes did not show what they said.`;
  return [sentences, describeRemovedCharacters(invisible, "what the model wrote")].flatMap((said) =>
    said === null ? [] : [remark(said)],
  );
}

function tally(checked: CheckedSentence[]): Record<Verdict, number> {
  return countVerdicts(checked.flatMap((claim) => (claim === null ? [] : [claim.verdict])));
}
