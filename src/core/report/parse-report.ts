import { ResearchError } from "../../common/errors.js";
import { findFencedLines, maskInline } from "../text/markdown-mask.js";
import { quoteFromMarkdown, sentenceFromMarkdown } from "../text/markdown-escape.js";
import type { Verdict } from "../domain/schema.js";
import { findVerdictMarks } from "./verdict-marks.js";
import { findLinkTargets } from "../text/linear-search.js";

/** A stretch of the report: lines are 1-based, columns 0-based in UTF-16 units; `end` is the first column behind it. */
export interface TextRange {
  line: number;
  start: number;
  endLine: number;
  end: number;
}

/** A report read back from its Markdown: what can be checked in it, and where it stands. */
export interface ParsedReport {
  /** The front matter, name to value. */
  fields: Map<string, string>;
  /** The sentences and table rows that cite something, in the order of the text. */
  sentences: ParsedSentence[];
  /** All their citations, in the order of the text. */
  citations: ParsedCitation[];
  sources: Map<number, ParsedSource>;
  /** 1-based line of the title, of the heading of the sources, and of the first one behind the front matter. */
  lines: { title: number | null; sources: number; body: number };
}

/** A sentence or a table row with the citations behind it. */
export interface ParsedSentence extends TextRange {
  /** As plain text. */
  text: string;
  row: boolean;
  citations: ParsedCitation[];
  /** What the report itself says of it, where it is not plainly supported. */
  mark: ParsedMark | null;
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
  /** The number in the link's target, which must be the source's. */
  target: number;
  /** The sentence or the table row that it stands behind, as plain text. */
  sentence: string;
  /** True where the report says itself that the sentence is not plainly supported. */
  marked: boolean;
  /** First column behind "[[S.Q]]", where the link's target begins. */
  labelEnd: number;
}

export interface ParsedSource extends TextRange {
  title: string;
  /** The page's address as the report links to it; null for files. */
  url: string | null;
  /** The day on which it was read, as the report says it; null where it does not. */
  readOn: string | null;
  /** Path of the snapshot relative to the report, decoded, and the whole hash; null if there is none. */
  snapshot: { path: string; sha256: string } | null;
  /** Where the report names the snapshot. */
  snapshotAt: TextRange | null;
  grounded: boolean;
  /** The workspace file that it is, relative to the report and decoded, and where in it; null for pages. */
  file: { path: string; ranges: LineRange[] } | null;
  quotes: string[];
  /** Where each quote stands, without its quotation marks. */
  quotesAt: TextRange[];
}

/** First and last line, or page, 1-based. */
export interface LineRange {
  counts: "lines" | "pages";
  first: number;
  last: number;
}

/** In a masked line. */
const CITATION = /\[\[(\d{1,9})(?:\.(\d{1,9}))?\]\]\(#source-(\d{1,9})\)/g;

/**
 * Reads a report of ours, with LF or CRLF line ends.
 * @throws ResearchError "bad-report" if it has no front matter of ours or no list of sources
 */
export function parseReport(markdown: string): ParsedReport {
  const lines = splitReportLines(markdown).map((line) => (isLong(line) ? "" : line));
  const front = readFields(lines);
  const { fields, body } = front ?? { fields: new Map<string, string>(), body: 0 };
  const { isFenced } = findFencedLines(lines, body);
  // White space at a line's end is shown by nobody: what puts it there, or takes it away, changes nothing.
  const sourcesAt = lines.findLastIndex(
    (line, index) =>
      line.startsWith("## Sources") && line.trimEnd() === "## Sources" && isFenced[index] !== true,
  );
  if (front === null || !fields.has("session") || sourcesAt < body) {
    throw new ResearchError(
      "bad-report",
      "This is not a Deep Research report: its front matter or its sources are missing.",
    );
  }
  const isBody = (index: number): boolean => index >= body && index < sourcesAt && isFenced[index] !== true;
  const sentences = lines.flatMap((line, index) => (isBody(index) ? readSentences(line, index + 1) : []));
  const title = lines.findIndex((line, index) => isBody(index) && line.startsWith("# "));
  return {
    fields,
    sentences,
    citations: sentences.flatMap(({ citations }) => citations),
    sources: readSources(lines, sourcesAt + 1),
    lines: { title: title < 0 ? null : title + 1, sources: sourcesAt + 1, body: body + 1 },
  };
}

/** A line with more characters than this is not read: no report of ours has one. */
export const LONGEST_LINE = 100_000;

function isLong(line: string): boolean {
  return line.length > LONGEST_LINE;
}

/** The lines of a report that are too long to be read. */
export function findLongLines(markdown: string): TextRange[] {
  return splitReportLines(markdown).flatMap((text, index) =>
    isLong(text) ? [{ line: index + 1, start: 0, endLine: index + 1, end: text.length }] : [],
  );
}

/** The lines of a report, without their ends. */
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

/** The value of a field of the front matter. */
export function parseScalar(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}

/** What stands between two citations, or behind the last one, belongs to a sentence of its own once it says something. */
const SAYS = /[\p{L}\p{N}]/u;

function readSentences(line: string, number: number): ParsedSentence[] {
  if (!line.includes("[[")) return [];
  const { text: masked } = maskInline(line);
  const found = [...masked.matchAll(CITATION)];
  if (found.length === 0) return [];
  const isRow = line.startsWith("|");
  const marks = readMarks(line, masked, number);
  const groups: { from: number; to: number; mark: ParsedMark | null; found: RegExpExecArray[] }[] = [];
  let at = 0;
  let next = 0;
  const markIn = (from: number, to: number): ParsedMark | null => {
    while ((marks[next]?.start ?? Infinity) < from) next++;
    const mark = marks[next];
    return mark !== undefined && mark.end <= to ? mark : null;
  };
  for (const each of found) {
    const open = groups.at(-1);
    const mark = open === undefined ? null : markIn(at, each.index);
    const from = mark?.end ?? at;
    if (open !== undefined) open.mark ??= mark;
    const isNew = open === undefined || (!isRow && SAYS.test(line.slice(from, each.index)));
    if (isNew) groups.push({ from, to: each.index, mark: null, found: [each] });
    else open.found.push(each);
    at = each.index + each[0].length;
  }
  const last = groups.at(-1);
  if (last !== undefined) last.mark ??= markIn(at, line.length);
  // A mark stands behind the sentences that it is about: what has none of its own goes by the line's last.
  const lineMark = last?.mark ?? null;
  return groups.map(({ from, to, mark, found: own }) => {
    const raw = isRow
      ? withoutStretches(line, [...found.map(stretchOf), ...marks.slice(0, 1)])
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
      citations: own.map((each) => {
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

function stretchOf({ index, 0: whole }: RegExpExecArray): { start: number; end: number } {
  return { start: index, end: index + whole.length };
}

function withoutStretches(line: string, stretches: { start: number; end: number }[]): string {
  let text = "";
  let at = 0;
  for (const { start, end } of stretches.toSorted((a, b) => a.start - b.start)) {
    text += line.slice(at, Math.max(at, start));
    at = Math.max(at, end);
  }
  return text + line.slice(at);
}

/** The marks of a line, in order. */
function readMarks(line: string, masked: string, number: number): ParsedMark[] {
  return findVerdictMarks(masked).map(({ words, inner, start, end }) => ({
    verdict: words.replace(" ", "-") as Verdict,
    reason: sentenceFromMarkdown(line.slice(end - 2 - inner.length, end - 2)),
    line: number,
    start,
    endLine: number,
    end,
  }));
}

const GROUNDED = "Found with Google Search, not re-checkable:";
/** A link whose text may hold escaped brackets. */
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
      current.snapshot = { path: decoded(snapshot[1]), sha256: snapshot[2] };
      current.snapshotAt = whole;
    }
    const item = /^(\d{1,9})\. "(.*)$/.exec(line.trimEnd());
    if (item !== null && Number(item[1]) === current.quotes.length + 1) {
      // A line that ends in a hard break goes on in the next one.
      const written = [item[2] ?? ""];
      while (endsInHardBreak(written.at(-1) ?? "") && at + 1 < lines.length)
        written.push(lines[++at]?.trimEnd() ?? "");
      current.quotes.push(quoteFromMarkdown(written.join("\n").replace(/"$/, "")));
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

/** True where an odd number of backslashes ends a text: an even one is escaped. */
function endsInHardBreak(text: string): boolean {
  let count = 0;
  while (text.charAt(text.length - 1 - count) === "\\") count++;
  return count % 2 === 1;
}

/** What the lines above a source's quotes say of it. */
function readHead(source: ParsedSource, line: string): void {
  if (line.startsWith(GROUNDED)) source.grounded = true;
  const isSnapshot = line.startsWith("[Snapshot]");
  const link = TITLE.exec(line.startsWith(GROUNDED) ? line.slice(GROUNDED.length + 1) : line);
  if (link !== null && !isSnapshot && source.title === "") {
    source.title = quoteFromMarkdown(link[1] ?? "");
    if (/^https?:/i.test(link[2] ?? "")) source.url = link[2] ?? null;
    source.readOn = /, read on (\d{4}-\d{2}-\d{2})\.$/.exec(line.trimEnd())?.[1] ?? null;
  }
  source.file ??= readFileLinks(line);
}

/** The links of a source's first line, if they lead to one file of the workspace. */
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
  return { path: decoded(first.replace(/#[^]*$/, "")), ranges };
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}
