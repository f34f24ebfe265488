import path from "node:path";
import type { ReportProblem } from "../core/report/findings.js";
import { createQuoteLocator, locateQuote } from "../core/evidence/locate-quote.js";
import type { Reading } from "../core/domain/reading.js";
import type { LineRange, ParsedSource } from "../core/report/parse-report.js";

/** A workspace file's text as it is today. The same object as long as the file is the same. */
export type CurrentText = Pick<Reading, "text" | "lines" | "pages">;

/** Reads a workspace file; null where it is gone, undefined where it cannot be told: it lies outside, or is out of reach. */
export type ReadCurrentText = (file: string, signal: AbortSignal) => Promise<CurrentText | null | undefined>;

/** What became of a quote of a workspace file. */
export interface QuoteStatus {
  /** "moved", "changed" or "gone"; null where it stands where it stood. */
  problem: ReportProblem | null;
  /** Where it stands in the file now, 1-based; null where it does not. */
  lines: [number, number] | null;
  /** First column, and the one behind the last, where the file's text is what was searched; else null. */
  columns: [number, number] | null;
  page: number | null;
}

/** Holds a quote against its file as it is today. */
export function quoteStatus(
  quote: string,
  file: NonNullable<ParsedSource["file"]>,
  now: CurrentText | null,
): QuoteStatus {
  const name = path.posix.basename(file.path.replaceAll("\\", "/"));
  if (now === null)
    return { problem: { kind: "gone", says: [name] }, lines: null, columns: null, page: null };
  const { find, breaks } = preparedOf(now);
  const found = find(quote);
  if (found === null)
    return { problem: { kind: "changed", says: [name] }, lines: null, columns: null, page: null };
  const first = lineOf(breaks, found.start);
  const last = lineOf(breaks, Math.max(found.start, found.end - 1));
  const page = now.pages === null ? null : (now.pages[first - 1] ?? 1);
  const lines: [number, number] = [now.lines?.[first - 1] ?? first, now.lines?.[last - 1] ?? last];
  const stays =
    file.ranges.length === 0 ||
    file.ranges.some((range) => isWithin(first, last, now, range) || standsIn(quote, now, range));
  const where = page === null ? ["line", `${lines[0]}`] : ["page", `${page}`];
  return {
    problem: stays ? null : { kind: "moved", says: [where[1] ?? "", where[0] ?? "", name] },
    lines: page === null ? lines : null,
    columns: now.lines === null ? [columnOf(now.text, found.start), columnOf(now.text, found.end)] : null,
    page,
  };
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** What many quotes need of one text. */
interface Prepared {
  find: ReturnType<typeof createQuoteLocator>;
  /** Where its line breaks are. */
  breaks: number[];
}

const prepared = new WeakMap<CurrentText, Prepared>();

function preparedOf(now: CurrentText): Prepared {
  let known = prepared.get(now);
  if (known === undefined) {
    const breaks: number[] = [];
    for (let at = now.text.indexOf("\n"); at >= 0; at = now.text.indexOf("\n", at + 1)) breaks.push(at);
    prepared.set(now, (known = { find: createQuoteLocator(now.text), breaks }));
  }
  return known;
}

/** The line, from 1, of a place in a text with these line breaks. */
function lineOf(breaks: number[], offset: number): number {
  let low = 0;
  for (let high = breaks.length; low < high;) {
    const middle = (low + high) >> 1;
    if ((breaks[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}

/** Whether a line of the text is one of the lines, or on one of the pages, of a link. */
function isOf(line: number, { lines, pages }: CurrentText, { first, last }: LineRange): boolean {
  const at = (pages ?? lines)?.[line - 1] ?? line;
  // A link to pages names the first one only.
  return at >= first && (pages === null ? at <= last : at <= last + 1);
}

/** True where all lines that a quote was found in are lines where it stood. */
function isWithin(first: number, last: number, now: CurrentText, range: LineRange): boolean {
  for (let line = first; line <= last; line++) if (!isOf(line, now, range)) return false;
  return true;
}

/** True where the quote stands in the lines or on the pages where it stood, wherever else it stands. */
function standsIn(quote: string, now: CurrentText, range: LineRange): boolean {
  const kept = now.text.split("\n").filter((_, index) => isOf(index + 1, now, range));
  return locateQuote(quote, kept.join("\n")) !== null;
}
