import {
  splitReportLines,
  type ParsedCitation,
  type ParsedReport,
  type ParsedSource,
} from "../../core/report/parse-report.js";
import { quoteToMarkdown, sentenceToMarkdown } from "../../core/text/markdown-escape.js";
import { replaceRanges } from "../../core/text/linear-search.js";
import { livePageUrl, sourceName } from "../report-editor/source-links.js";

/* The text of a report to be pasted elsewhere. Does not depend on VS Code. */

/** "footnotes": each cited quote is a footnote with its source. "none": no citations; the verdicts stay. */
export type CopiedCitations = "footnotes" | "none";

/** The report from its title to its sources, as Markdown without front matter. */
export function copyReportText(markdown: string, read: ParsedReport, citations: CopiedCitations): string {
  const lines = splitReportLines(markdown);
  const first = read.lines.title ?? read.lines.body;
  const cited = new Set<string>();
  const byLine = groupByLine(read);
  const shown = lines.slice(first - 1, read.lines.sources - 1).map((line, index) => {
    const here = byLine.get(first + index) ?? [];
    return replaceRanges(line, here, ({ n, source }) => {
      if (citations === "none" || !read.sources.has(source)) return "";
      cited.add(n);
      return `[^${footnoteName(n)}]`;
    }).replace(/ +(?=\[\^)| +$/g, "");
  });
  const notes = [...cited].flatMap((n) => footnote(n, read));
  return `${[...shown.join("\n").trimEnd().split("\n"), ...(notes.length === 0 ? [] : ["", ...notes])].join("\n")}\n`;
}

function groupByLine({ citations }: ParsedReport): Map<number, ParsedCitation[]> {
  const lines = new Map<number, ParsedCitation[]>();
  for (const citation of citations) {
    const there = lines.get(citation.line);
    if (there === undefined) lines.set(citation.line, [citation]);
    else there.push(citation);
  }
  return lines;
}

function footnoteName(n: string): string {
  return n.replace(".", "-");
}

function footnote(n: string, { sources }: ParsedReport): string[] {
  const [number = 0, quote] = n.split(".").map(Number);
  const source = sources.get(number);
  if (source === undefined) return [];
  const text = quote === undefined ? undefined : source.quotes[quote - 1];
  const said = text === undefined ? "" : `“${quoteToMarkdown(text).replaceAll("\\\n   ", " ")}” `;
  return [`[^${footnoteName(n)}]: ${said}${describeSource(source, text)}`];
}

function describeSource(source: ParsedSource, quote: string | undefined): string {
  const name = sentenceToMarkdown(sourceName(source));
  const page = livePageUrl(source, quote);
  const place =
    source.file === null
      ? page === null
        ? ""
        : `<${page}>`
      : sentenceToMarkdown(source.file.path.replace(/^(?:\.\.\/)+/, ""));
  return [name, place, source.readOn ?? ""].filter((part) => part !== "").join(", ");
}
