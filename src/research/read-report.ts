import { quoteFromMarkdown, sentenceFromMarkdown } from "./markdown.js";
import { ResearchError } from "./errors.js";

/** A report read back from its Markdown: what can be checked in it. */
export interface ReadReport {
  /** The front matter, name to value. */
  fields: Map<string, string>;
  citations: ReadCitation[];
  sources: Map<number, ReadSource>;
}

export interface ReadCitation {
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
  /** 1-based line in the report. */
  line: number;
}

export interface ReadSource {
  /** Path of the snapshot relative to the report, decoded, and the whole hash; null if there is none. */
  snapshot: { path: string; sha256: string } | null;
  grounded: boolean;
  /** The workspace file that it is, relative to the report and decoded, and where in it; null for pages. */
  file: { path: string; ranges: Range[] } | null;
  quotes: string[];
}

/** First and last line, or page, 1-based. */
export interface Range {
  counts: "lines" | "pages";
  first: number;
  last: number;
}

const CITATION = /(?<!\\)\[\[(\d+)(?:\.(\d+))?\]\]\(#source-(\d+)\)/g;
const MARK = /\*\((?:qualified|contradicted|unsupported|not checked)(?:: .*)?\)\*/;

/**
 * Reads a report of ours, with LF or CRLF line ends.
 * @throws ResearchError "bad-report" if it has no front matter of ours or no list of sources
 */
export function readReport(markdown: string): ReadReport {
  const lines = markdown
    .replace(/^\ufeff/, "")
    .replaceAll("\r\n", "\n")
    .split("\n");
  const fields = readFields(lines);
  const sourcesAt = lines.lastIndexOf("## Sources");
  if (fields === null || !fields.has("session") || sourcesAt < 0) {
    throw new ResearchError(
      "bad-report",
      "This is not a Deep Research report: its front matter or its sources are missing.",
    );
  }
  return {
    fields,
    citations: lines.slice(0, sourcesAt).flatMap((line, index) => readCitations(line, index + 1)),
    sources: readSources(lines.slice(sourcesAt + 1)),
  };
}

function readFields(lines: string[]): Map<string, string> | null {
  if (lines[0] !== "---") return null;
  const end = lines.indexOf("---", 1);
  if (end < 0) return null;
  const fields = new Map<string, string>();
  for (const line of lines.slice(1, end)) {
    const [, name, value] = /^(\w+): (.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) fields.set(name, readScalar(value));
  }
  return fields;
}

function readScalar(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}

function readCitations(line: string, number: number): ReadCitation[] {
  const found = [...line.matchAll(CITATION)];
  const first = found[0];
  if (first === undefined) return [];
  const isRow = line.startsWith("|");
  const text = isRow ? line.replace(CITATION, "").replace(MARK, "") : line.slice(0, first.index);
  return found.map(([, source, quote, target]) => ({
    n: quote === undefined ? `${source}` : `${source}.${quote}`,
    source: Number(source),
    quote: quote === undefined ? null : Number(quote),
    target: Number(target),
    sentence: sentenceFromMarkdown(text).trim(),
    marked: MARK.test(line),
    line: number,
  }));
}

function readSources(lines: string[]): Map<number, ReadSource> {
  const sources = new Map<number, ReadSource>();
  let current: ReadSource | null = null;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const heading = /^### Source (\d+)$/.exec(line);
    if (heading !== null) {
      current = { snapshot: null, grounded: false, file: null, quotes: [] };
      sources.set(Number(heading[1]), current);
      continue;
    }
    if (current === null) continue;
    if (line.startsWith("Found with Google Search, not re-checkable:")) current.grounded = true;
    if (current.file === null && current.quotes.length === 0) current.file = readFileLinks(line);
    const snapshot = /^\[Snapshot\]\(([^)]+)\), SHA-256 `([0-9a-f]{64})`\.$/.exec(line);
    if (snapshot?.[1] !== undefined && snapshot[2] !== undefined) {
      current.snapshot = { path: decoded(snapshot[1]), sha256: snapshot[2] };
    }
    const item = /^(\d+)\. "(.*)$/.exec(line);
    if (item !== null && Number(item[1]) === current.quotes.length + 1) {
      // A line that ends in a hard break goes on in the next one.
      let text = item[2] ?? "";
      while (/(?<!\\)(?:\\\\)*\\$/.test(text) && at + 1 < lines.length) text += `\n${lines[++at] ?? ""}`;
      current.quotes.push(quoteFromMarkdown(text.replace(/"$/, "")));
    }
  }
  return sources;
}

const LINK = /(?<!\\)\]\(([^)\s]+)\)/g;

/** The links of a source's first line, if they lead to one file of the workspace. */
function readFileLinks(line: string): ReadSource["file"] {
  if (!line.startsWith("[") || line.startsWith("[Snapshot]")) return null;
  const targets = Array.from(line.matchAll(LINK), ([, target = ""]) => target);
  const [first] = targets;
  if (first === undefined || /^[a-z][a-z0-9+.-]*:/i.test(first)) return null;
  const ranges = targets.flatMap((target): Range[] => {
    const [, from, to] = /#L(\d+)(?:-L(\d+))?$/.exec(target) ?? [];
    const [, page] = /#page=(\d+)$/.exec(target) ?? [];
    if (from !== undefined) return [{ counts: "lines", first: Number(from), last: Number(to ?? from) }];
    return page === undefined ? [] : [{ counts: "pages", first: Number(page), last: Number(page) }];
  });
  return { path: decoded(first.replace(/#.*$/, "")), ranges };
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}
