import path from "node:path";
import type { ReportProblem } from "../core/report/findings.js";
import { createQuoteLocator, locateQuote } from "../core/evidence/locate-quote.js";
import type { Reading } from "../core/domain/reading.js";
import type { LineRange, ParsedSource } from "../core/report/parse-report.js";
import { createLineFinder } from "../common/line-finder.js";

/** The current text of a workspace file. The same object as long as the file is unchanged. */
export interface CurrentText extends Pick<Reading, "text" | "lines" | "pages"> {
  /** The file's own text, with the marks of its format; null if `text` is that. Earlier versions quoted it. */
  marked: string | null;
}

/** Reads a workspace file; null if it no longer exists, undefined if it is outside the workspace or inaccessible. */
export type ReadCurrentText = (file: string, signal: AbortSignal) => Promise<CurrentText | null | undefined>;

/** The state of a quote in the current workspace file. */
export interface QuoteStatus {
  /** "moved", "changed" or "gone"; null if it is still in place. */
  problem: ReportProblem | null;
  /** Its current lines, 1-based; null if it is not found. */
  lines: [number, number] | null;
  /** First column and the one after the last, if the searched text is the file's own; else null. */
  columns: [number, number] | null;
  page: number | null;
}

/** Looks for a quote in the current version of its file. */
export function quoteStatus(
  quote: string,
  file: NonNullable<ParsedSource["file"]>,
  now: CurrentText | null,
): QuoteStatus {
  const name = path.posix.basename(file.path.replaceAll("\\", "/"));
  if (now === null)
    return { problem: { kind: "gone", says: [name] }, lines: null, columns: null, page: null };
  const states = viewsOf(now).flatMap((view) => statusIn(quote, file, view, name) ?? []);
  const changed = {
    problem: { kind: "changed" as const, says: [name] },
    lines: null,
    columns: null,
    page: null,
  };
  return states.find(({ problem }) => problem === null) ?? states[0] ?? changed;
}

/** The file's own text first: places in it are exact. */
function viewsOf(now: CurrentText): TextView[] {
  let known = views.get(now);
  if (known === undefined) {
    const { marked, ...shown } = now;
    const own = marked === null ? [] : [{ text: marked, lines: null, pages: null }];
    views.set(now, (known = [...own, shown]));
  }
  return known;
}

/** One of the texts in which a quote may stand. */
type TextView = Omit<CurrentText, "marked">;

const views = new WeakMap<CurrentText, TextView[]>();

/** The state of a quote in one text; null if it is not found there. */
function statusIn(
  quote: string,
  file: NonNullable<ParsedSource["file"]>,
  now: TextView,
  name: string,
): QuoteStatus | null {
  const { find, lineAt } = prepareText(now);
  const found = find(quote);
  if (found === null) return null;
  const first = lineAt(found.start);
  const last = lineAt(Math.max(found.start, found.end - 1));
  const page = now.pages === null ? null : (now.pages[first - 1] ?? 1);
  const lines: [number, number] = [now.lines?.[first - 1] ?? first, now.lines?.[last - 1] ?? last];
  const isInPlace =
    file.ranges.length === 0 ||
    file.ranges.some((range) => isWithin(first, last, now, range) || occursWithin(quote, now, range));
  const where = page === null ? ["line", `${lines[0]}`] : ["page", `${page}`];
  return {
    problem: isInPlace ? null : { kind: "moved", says: [where[1] ?? "", where[0] ?? "", name] },
    lines: page === null ? lines : null,
    columns: now.lines === null ? [columnOf(now.text, found.start), columnOf(now.text, found.end)] : null,
    page,
  };
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** Shared by all quotes of one text. */
interface Prepared {
  find: ReturnType<typeof createQuoteLocator>;
  lineAt: ReturnType<typeof createLineFinder>;
}

const prepared = new WeakMap<TextView, Prepared>();

function prepareText(now: TextView): Prepared {
  let known = prepared.get(now);
  if (known === undefined) {
    prepared.set(now, (known = { find: createQuoteLocator(now.text), lineAt: createLineFinder(now.text) }));
  }
  return known;
}

/** Whether a line of the text is among the lines or pages of a link. */
function isInRange(line: number, { lines, pages }: TextView, { first, last }: LineRange): boolean {
  const at = (pages ?? lines)?.[line - 1] ?? line;
  // A page link names only the first page.
  return at >= first && (pages === null ? at <= last : at <= last + 1);
}

/** True if all lines of the found quote are within the linked range. */
function isWithin(first: number, last: number, now: TextView, range: LineRange): boolean {
  for (let line = first; line <= last; line++) if (!isInRange(line, now, range)) return false;
  return true;
}

/** True if the quote occurs within the linked range, even if it also occurs elsewhere. */
function occursWithin(quote: string, now: TextView, range: LineRange): boolean {
  const linesInRange = now.text.split("\n").filter((_, index) => isInRange(index + 1, now, range));
  return locateQuote(quote, linesInRange.join("\n")) !== null;
}
