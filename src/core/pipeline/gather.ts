import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { msg, type Message } from "../../common/messages.js";
import { minHash, type MinHashSketch } from "../text/near-duplicates.js";
import { toResearchError, isCancelled, isStopRequest } from "../../common/errors.js";
import { removeInvisibleDeep } from "../../common/invisible-characters.js";
import {
  isPaidSearch,
  SearchResult,
  type SearchHit,
  type Search,
  type Step,
  type Steps,
} from "../domain/ports.js";
import { isTooShort } from "../evidence/locate-quote.js";
import {
  extractEvidence,
  readOnce,
  readSource,
  type SourceReading,
  type SourceWithEvidence,
} from "./read-source.js";
import type { QuestionState } from "../domain/events.js";
import { mergeByRank, mergeInTurns, uniqueByLocation } from "./merge-hits.js";
import { noteLimit, noteShortfall, stopReason, type RunState } from "./run-state.js";
import { hostOf, isSameSource, canonicalLocationKey, type ComparableSource } from "./source-identity.js";
import {
  DEPTHS,
  formatLocation,
  type Evidence,
  type GoogleAnswer,
  type Question,
  type Source,
  type SourceLocation,
} from "../domain/schema.js";
import { toGoogleAnswer } from "../report/google-answers.js";
import { SOURCES_PER_ADDED_QUESTION } from "./steering.js";

/** What has been gathered so far; sources and evidence stand in an order that a replay repeats. */
export interface EvidencePool {
  sources: Source[];
  /** Fingerprints for detecting copies, parallel to `sources`. */
  sketches: MinHashSketch[];
  evidence: Evidence[];
  /** Keys of places that were tried, read or not. */
  tried: Set<string>;
  /** What Google said, apart from the evidence. */
  google: GoogleAnswer[];
}

/** The share of the sources that is kept for the gaps, where another round may follow. */
const FOR_GAPS = 0.3;

/**
 * Asks the searches for one question, in each of its wordings: all of them, or those of the kinds that the plan chose. A
 * search that fails is not fatal: the report's limits name it or, where nothing else found anything, it is why the report
 * is partial.
 */
export async function searchQuestion(run: RunState, question: Question): Promise<FoundHits[]> {
  const asked = searchesFor(run.ports.searches, question).flatMap((search) => {
    const queries = search.usesQueryVariants ? [question.query, ...(question.also ?? [])] : [question.query];
    return queries.map((query) => searchOnce(run, search, { ...question, query }));
  });
  const found = await Promise.all(asked);
  const isFound = found.some(({ hits, grounded }) => hits.length > 0 || grounded !== null);
  for (const { failure } of found) {
    if (failure === undefined) continue;
    if (isFound && run.ask.earlierMethod !== true) noteLimit(run, failure);
    else noteShortfall(run, failure);
  }
  return found;
}

/** The searches of the kinds that the plan chose for a question; all, where it chose none that is there. */
function searchesFor(searches: readonly Search[], { sources }: Question): readonly Search[] {
  if (sources === undefined) return searches;
  const chosen = searches.filter(({ covers }) => covers !== undefined && sources.includes(covers));
  if (chosen.length === 0) return searches;
  return searches.filter((search) => search.covers === undefined || chosen.includes(search));
}

async function searchOnce(run: RunState, search: Search, question: Question): Promise<FoundHits> {
  const { steps, emit } = run.ports;
  // Twice the sources that may be read: some will not open, some are copies.
  const limit = run.ask.maxSources * 2;
  const step: Step<SearchResult> = {
    kind: "search",
    task: { type: "search", search: search.id, question: question.question },
    input: { search: search.id, question: question.question, query: question.query, limit },
    outcome: SearchResult,
    free: !isPaidSearch(search),
    isTransient: search.keeps !== "hits",
    work: () => search.search(question, limit, run.signal),
  };
  try {
    const answer = await steps.run(step);
    const found = removeInvisibleDeep(search.keeps === "hits" ? answer : withoutTitles(answer)).value;
    const count = found.hits.length + (found.grounded?.pages.length ?? 0);
    emit({ type: "searched", question: question.question, search: search.id, found: count });
    for (const file of found.unread ?? []) run.unread.add(file);
    const failure = describeFailedEngines(search.id, found);
    const answered = failure === null ? found : { ...found, failure };
    return search.keeps === "hits"
      ? answered
      : { ...answered, record: recordReadHits(steps, step, search.keeps) };
  } catch (error) {
    run.signal.throwIfAborted();
    if (isCancelled(error)) throw error;
    const why = toResearchError(error, "unreachable", msg`Searching ${search.id} failed`);
    if (isStopRequest(why)) {
      noteShortfall(run, stopReason(why));
      return { hits: [], grounded: null };
    }
    return { hits: [], grounded: null, failure: msg`Searching ${search.id} failed: ${why.text}` };
  }
}

/** What a search found, and how what may be kept of it is recorded once its pages were read; absent: it is. */
export interface FoundHits extends SearchResult {
  /** Why the search, or a part of it, found nothing; absent: it did not fail. */
  failure?: Message;
  /** @param isRead whether a place was read @returns what a replay of the search finds */
  record?: (isRead: (place: SourceLocation) => boolean) => Promise<SearchResult>;
}

/** Records the addresses that were read in an order that says nothing of their ranks. */
function recordReadHits(
  steps: Steps,
  step: Step<SearchResult>,
  keeps: Search["keeps"],
): NonNullable<FoundHits["record"]> {
  return async (isRead) => {
    const { hits, grounded } = withoutTitles(await steps.run(step));
    const kept = hits
      .filter(({ place }) => keeps === "urls" && isRead(place))
      .sort((a, b) => (a.title < b.title ? -1 : 1));
    await steps.record(step, { hits: kept, grounded: null });
    return { hits: kept, grounded };
  };
}

/** Hits that are called by their addresses: their provider's titles may stand in no log and no record. */
function withoutTitles(found: SearchResult): SearchResult {
  return { ...found, hits: found.hits.map(({ place }) => ({ place, title: formatLocation(place) })) };
}

/** Names the engines that did not answer: where nothing was found, they may be why. Null where all did. */
function describeFailedEngines(search: string, { failedEngines = [] }: SearchResult): Message | null {
  if (failedEngines.length === 0) return null;
  return msg`Some engines of ${search} did not answer: ${failedEngines.join(", ")}.`;
}

/** How one round is gathered. */
export interface GatherOptions {
  round: number;
  /** Maximum number of sources after this round, including those of earlier rounds. */
  most: number;
  /** Searches that were started before the plan was there. */
  early?: ReadonlyMap<string, Promise<FoundHits[]>>;
  /** Questions that the user left out: nothing is done for them, and nothing is used that is about them alone. */
  skipped?: ReadonlySet<string>;
}

/**
 * Searches, reads, stores and extracts for all questions in parallel, up to `most` sources in all.
 * The choice of sources depends only on the answers, not on timing, so that a resumed run repeats it.
 *
 * @param targets the questions of this round; `questions` all of them, for extraction: one that is left
 *   out stays among both, so that what was asked before it was left out is not asked again
 */
export async function gather(
  run: RunState,
  before: EvidencePool,
  targets: Question[],
  questions: Question[],
  { round, most, early = new Map(), skipped = new Set() }: GatherOptions,
): Promise<EvidencePool> {
  const tell = ({ id, question }: Question, state: QuestionState): void =>
    run.ports.emit({ type: "question", id, question, round, state });
  const gathered: EvidencePool = {
    sources: [...before.sources],
    sketches: [...before.sketches],
    evidence: [...before.evidence],
    tried: new Set(before.tried),
    google: [...before.google],
  };
  const named: SearchHit[] =
    before.tried.size === 0
      ? run.ask.pages.map((url): SearchHit => ({ place: { kind: "page", url }, title: url }))
      : [];
  if (named.length > run.ask.maxSources) {
    noteShortfall(
      run,
      msg`Only the first ${run.ask.maxSources} of the ${named.length} pages that you named were read.`,
    );
  }
  const planned: SearchHit[] =
    before.tried.size === 0
      ? run.planPages.map((url): SearchHit => ({ place: { kind: "page", url }, title: url }))
      : [];
  const namedKeys = new Set(
    named.slice(0, run.ask.maxSources).map(({ place }) => canonicalLocationKey(place)),
  );
  const room = Math.max(0, most - gathered.sources.length - namedKeys.size);

  // Every question reads its share at once, without waiting for the others' searches.
  const reading = new Map<string, SourceReading & { where: string }>();
  const read = (hit: SearchHit): SourceReading => {
    const key = canonicalLocationKey(hit.place);
    const begun = reading.get(key) ?? {
      where: formatLocation(hit.place),
      ...readSource(run, hit, questions),
    };
    reading.set(key, begun);
    return begun;
  };
  const mergeHits = (index: number, found: readonly SearchResult[]): SearchHit[] => {
    // The plan's pages are hits of the user's own question.
    const lists = [...(index === 0 ? [planned] : []), ...found.map((each) => each.hits)];
    return mergeLists(run, lists).filter(
      ({ place }) =>
        !gathered.tried.has(canonicalLocationKey(place)) && !namedKeys.has(canonicalLocationKey(place)),
    );
  };
  for (const hit of named.slice(0, run.ask.maxSources)) read(hit);
  const lists = await Promise.all(
    targets.map(async (question, index) => {
      if (skipped.has(question.id)) {
        tell(question, "skipped");
        return { hits: [], found: [], grounded: [], share: 0, question };
      }
      tell(question, "searching");
      const found = await (early.get(question.id) ?? searchQuestion(run, question));
      const hits = mergeHits(index, found);
      const grounded = found.flatMap((each) => each.grounded ?? []);
      const share = shareOf(index, targets.length, room);
      const toRead = sourcesToRead(run, share, hits.length, grounded.length);
      tell(question, "reading");
      const reads = hits.slice(0, toRead).map((hit) => read(hit).whole);
      void Promise.all(reads).then(
        () => tell(question, "read"),
        () => undefined,
      );
      return { hits, found, grounded, share: share - toRead, question };
    }),
  );

  for (const { grounded, share, question } of lists) {
    for (const answer of grounded) {
      // In sessions of earlier versions, they count as sources too, first and in the order of the questions.
      if (run.ask.earlierMethod === true) addGroundedAnswer(run, gathered, answer, question, share);
      else gathered.google.push(toGoogleAnswer(question.question, answer));
    }
  }

  // What the shares left over (copies, doubles, pages that did not open) goes to the next best hits.
  const order = uniqueByLocation([
    ...named.slice(0, run.ask.maxSources),
    ...mergeInTurns(lists.map(({ hits }) => hits)),
  ]);
  for (const hit of order) {
    const key = canonicalLocationKey(hit.place);
    const begun = reading.get(key);
    // Of two addresses of one page the first in this order counts, whichever was found first.
    if (begun !== undefined && begun.where !== formatLocation(hit.place)) {
      reading.delete(key);
      read(hit);
    }
  }
  // Copies are known before their evidence is; a source whose evidence cannot be had is replaced after that.
  await readFurther(({ source }) => source);
  await readFurther(({ whole }) => whole);

  async function readFurther(
    resultOf: (reading: SourceReading) => Promise<ComparableSource | null>,
  ): Promise<void> {
    for (;;) {
      const results = new Map(
        await Promise.all(
          [...reading].map(async ([key, each]): Promise<[string, ComparableSource | null]> => [
            key,
            await resultOf(each),
          ]),
        ),
      );
      const fresh: ComparableSource[] = [];
      // Deduplicate in rank order, not arrival order: which copy is kept affects later comparisons.
      for (const { place } of order) {
        const result = results.get(canonicalLocationKey(place)) ?? null;
        if (result === null || isKnown(gathered, result)) continue;
        if (!fresh.some((each) => isSameSource(each, result))) fresh.push(result);
      }
      const left = most - gathered.sources.length - fresh.length;
      const next = order.filter(({ place }) => !reading.has(canonicalLocationKey(place)));
      if (left <= 0 || next.length === 0) return;
      for (const hit of next.slice(0, left)) read(hit);
    }
  }

  const unread = await Promise.all(
    planned.map(async ({ place }) => (await reading.get(canonicalLocationKey(place))?.whole) === null),
  );
  const dropped = unread.filter(Boolean).length;
  if (dropped > 0) {
    const message = msg`${dropped} of the ${planned.length} pages that the plan named could not be read.`;
    run.ports.emit({ type: "notice", message });
  }

  const readPlaces = new Set(gathered.sources.map(({ place }) => canonicalLocationKey(place)));
  for (const [key, begun] of reading) if ((await begun.whole) !== null) readPlaces.add(key);
  const isRead = (place: SourceLocation): boolean => readPlaces.has(canonicalLocationKey(place));
  const final = await Promise.all(
    lists.map(async ({ found, hits }, index) => {
      if (found.every(({ record }) => record === undefined)) return hits;
      const recorded = found.map(async (each) => (await each.record?.(isRead)) ?? each);
      return mergeHits(index, await Promise.all(recorded));
    }),
  );
  for (const hit of uniqueByLocation([...named.slice(0, run.ask.maxSources), ...mergeInTurns(final)])) {
    const key = canonicalLocationKey(hit.place);
    const result = await reading.get(key)?.whole;
    if (result === undefined) continue;
    gathered.tried.add(key);
    if (result !== null) addRead(run, gathered, result, skipped);
  }
  return gathered;
}

/**
 * Searches for the user's own question while the plan is still made, and begins to read what it will
 * read of it whatever the plan says.
 */
export async function prefetchFirstSearch(run: RunState, own: Question): Promise<FoundHits[]> {
  const found = await searchQuestion(run, own);
  const { questions, rounds } = DEPTHS[run.ask.depth];
  const named = new Set(
    run.ask.pages.slice(0, run.ask.maxSources).map((url) => canonicalLocationKey({ kind: "page", url })),
  );
  const room = Math.max(0, sourceLimit(run, rounds > 1) - named.size);
  const lists = found.map((each) => each.hits);
  const hits = mergeLists(run, lists).filter(({ place }) => !named.has(canonicalLocationKey(place)));
  const grounded = found.filter((each) => each.grounded !== null);
  const share = Math.floor(room / (questions + 1));
  for (const { place } of hits.slice(0, sourcesToRead(run, share, hits.length, grounded.length))) {
    void readOnce(run, place).catch(() => undefined);
  }
  return found;
}

/**
 * Gathers for a question that the user added: from the best of what was read already, which was not yet
 * asked about it, and from some sources of its own where there is room for them.
 */
export async function gatherForAddedQuestion(
  run: RunState,
  before: EvidencePool,
  question: Question,
  questions: Question[],
  { round, skipped = new Set() }: Pick<GatherOptions, "round" | "skipped">,
): Promise<EvidencePool> {
  const { id } = question;
  run.ports.emit({ type: "question", id, question: question.question, round, state: "searching" });
  const answers = await searchQuestion(run, question);
  const hits = mergeLists(
    run,
    answers.map((each) => each.hits),
  );
  const indexOf = ({ place }: SearchHit): number =>
    before.sources.findIndex((source) => canonicalLocationKey(source.place) === canonicalLocationKey(place));
  // Ranks that may not be kept must not decide, either: a replay does not know them.
  const isRankKept = answers.every(({ record }) => record === undefined);
  const known = (
    isRankKept
      ? hits.slice(0, SOURCES_PER_ADDED_QUESTION).map(indexOf)
      : hits.map(indexOf).sort((a, b) => a - b)
  )
    .filter((index) => index >= 0)
    .slice(0, SOURCES_PER_ADDED_QUESTION);
  const gathered = { ...before, evidence: [...before.evidence] };
  const found = await Promise.all(known.map((index) => extractAgain(run, before.sources[index], question)));
  for (const [n, source] of known.entries()) {
    for (const each of found[n] ?? []) addEvidence(gathered.evidence, source, each);
  }
  const { maxSources } = run.ask;
  const own = Math.max(1, SOURCES_PER_ADDED_QUESTION - known.length);
  const most = Math.min(maxSources, before.sources.length + own);
  if (most === before.sources.length) {
    run.ports.emit({
      type: "notice",
      message: msg`“${question.question}” was added after the limit of ${maxSources} sources was reached. It will be answered from the sources already read.`,
    });
  }
  const early = new Map([[id, Promise.resolve(answers)]]);
  return gather(run, gathered, [question], questions, { round, most, early, skipped });
}

/** What a source that was read before says about one more question; nothing where it can no longer be had. */
async function extractAgain(
  run: RunState,
  source: Source | undefined,
  question: Question,
): Promise<SourceWithEvidence["found"]> {
  if (source === undefined) return [];
  try {
    const text = await run.ports.snapshots.text(source);
    return (await extractEvidence(run, source, text, [question])).found;
  } catch (error) {
    run.signal.throwIfAborted();
    if (isCancelled(error)) throw error;
    return [];
  }
}

/** A quote that is there already is about the other question, too. */
function addEvidence(evidence: Evidence[], source: number, found: SourceWithEvidence["found"][number]): void {
  const same = evidence.findIndex(
    (each) => each.source === source && each.start === found.start && each.end === found.end,
  );
  const known = evidence[same];
  if (known === undefined) evidence.push({ ...found, id: `e${evidence.length + 1}`, source });
  else
    evidence[same] = { ...known, questions: [...new Set([...known.questions, ...found.questions])].sort() };
}

/** How many sources may be read in a round; `more` where another may follow. */
export function sourceLimit({ ask }: RunState, more: boolean): number {
  return ask.maxSources - (more ? Math.floor(ask.maxSources * FOR_GAPS) : 0);
}

/** Of a question's share: in sessions of earlier versions, Google's answers get half of it. */
function sourcesToRead({ ask }: RunState, share: number, hits: number, grounded: number): number {
  return grounded === 0 || ask.earlierMethod !== true ? share : hits === 0 ? 0 : Math.floor(share / 2);
}

/** How many sources the `index`-th of `count` questions may read at once when `room` are left. */
function shareOf(index: number, count: number, room: number): number {
  return Math.floor(room / count) + (index < room % count ? 1 : 0);
}

/** The hits of one question's searches as one list, best first. */
function mergeLists({ ask }: RunState, lists: SearchHit[][]): SearchHit[] {
  return ask.earlierMethod === true ? mergeInTurns(lists) : mergeByRank(lists);
}

/** True where the same text is a source already, or the address that the page gives as its own is. */
function isKnown({ sources, sketches }: EvidencePool, read: ComparableSource): boolean {
  return sources.some((source, index) => {
    const sketch = sketches[index];
    return sketch !== undefined && isSameSource({ source, sketch }, read);
  });
}

function addRead(
  run: RunState,
  gathered: EvidencePool,
  read: SourceWithEvidence,
  skipped: ReadonlySet<string>,
): void {
  const { source, sketch, found } = read;
  if (isKnown(gathered, read)) {
    const { place, title, sha256 } = source;
    run.ports.emit({ type: "source", state: "duplicate", place, title, sha256 });
    return;
  }
  gathered.sources.push(source);
  gathered.sketches.push(sketch);
  for (const each of found) {
    const about = each.questions.filter((id) => !skipped.has(id));
    if (about.length === 0 && each.questions.length > 0) continue;
    gathered.evidence.push({
      ...each,
      questions: about,
      id: `e${gathered.evidence.length + 1}`,
      source: gathered.sources.length - 1,
    });
  }
}

/** Adds what Google vouches for: each span is a quote of its first page. At most `share` pages are taken. */
export function addGroundedAnswer(
  run: RunState,
  gathered: EvidencePool,
  grounded: NonNullable<SearchResult["grounded"]>,
  question: Question,
  share: number,
): void {
  let taken = 0;
  const indexOf = (page: number): number | null => {
    const { url, title } = grounded.pages[page] ?? { url: "", title: "" };
    if (url === "") return null;
    const known = gathered.sources.findIndex(({ place }) => place.kind === "grounded" && place.url === url);
    if (known >= 0) return known;
    if (taken >= share || gathered.sources.length >= run.ask.maxSources) return null;
    taken++;
    gathered.sketches.push(minHash("", hostOf(url)));
    gathered.sources.push({
      place: { kind: "grounded", url },
      title,
      // The answer is as old as the run: nothing else says when Google read the page.
      readAt: `${run.ask.day}T00:00:00.000Z`,
      sha256: null,
      textSha256: null,
      commit: null,
      lines: null,
      pages: null,
      canonical: null,
      queries: grounded.queries,
      warnings: [],
    });
    run.ports.emit({ type: "source", state: "read", place: { kind: "grounded", url }, title });
    return gathered.sources.length - 1;
  };
  for (const { text, pages } of grounded.spans) {
    const quote = collapseWhitespace(text);
    const source = pages.map(indexOf).find((index) => index !== null) ?? null;
    if (source === null || isTooShort(quote)) continue;
    const known = gathered.evidence.find((each) => each.source === source && each.quote === quote);
    if (known !== undefined) continue;
    gathered.evidence.push({
      id: `e${gathered.evidence.length + 1}`,
      source,
      quote,
      start: 0,
      end: 0,
      check: "grounded",
      lines: null,
      pages: null,
      heading: "",
      claim: quote,
      questions: [question.id],
    });
  }
}
