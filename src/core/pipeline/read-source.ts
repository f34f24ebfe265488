import { collapseWhitespace } from "../../common/collapse-whitespace.js";
import { msg } from "../../common/messages.js";
import { minHash } from "../text/near-duplicates.js";
import { toResearchError, isCancelled, isStopRequest } from "../../common/errors.js";
import { textFormat, splitPassages, type Passage } from "../text/passages.js";
import type { SearchHit } from "../domain/ports.js";
import { createQuoteLocator, isTooShort, type QuoteLocation } from "../evidence/locate-quote.js";
import { isNameHeading } from "../text/entry-name.js";
import { joinHeadings, splitHeadings } from "../text/heading-trail.js";
import { rankPassages } from "../text/rank-passages.js";
import type { Reading } from "../domain/reading.js";
import type { StepTask } from "../domain/step-task.js";
import type { Extraction } from "../prompts/extract.js";
import { numberUnits, rangeOfUnits } from "../prompts/numbered-units.js";
import { askModelOrFallback, noteShortfall, stopReason, type RunState } from "./run-state.js";
import { authorityOfPlace } from "./source-authority.js";
import { hostOf, type ComparableSource } from "./source-identity.js";
import {
  NO_USAGE,
  Source,
  formatLocation,
  isLocalLocation,
  type Evidence,
  type SourceLocation,
  type Question,
} from "../domain/schema.js";

/** What an outline is shown of a quote. */
const MAX_CLAIM_CHARACTERS = 300;

/** A heading that is longer is no name. */
const MAX_HEADING_LINE = 320;

/** A source as it was read, with the evidence that was found in it. */
export interface SourceWithEvidence extends ComparableSource {
  found: (Omit<Evidence, "id" | "source"> & { check: Evidence["check"] })[];
}

/**
 * Reads and keeps one source, once in a run: the first pages are read while the plan is still made.
 * @throws ResearchError where it cannot be read
 */
export function readOnce(run: RunState, place: SourceLocation): Promise<Source> {
  const { steps, reader, snapshots, clock } = run.ports;
  // Key by the exact URL: if two URLs lead to the same page, the result must not depend on which is read first.
  const key = JSON.stringify(place);
  const begun =
    run.reads.get(key) ??
    steps.run({
      kind: "read",
      task: { type: "read", place },
      input: { place },
      outcome: Source,
      work: async () => {
        const reading = await reader.read(place, run.signal);
        const { address, readAt = clock.now() } = reading;
        const cited: SourceLocation =
          address === undefined || place.kind !== "page" ? place : { kind: "page", url: address };
        const kept = await snapshots.keep(cited, reading, readAt);
        return { value: withAuthority(kept, reading), usage: NO_USAGE, by: place.kind };
      },
      // A snapshot that was lost or changed is taken anew: reading costs nothing.
      holds: (kept) => snapshots.has(kept),
    });
  run.reads.set(key, begun);
  // Avoid an unhandled rejection; callers that await `begun` still get the error.
  begun.catch(() => undefined);
  return begun;
}

/** A source with whose word it is, where that is known. */
export function withAuthority(source: Source, { authority }: Pick<Reading, "authority">): Source {
  const known = authority ?? authorityOfPlace(source.place);
  return known === null ? source : { ...source, authority: known };
}

/** A source that is being read: what it is stands before its evidence was found. */
export interface SourceReading {
  /** The source itself; null where it cannot be read. */
  source: Promise<ComparableSource | null>;
  /** The source with its evidence; null where either cannot be had. */
  whole: Promise<SourceWithEvidence | null>;
}

/** Reads, keeps and extracts one source. */
export function readSource(run: RunState, hit: SearchHit, questions: Question[]): SourceReading {
  const { snapshots, clock, emit } = run.ports;
  const { place } = hit;
  const where = formatLocation(place);
  const fail = (error: unknown): null => {
    run.signal.throwIfAborted();
    if (isCancelled(error)) throw error;
    const why = toResearchError(error, "unreadable", msg`Reading ${where} failed`);
    emit({ type: "source", state: "failed", place, title: hit.title, error: why.text });
    if (isStopRequest(why)) noteShortfall(run, stopReason(why));
    else if (run.ask.pages.includes(where))
      noteShortfall(run, msg`A page that you named was not read: ${why.text}`);
    else if (run.ask.sites?.includes(where) === true)
      noteShortfall(run, msg`A site that you named was not read: ${why.text}`);
    return null;
  };
  const read = async (): Promise<{ source: Source; text: string }> => {
    const source = await readOnce(run, place);
    emit({ type: "source", state: "read", place, title: source.title, sha256: source.sha256 });
    return { source, text: await snapshots.text(source) };
  };
  const extract = async (source: Source, text: string): Promise<SourceWithEvidence["found"]> => {
    await clock.turn();
    const { found, dropped } = await extractEvidence(run, source, text, questions);
    emit({ type: "evidence", place, kept: found.length, dropped });
    return found;
  };
  const reading = read().catch(fail);
  const extracting = reading.then((kept) =>
    kept === null ? null : extract(kept.source, kept.text).catch(fail),
  );
  // The model is asked first, and the text compared while it answers.
  const comparing = reading.then(async (kept) => {
    if (kept === null) return null;
    await clock.turn();
    await clock.turn();
    return {
      source: kept.source,
      sketch: minHash(kept.text, isLocalLocation(place) ? "" : hostOf(place.url)),
    };
  });
  const whole = Promise.all([comparing, extracting]).then(([kept, found]) =>
    kept === null || found === null ? null : { ...kept, found },
  );
  for (const each of [comparing, whole]) each.catch(() => undefined);
  return { source: comparing, whole };
}

/**
 * Asks for claims with the quotes that show them. A model points at numbered parts of the text, so that its quotes are
 * exact; a quote that was copied (by the offline engine, or in a journal of an earlier version) is looked for in it.
 */
export async function extractEvidence(
  run: RunState,
  source: Source,
  text: string,
  questions: Question[],
): Promise<{ found: SourceWithEvidence["found"]; dropped: number }> {
  const task: StepTask = { type: "extract", title: source.title };
  const asked = questions.map(({ id, question }) => ({ id, question }));
  const best = bestPassages(source, text, questions, run.ports.model.extractCharacters);
  if (best.length === 0) return { found: [], dropped: 0 };
  const input = {
    questions: asked,
    title: source.title,
    format: textFormat(source.place),
    passages: best.map(({ heading, text: body, start }) => ({
      heading,
      text: body,
      ...nameAbove(text, start),
    })),
    missed: [] as string[],
  };
  const first = await askModelOrFallback(run, "extract", input, task);
  const find = createQuoteLocator(text);
  const units = numberUnits(input);
  const found: SourceWithEvidence["found"] = [];
  const unfound = first.value.claims.filter((claim) => !keep(claim));
  const missed = unfound.flatMap((claim) => ("quote" in claim ? [claim.quote] : []));
  if (missed.length > 0) {
    // Asked once more, with what was copied wrongly; what then still does not stand there is dropped and counted.
    const again = await askModelOrFallback(run, "extract", { ...input, missed }, task);
    const dropped = again.value.claims.filter((claim) => !keep(claim)).length;
    const given = again.value.claims.length - dropped;
    return { found: sorted(found), dropped: Math.max(dropped, unfound.length - given) };
  }
  return { found: sorted(found), dropped: unfound.length };

  function locate(claim: Extraction["claims"][number]): QuoteLocation | null {
    if ("quote" in claim) return isTooShort(claim.quote) ? null : find(claim.quote);
    const [first = 0, last = first] = claim.parts;
    const range = rangeOfUnits(units, first, last);
    const start = range === null ? undefined : best[range.passage]?.start;
    if (range === null || start === undefined) return null;
    const located = { start: start + range.start, end: start + range.end, check: "exact" as const };
    return isTooShort(text.slice(located.start, located.end)) ? null : located;
  }

  function keep(claim: Extraction["claims"][number]): boolean {
    const located = locate(claim);
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
          isLocalLocation(source.place) && source.pages === null
            ? lineRange(text, located, source.lines)
            : null,
        pages: source.pages === null ? null : lineRange(text, located, source.pages),
        ...headingsAt(best, located),
        claim: collapseWhitespace(claim.claim ?? "") || cutQuote(text.slice(located.start, located.end)),
        questions: about,
      });
    }
    return true;
  }
}

/** The line of a heading that is a name, and what parts it from the passage right below it. */
function nameAbove(text: string, start: number): { above?: string } {
  const before = text.slice(Math.max(0, start - MAX_HEADING_LINE), start);
  const line = before.trimEnd().split("\n").at(-1) ?? "";
  const name = /^#{1,6} (.*)$/.exec(line)?.[1];
  if (name === undefined || !isNameHeading(name)) return {};
  return { above: before.slice(before.lastIndexOf(line)) };
}

/** A quote as its own claim, in one line. */
function cutQuote(quote: string): string {
  const line = collapseWhitespace(quote);
  return line.length <= MAX_CLAIM_CHARACTERS ? line : `${line.slice(0, MAX_CLAIM_CHARACTERS)}…`;
}

function sorted(found: SourceWithEvidence["found"]): SourceWithEvidence["found"] {
  return [...found].sort((a, b) => a.start - b.start || a.end - b.end);
}

function bestPassages(source: Source, text: string, questions: Question[], characters: number): Passage[] {
  const all = splitPassages(text, textFormat(source.place));
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

/** First and last line, 1-based, of [start, end); `lines` maps the text's lines to the file's. */
export function lineRange(
  text: string,
  { start, end }: { start: number; end: number },
  lines: number[] | null,
): [number, number] {
  const first = text.slice(0, start).split("\n").length;
  const last = first + text.slice(start, end).split("\n").length - 1;
  return lines === null ? [first, last] : [lines[first - 1] ?? first, lines[last - 1] ?? last];
}

/** The nearest heading above a quote, and those above that: its passage's trail. */
function headingsAt(passages: Passage[], quote: QuoteLocation): Pick<Evidence, "heading" | "under"> {
  // A quote may begin with the heading above its passage.
  const passage = passages.find((each) => each.start < quote.end && quote.start < each.end);
  const trail = splitHeadings(passage?.heading ?? "");
  const heading = trail.pop() ?? "";
  return { heading, ...(trail.length === 0 ? {} : { under: joinHeadings(trail) }) };
}
