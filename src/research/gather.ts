import { asResearchError, isCancelled } from "./errors.js";
import { deepClean } from "./invisible.js";
import { isCopy, sketchOf, type Sketch } from "./copies.js";
import { Found, type Hit } from "./ports.js";
import { passages, type Passage } from "./passages.js";
import { isTooShort, locate } from "./quote.js";
import { rankPassages } from "./rank.js";
import { askOrSpare, fallShort, type Run } from "./run.js";
import { Source, type Evidence, type Place, type Question } from "./schema.js";

/** What has been gathered so far; sources and evidence stand in an order that a replay repeats. */
export interface Gathered {
  sources: Source[];
  /** What tells a copy of each source; in step with `sources`. */
  sketches: Sketch[];
  evidence: Evidence[];
  /** Keys of places that were tried, read or not. */
  tried: Set<string>;
}

/** The share of the sources that is kept for the gaps, where another round may follow. */
const FOR_GAPS = 0.3;

/**
 * One address for what is the same place: no fragment, no tracking parameters, no trailing slash,
 * no "www.", no index page, https.
 */
export function placeKey(place: Place): string {
  if (place.kind === "workspace") return `workspace:${place.path}`;
  try {
    const url = new URL(place.url);
    url.hash = "";
    // Of one site with and without "www.", and over http and https, there is one.
    url.hostname = url.hostname.replace(/^www\./, "");
    if (url.protocol === "http:" && url.port === "") url.protocol = "https:";
    url.pathname = url.pathname.replace(/\/index\.(?:html?|php)$/i, "/");
    for (const name of [...url.searchParams.keys()]) {
      if (/^(utm_\w+|gclid|fbclid|msclkid|dclid|yclid|igshid|mc_[ce]id|ref_src|_ga)$/i.test(name))
        url.searchParams.delete(name);
    }
    url.searchParams.sort();
    return `${place.kind}:${url.href.replace(/\/$/, "")}`;
  } catch {
    return `${place.kind}:${place.url}`;
  }
}

/** Asks every search for one question. A search that fails is told and left out, not fatal. */
export async function searchFor(run: Run, question: Question): Promise<Found[]> {
  const { searches, steps, emit } = run.ports;
  return Promise.all(
    searches.map(async (search): Promise<Found> => {
      // Twice the sources that may be read: some will not open, some are copies.
      const limit = run.ask.maxSources * 2;
      try {
        const answer = await steps.run({
          kind: "search",
          label: `Searching ${search.name}: ${question.question}`,
          input: { search: search.name, question: question.question, query: question.query, limit },
          outcome: Found,
          work: () => search.search(question, limit, run.signal),
        });
        const found = deepClean(answer).value;
        const count = found.hits.length + (found.grounded?.pages.length ?? 0);
        emit({ type: "searched", question: question.question, search: search.name, found: count });
        return found;
      } catch (error) {
        run.signal.throwIfAborted();
        if (isCancelled(error)) throw error;
        const why = asResearchError(error, "unreachable", `Searching ${search.name} failed`);
        fallShort(run, `Searching ${search.name} failed: ${why.line}`);
        return { hits: [], grounded: null };
      }
    }),
  );
}

/**
 * Gathers for all questions at once: search, read, keep, extract, each thing as soon as what it
 * needs is there. Reads at most `maxSources` in all. Which sources are read depends on the answers
 * alone and not on which came first, so a resumed run goes the same way.
 *
 * @param targets the questions of this round; `questions` all of them, for extraction
 * @param more whether another round may follow, for which some sources are kept
 * @param early searches that were started before the plan was there
 */
export async function gather(
  run: Run,
  before: Gathered,
  targets: Question[],
  questions: Question[],
  more: boolean,
  early = new Map<string, Promise<Found[]>>(),
): Promise<Gathered> {
  const gathered: Gathered = {
    sources: [...before.sources],
    sketches: [...before.sketches],
    evidence: [...before.evidence],
    tried: new Set(before.tried),
  };
  const named: Hit[] =
    before.tried.size === 0
      ? run.ask.pages.map((url): Hit => ({ place: { kind: "page", url }, title: url }))
      : [];
  if (named.length > run.ask.maxSources) {
    fallShort(
      run,
      `Only the first ${run.ask.maxSources} of the ${named.length} pages that you named were read.`,
    );
  }
  const namedKeys = new Set(named.slice(0, run.ask.maxSources).map(({ place }) => placeKey(place)));
  const most = run.ask.maxSources - (more ? Math.floor(run.ask.maxSources * FOR_GAPS) : 0);
  const room = Math.max(0, most - gathered.sources.length - namedKeys.size);

  // Every question reads its share at once, without waiting for the others' searches.
  const reading = new Map<string, Promise<ReadSource | null>>();
  const read = (hit: Hit): Promise<ReadSource | null> => {
    const key = placeKey(hit.place);
    const begun = reading.get(key) ?? readSource(run, hit, questions);
    reading.set(key, begun);
    return begun;
  };
  const namedReads = Promise.all(named.slice(0, run.ask.maxSources).map(read));
  const lists = await Promise.all(
    targets.map(async (question, index) => {
      const found = await (early.get(question.id) ?? searchFor(run, question));
      const hits = interleave(found.map((each) => each.hits)).filter(
        ({ place }) => !gathered.tried.has(placeKey(place)) && !namedKeys.has(placeKey(place)),
      );
      const grounded = found.flatMap((each) => each.grounded ?? []);
      const share = shareOf(index, targets.length, room);
      // Where Google answers and there are files to read too, each gets half.
      const toRead = grounded.length === 0 ? share : hits.length === 0 ? 0 : Math.floor(share / 2);
      await Promise.all(distinct(hits).slice(0, toRead).map(read));
      return { hits: distinct(hits), grounded, share: share - toRead, question };
    }),
  );
  await namedReads;

  // Grounded answers count as sources too, first and in the order of the questions.
  for (const { grounded, share, question } of lists) {
    for (const answer of grounded) addGrounded(run, gathered, answer, question, share);
  }

  // What the shares left over (copies, doubles, pages that did not open) goes to the next best hits.
  const order = [...named.slice(0, run.ask.maxSources), ...interleave(lists.map(({ hits }) => hits))];
  for (;;) {
    const results = await Promise.all(reading.values());
    const fresh: ReadSource[] = [];
    for (const result of results) {
      if (result === null || isKnown(gathered, result)) continue;
      if (!fresh.some((each) => isSame(each, result))) fresh.push(result);
    }
    const left = most - gathered.sources.length - fresh.length;
    const next = distinct(order).filter(({ place }) => !reading.has(placeKey(place)));
    if (left <= 0 || next.length === 0) break;
    await Promise.all(next.slice(0, left).map(read));
  }

  // Only now is anything numbered, in the order of the questions and ranks.
  for (const hit of distinct(order)) {
    const key = placeKey(hit.place);
    const result = await reading.get(key);
    if (result === undefined) continue;
    gathered.tried.add(key);
    if (result !== null) addRead(run, gathered, result);
  }
  return gathered;
}

/** How many sources the `index`-th of `count` questions may read at once when `room` are left. */
function shareOf(index: number, count: number, room: number): number {
  return Math.floor(room / count) + (index < room % count ? 1 : 0);
}

function interleave<T>(lists: T[][]): T[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, rank) =>
    lists.flatMap((list) => list.slice(rank, rank + 1)),
  ).flat();
}

function distinct(hits: Hit[]): Hit[] {
  const seen = new Set<string>();
  return hits.filter(({ place }) => {
    const key = placeKey(place);
    return !seen.has(key) && seen.add(key);
  });
}

interface ReadSource {
  source: Source;
  sketch: Sketch;
  found: (Omit<Evidence, "id" | "source"> & { check: Evidence["check"] })[];
}

/** Reads, keeps and extracts one source; null where it cannot be read. */
async function readSource(run: Run, hit: Hit, questions: Question[]): Promise<ReadSource | null> {
  const { steps, reader, snapshots, clock, emit } = run.ports;
  const { place } = hit;
  const where = place.kind === "workspace" ? place.path : place.url;
  try {
    const source = await steps.run({
      kind: "read",
      label: `Reading ${where}`,
      input: { place },
      outcome: Source,
      work: async () => {
        const reading = await reader.read(place, run.signal);
        const kept = await snapshots.keep(place, reading, clock.now());
        return { value: kept, usage: { in: 0, out: 0, usd: 0 }, by: place.kind };
      },
    });
    emit({ type: "source", state: "read", place, title: source.title });
    const text = await snapshots.text(source);
    const { found, dropped } = await extract(run, source, text, questions);
    emit({ type: "evidence", place, kept: found.length, dropped });
    return { source, sketch: sketchOf(text, place.kind === "workspace" ? "" : hostOf(place.url)), found };
  } catch (error) {
    run.signal.throwIfAborted();
    if (isCancelled(error)) throw error;
    const why = asResearchError(error, "unreadable", `Reading ${where} failed`);
    emit({ type: "source", state: "failed", place, title: hit.title, error: why.line });
    if (run.ask.pages.includes(where)) fallShort(run, `A page that you named was not read: ${why.line}`);
    return null;
  }
}

/** Has claims with quotes taken out of a text, and keeps those whose quote code finds in it. */
async function extract(
  run: Run,
  source: Source,
  text: string,
  questions: Question[],
): Promise<{ found: ReadSource["found"]; dropped: number }> {
  const label = `Extracting from ${source.title}`;
  const asked = questions.map(({ id, question }) => ({ id, question }));
  const best = bestPassages(source, text, questions, run.ports.model.extractCharacters);
  if (best.length === 0) return { found: [], dropped: 0 };
  const input = {
    questions: asked,
    title: source.title,
    format: formatOf(source.place),
    passages: best.map(({ heading, text: body }) => ({ heading, text: body })),
    missed: [] as string[],
  };
  const first = await askOrSpare(run, "extract", input, label);
  const found: ReadSource["found"] = [];
  const missed = first.value.claims.filter((claim) => !keep(claim));
  if (missed.length > 0) {
    // Asked once more, with what did not stand there; what then still does not is dropped and counted.
    const again = await askOrSpare(
      run,
      "extract",
      { ...input, missed: missed.map(({ quote }) => quote) },
      label,
    );
    const dropped = again.value.claims.filter((claim) => !keep(claim)).length;
    const given = again.value.claims.length - dropped;
    return { found: sorted(found), dropped: Math.max(dropped, missed.length - given) };
  }
  return { found: sorted(found), dropped: 0 };

  function keep(claim: (typeof first.value.claims)[number]): boolean {
    const located = isTooShort(claim.quote) ? null : locate(claim.quote, text);
    if (located === null) return false;
    const known = found.find(({ start, end }) => start === located.start && end === located.end);
    const about = claim.questions.filter((id) => asked.some((each) => each.id === id));
    if (known !== undefined) {
      known.questions = [...new Set([...known.questions, ...about])].sort();
    } else {
      found.push({
        quote: text.slice(located.start, located.end),
        ...located,
        lines:
          source.place.kind === "workspace" && source.pages === null
            ? linesOf(text, located, source.lines)
            : null,
        pages: source.pages === null ? null : linesOf(text, located, source.pages),
        heading: headingAt(best, located.start),
        claim: claim.claim.replace(/\s+/g, " ").trim(),
        questions: about,
      });
    }
    return true;
  }
}

function sorted(found: ReadSource["found"]): ReadSource["found"] {
  return [...found].sort((a, b) => a.start - b.start || a.end - b.end);
}

function bestPassages(source: Source, text: string, questions: Question[], characters: number): Passage[] {
  const all = passages(text, formatOf(source.place));
  if (text.length <= characters) return all;
  const ranked = rankPassages(
    all,
    questions.map(({ question, query }) => `${question} ${query}`),
  );
  const chosen: Passage[] = [];
  let length = 0;
  for (const passage of ranked) {
    if (length > 0 && length + passage.text.length > characters) continue;
    chosen.push(passage);
    length += passage.text.length;
  }
  return chosen.sort((a, b) => a.start - b.start);
}

const PROSE = /\.(md|markdown|mdx|html?|xhtml|rst|adoc|txt|text)$/i;

/** How a source's text is built, by where it came from: pages come as Markdown-like text. */
export function formatOf(place: Place): "markdown" | "code" | "text" {
  if (place.kind !== "workspace") return "markdown";
  if (/\.(txt|text|pdf)$/i.test(place.path) || !/\.[^/]+$/.test(place.path)) return "text";
  return PROSE.test(place.path) ? "markdown" : "code";
}

/** First and last line, 1-based, of [start, end); `lines` maps the text's lines to the file's. */
function linesOf(
  text: string,
  { start, end }: { start: number; end: number },
  lines: number[] | null,
): [number, number] {
  const first = text.slice(0, start).split("\n").length;
  const last = first + text.slice(start, end).split("\n").length - 1;
  return lines === null ? [first, last] : [lines[first - 1] ?? first, lines[last - 1] ?? last];
}

/** The nearest heading above a quote: the last one of its passage's trail. */
function headingAt(passages: Passage[], start: number): string {
  const passage = passages.find((each) => each.start <= start && start < each.end);
  return passage?.heading.split(" > ").at(-1) ?? "";
}

/** True where the same text is a source already, or the address that the page gives as its own is. */
function isKnown({ sources, sketches }: Gathered, read: ReadSource): boolean {
  return sources.some((source, index) => {
    const sketch = sketches[index];
    return sketch !== undefined && isSame({ source, sketch }, read);
  });
}

type Compared = Pick<ReadSource, "source" | "sketch">;

function isSame(one: Compared, other: Compared): boolean {
  if (one.source.textSha256 !== null && one.source.textSha256 === other.source.textSha256) return true;
  if (one.source.place.kind !== other.source.place.kind) return false;
  return ownKey(one.source) === ownKey(other.source) || isCopy(one.sketch, other.sketch);
}

/** The address that a page gives as its own counts where it is of the same host: others could claim anything. */
function ownKey({ place, canonical }: Source): string {
  if (place.kind !== "page" || canonical === null || hostOf(canonical) !== hostOf(place.url))
    return placeKey(place);
  const isFrontPage = new URL(canonical).pathname === "/";
  return isFrontPage ? placeKey(place) : placeKey({ kind: "page", url: canonical });
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host.replace(/^www\./, "") : "";
}

function addRead(run: Run, gathered: Gathered, read: ReadSource): void {
  const { source, sketch, found } = read;
  if (isKnown(gathered, read)) {
    run.ports.emit({ type: "source", state: "duplicate", place: source.place, title: source.title });
    return;
  }
  gathered.sources.push(source);
  gathered.sketches.push(sketch);
  for (const each of found) {
    gathered.evidence.push({
      ...each,
      id: `e${gathered.evidence.length + 1}`,
      source: gathered.sources.length - 1,
    });
  }
}

/** Adds what Google vouches for: each span is a quote of its first page. At most `share` pages are taken. */
function addGrounded(
  run: Run,
  gathered: Gathered,
  grounded: NonNullable<Found["grounded"]>,
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
    gathered.sketches.push(sketchOf("", hostOf(url)));
    gathered.sources.push({
      place: { kind: "grounded", url },
      title,
      readAt: run.ask.startedAt.toISOString(),
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
    const quote = text.replace(/\s+/g, " ").trim();
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
