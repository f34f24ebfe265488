import { msg } from "../../common/messages.js";
import { ResearchError } from "../../common/errors.js";
import { findFencedLines, maskInline } from "../text/markdown-mask.js";
import { quoteFromMarkdown, sentenceFromMarkdown } from "../text/markdown-escape.js";
import { GOOGLE_HEADING } from "./google-answers.js";
import { parseBlockAbove, type ParsedBlock } from "./parse-blocks.js";
import { parseAuthority } from "./authority-line.js";
import type { SourceAuthority, Verdict } from "../domain/schema.js";
import { findVerdictMarks } from "./verdict-marks.js";
import { findIndexFrom, findLinkTargets } from "../text/linear-search.js";

/** A range in the report. Lines are 1-based, columns 0-based in UTF-16 units; `end` is exclusive. */
export interface TextRange {
  line: number;
  start: number;
  endLine: number;
  end: number;
}

/** A report parsed from its Markdown: what can be checked, with locations. */
export interface ParsedReport {
  /** Front matter, by field name. */
  fields: Map<string, string>;
  /** Sentences and table rows with citations, in text order. */
  sentences: ParsedSentence[];
  /** All citations of those sentences, in text order. */
  citations: ParsedCitation[];
  sources: Map<number, ParsedSource>;
  /** First and last 1-based line of what Google Search says; null where the report has no such section. */
  google: { line: number; endLine: number } | null;
  /** 1-based lines of the title, of the "Sources" heading, and of the first line after the front matter. */
  lines: { title: number | null; sources: number; body: number };
}

/** A sentence or table row with the citations that follow it. */
export interface ParsedSentence extends TextRange {
  /** Plain text. */
  text: string;
  row: boolean;
  citations: ParsedCitation[];
  /** The verdict that the report states; null if the sentence is plainly supported. */
  mark: ParsedMark | null;
  /** The block above a line of only citations, which stands in place of a sentence; null for a sentence or row. */
  block: ParsedBlock | null;
}

/** The verdict that a report shows for a sentence: a supported one has no mark. */
export function shownVerdict({ mark }: Pick<ParsedSentence, "mark">): Verdict {
  return mark?.verdict ?? "supported";
}

interface ParsedMark extends TextRange {
  verdict: Verdict;
  reason: string;
}

export interface ParsedCitation extends TextRange {
  /** "S.Q", or "S" for a grounded source. */
  n: string;
  source: number;
  quote: number | null;
  /** Source number in the link target; must equal `source`. */
  target: number;
  /** Plain text of the sentence or table row it follows. */
  sentence: string;
  /** True if the report marks the sentence as not plainly supported. */
  marked: boolean;
  /** First column after "[[S.Q]]", where the link target begins. */
  labelEnd: number;
}

export interface ParsedSource extends TextRange {
  title: string;
  /** The page's URL as linked in the report; null for files. */
  url: string | null;
  /** Day on which the source was read, as stated in the report; null if not stated. */
  readOn: string | null;
  /** Snapshot path relative to the report, decoded, and its full SHA-256; null if there is none. */
  snapshot: { path: string; sha256: string } | null;
  /** Location of the snapshot line. */
  snapshotAt: TextRange | null;
  grounded: boolean;
  /** Whose word it is; null if not stated. */
  authority: SourceAuthority | null;
  /** The workspace file, relative to the report and decoded, and the cited ranges; null for pages. */
  file: { path: string; ranges: LineRange[] } | null;
  quotes: string[];
  /** Range of each quote, without its quotation marks. */
  quotesAt: TextRange[];
}

/** First and last line or page, 1-based. */
export interface LineRange {
  counts: "lines" | "pages";
  first: number;
  last: number;
}

/** Matches in a masked line. */
const CITATION = /\[\[(\d{1,9})(?:\.(\d{1,9}))?\]\]\(#source-(\d{1,9})\)/g;

/**
 * Parses a Deep Research report, with LF or CRLF line ends.
 * @throws ResearchError "bad-report" if the front matter or the list of sources is missing
 */
export function parseReport(markdown: string): ParsedReport {
  const lines = splitReportLines(markdown).map((line) => (isLong(line) ? "" : line));
  const front = readFields(lines);
  const { fields, body } = front ?? { fields: new Map<string, string>(), body: 0 };
  const { isFenced } = findFencedLines(lines, body);
  // Trailing white space is invisible, so it must not change the result.
  const sourcesAt = lines.findLastIndex(
    (line, index) =>
      line.startsWith("## Sources") && line.trimEnd() === "## Sources" && isFenced[index] !== true,
  );
  if (front === null || !fields.has("session") || sourcesAt < body) {
    throw new ResearchError(
      "bad-report",
      msg`This is not a Deep Research report: its front matter or its sources are missing.`,
    );
  }
  const isBody = (index: number): boolean => index >= body && index < sourcesAt && isFenced[index] !== true;
  const sources = readSources(lines, sourcesAt + 1);
  const sentences = lines.flatMap((line, index) => {
    const found = isBody(index) ? readSentences(line, index + 1) : [];
    return found.map((each) =>
      isOnlyCitations(each, line) ? withBlock(each, lines, isFenced, sources) : each,
    );
  });
  const title = lines.findIndex((line, index) => isBody(index) && line.startsWith("# "));
  return {
    fields,
    sentences,
    citations: sentences.flatMap(({ citations }) => citations),
    sources,
    google: findGoogleSection(lines, isBody, sourcesAt),
    lines: { title: title < 0 ? null : title + 1, sources: sourcesAt + 1, body: body + 1 },
  };
}

/** The section from its heading up to the next one of its level. */
function findGoogleSection(
  lines: string[],
  isBody: (index: number) => boolean,
  sourcesAt: number,
): ParsedReport["google"] {
  const from = lines.findLastIndex(
    (line, index) => isBody(index) && line.trimEnd() === `## ${GOOGLE_HEADING}`,
  );
  if (from < 0) return null;
  const next = findIndexFrom(lines, from + 1, (line, index) => isBody(index) && /^##? /.test(line));
  return { line: from + 1, endLine: next < 0 ? sourcesAt : next };
}

/** Longer lines are not parsed: our reports have none. In characters. */
export const LONGEST_LINE = 100_000;

function isLong(line: string): boolean {
  return line.length > LONGEST_LINE;
}

/** Ranges of the lines that are too long to be parsed. */
export function findLongLines(markdown: string): TextRange[] {
  return splitReportLines(markdown).flatMap((text, index) =>
    isLong(text) ? [{ line: index + 1, start: 0, endLine: index + 1, end: text.length }] : [],
  );
}

/** Splits a report into lines, without BOM and line ends. */
export function splitReportLines(markdown: string): string[] {
  return markdown
    .replace(/^\ufeff/, "")
    .replaceAll("\r\n", "\n")
    .split("\n");
}

function readFields(lines: string[]): { fields: Map<string, string>; body: number } | null {
  if (lines[0]?.trimEnd() !== "---") return null;
  const end = lines.findIndex(
    (line, index) => index > 0 && line.startsWith("---") && line.trimEnd() === "---",
  );
  if (end < 0) return null;
  const fields = new Map<string, string>();
  for (const line of lines.slice(1, end)) {
    const [, name, value] = /^(\w+): (.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) fields.set(name, parseScalar(value.trimEnd()));
  }
  return { fields, body: end + 1 };
}

/** Parses the value of a front matter field. */
export function parseScalar(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}

/** Text between two citations starts a new sentence once it contains a letter or digit. */
const HAS_CONTENT = /[\p{L}\p{N}]/u;

function readSentences(line: string, number: number): ParsedSentence[] {
  if (!line.includes("[[")) return [];
  const { text: masked } = maskInline(line);
  const found = [...masked.matchAll(CITATION)];
  if (found.length === 0) return [];
  const isRow = line.startsWith("|");
  const marks = readMarks(line, masked, number);
  const sentenceGroups: { from: number; to: number; mark: ParsedMark | null; found: RegExpExecArray[] }[] =
    [];
  let at = 0;
  let next = 0;
  const markIn = (from: number, to: number): ParsedMark | null => {
    while ((marks[next]?.start ?? Infinity) < from) next++;
    const mark = marks[next];
    return mark !== undefined && mark.end <= to ? mark : null;
  };
  for (const each of found) {
    const open = sentenceGroups.at(-1);
    const mark = open === undefined ? null : markIn(at, each.index);
    const from = mark?.end ?? at;
    if (open !== undefined) open.mark ??= mark;
    const startsSentence = open === undefined || (!isRow && HAS_CONTENT.test(line.slice(from, each.index)));
    if (startsSentence) sentenceGroups.push({ from, to: each.index, mark: null, found: [each] });
    else open.found.push(each);
    at = each.index + each[0].length;
  }
  const last = sentenceGroups.at(-1);
  if (last !== undefined) last.mark ??= markIn(at, line.length);
  // A mark applies to the sentences before it; sentences without their own use the line's last mark.
  const lineMark = last?.mark ?? null;
  return sentenceGroups.map(({ from, to, mark, found: matches }) => {
    const raw = isRow
      ? removeRanges(line, [...found.map(matchRange), ...marks.slice(0, 1)])
      : line.slice(from, to);
    const text = sentenceFromMarkdown(raw).trim();
    const blanks = /^\s*/.exec(line.slice(from, to))?.[0].length ?? 0;
    const start = isRow ? 0 : Math.min(from + blanks, to);
    const end = isRow ? line.trimEnd().length : line.slice(0, to).trimEnd().length;
    const marked = mark ?? lineMark;
    return {
      text,
      row: isRow,
      line: number,
      start,
      endLine: number,
      end: Math.max(start, end),
      mark: marked,
      block: null,
      citations: matches.map((each) => {
        const [whole, source, quote, target] = each;
        const first = each.index;
        return {
          n: quote === undefined ? `${Number(source)}` : `${Number(source)}.${Number(quote)}`,
          source: Number(source),
          quote: quote === undefined ? null : Number(quote),
          target: Number(target),
          sentence: text,
          marked: marked !== null,
          line: number,
          start: first,
          endLine: number,
          end: first + whole.length,
          labelEnd: first + whole.indexOf("]](") + 2,
        };
      }),
    };
  });
}

/** Whether a line holds one group of citations, with its mark if it has one, and nothing else. */
function isOnlyCitations({ text, row, citations, mark }: ParsedSentence, line: string): boolean {
  if (row || text !== "") return false;
  return removeRanges(line, [...citations, ...(mark === null ? [] : [mark])]).trim() === "";
}

/** Gives a line of only citations the block above it, whose text stands in place of a sentence. */
function withBlock(
  sentence: ParsedSentence,
  lines: string[],
  isFenced: boolean[],
  sources: Map<number, ParsedSource>,
): ParsedSentence {
  // Each quote once: a line may cite one quote thousands of times.
  const quotes = new Set(
    sentence.citations.flatMap(({ source, quote }) =>
      quote === null ? [] : (sources.get(source)?.quotes[quote - 1] ?? []),
    ),
  );
  const block = parseBlockAbove(lines, isFenced, sentence.line - 1, [...quotes]);
  if (block === null) return sentence;
  const { text } = block;
  const end = sentence.mark?.end ?? sentence.citations.at(-1)?.end ?? sentence.end;
  const citations = sentence.citations.map((citation) => ({ ...citation, sentence: text }));
  return { ...sentence, text, end, block, citations };
}

function matchRange({ index, 0: whole }: RegExpExecArray): { start: number; end: number } {
  return { start: index, end: index + whole.length };
}

function removeRanges(line: string, stretches: { start: number; end: number }[]): string {
  let text = "";
  let at = 0;
  for (const { start, end } of stretches.toSorted((a, b) => a.start - b.start)) {
    text += line.slice(at, Math.max(at, start));
    at = Math.max(at, end);
  }
  return text + line.slice(at);
}

function readMarks(line: string, masked: string, number: number): ParsedMark[] {
  return findVerdictMarks(masked).map(({ verdict, inner, start, end }) => ({
    verdict,
    reason: sentenceFromMarkdown(line.slice(end - 2 - inner.length, end - 2)),
    line: number,
    start,
    endLine: number,
    end,
  }));
}

const GROUNDED = "Found with Google Search, not re-checkable:";
/** A link whose text may contain escaped brackets. */
const TITLE = /^\[((?:\\.|[^\\\]])*)\]\(([^)\s]+)\)/;
const HEADING = /^### Source (\d{1,9})$/;

function readSources(lines: string[], from: number): Map<number, ParsedSource> {
  const sources = new Map<number, ParsedSource>();
  let current: ParsedSource | null = null;
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const number = at + 1;
    const whole = { line: number, start: 0, endLine: number, end: line.length };
    const heading = line.startsWith("### ") ? HEADING.exec(line.trimEnd()) : null;
    if (heading !== null) {
      current = {
        ...whole,
        title: "",
        url: null,
        readOn: null,
        snapshot: null,
        snapshotAt: null,
        grounded: false,
        authority: null,
        file: null,
        quotes: [],
        quotesAt: [],
      };
      sources.set(Number(heading[1]), current);
      continue;
    }
    if (current === null) continue;
    if (line.trim() !== "") {
      current.endLine = number;
      current.end = line.length;
    }
    if (current.quotes.length === 0) readHead(current, line);
    const snapshot = !line.startsWith("[")
      ? null
      : /^\[Snapshot\]\(([^)]+)\), SHA-256 `([0-9a-f]{64})`\.$/.exec(line.trimEnd());
    if (snapshot?.[1] !== undefined && snapshot[2] !== undefined) {
      current.snapshot = { path: decodeLinkTarget(snapshot[1]), sha256: snapshot[2] };
      current.snapshotAt = whole;
    }
    const item = /^(\d{1,9})\. "(.*)$/.exec(line.trimEnd());
    if (item !== null && Number(item[1]) === current.quotes.length + 1) {
      // A hard break continues the quote on the next line.
      const quoteLines = [item[2] ?? ""];
      while (endsInHardBreak(quoteLines.at(-1) ?? "") && at + 1 < lines.length)
        quoteLines.push(lines[++at]?.trimEnd() ?? "");
      current.quotes.push(quoteFromMarkdown(quoteLines.join("\n").replace(/"$/, "")));
      const last = lines[at]?.trimEnd() ?? "";
      current.endLine = at + 1;
      current.end = last.length;
      current.quotesAt.push({
        line: number,
        start: line.indexOf('"') + 1,
        endLine: at + 1,
        end: last.replace(/"$/, "").length,
      });
    }
  }
  return sources;
}

/** True if the text ends in an odd number of backslashes; an even number is escaped. */
function endsInHardBreak(text: string): boolean {
  let count = 0;
  while (text.charAt(text.length - 1 - count) === "\\") count++;
  return count % 2 === 1;
}

/** Reads the lines between a source's heading and its quotes. */
function readHead(source: ParsedSource, line: string): void {
  if (line.startsWith(GROUNDED)) source.grounded = true;
  source.authority ??= parseAuthority(line);
  const isSnapshot = line.startsWith("[Snapshot]");
  const link = TITLE.exec(line.startsWith(GROUNDED) ? line.slice(GROUNDED.length + 1) : line);
  if (link !== null && !isSnapshot && source.title === "") {
    source.title = quoteFromMarkdown(link[1] ?? "");
    if (/^https?:/i.test(link[2] ?? "")) source.url = link[2] ?? null;
    source.readOn = /, read on (\d{4}-\d{2}-\d{2})\.$/.exec(line.trimEnd())?.[1] ?? null;
  }
  source.file ??= readFileLinks(line);
}

/** The ranges linked in a source's first line, if the links lead to a workspace file. */
function readFileLinks(line: string): ParsedSource["file"] {
  if (!line.startsWith("[") || line.startsWith("[Snapshot]")) return null;
  const targets = findLinkTargets(line).map(({ target }) => target);
  const [first] = targets;
  if (first === undefined || /^[a-z][a-z0-9+.-]*:/i.test(first)) return null;
  const ranges = targets.flatMap((target): LineRange[] => {
    const [, from, to] = /#L(\d+)(?:-L(\d+))?$/.exec(target) ?? [];
    const [, page] = /#page=(\d+)$/.exec(target) ?? [];
    if (from !== undefined) return [{ counts: "lines", first: Number(from), last: Number(to ?? from) }];
    return page === undefined ? [] : [{ counts: "pages", first: Number(page), last: Number(page) }];
  });
  return { path: decodeLinkTarget(first.replace(/#[^]*$/, "")), ranges };
}

/** A link's target without percent signs; one that is no valid encoding stays as it is. */
export function decodeLinkTarget(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}
