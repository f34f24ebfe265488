import { quoteToMarkdown } from "../text/markdown-escape.js";
import {
  splitReportLines,
  type ParsedCitation,
  type ParsedReport,
  type ParsedSentence,
  type TextRange,
} from "./parse-report.js";
import { countVerdicts, formatVerdictCounts, renderVerdictMark } from "./render-report.js";
import type { Verdict } from "../domain/schema.js";

/*
 * Changes to a report that is there, as edits of its text: what an editor applies in one step, and undoes in one.
 */

/** What stands at a stretch of the report becomes `text`. */
export interface TextEdit {
  at: TextRange;
  text: string;
}

/** A text with edits applied, all at once, by the places in the text as it is. */
export function applyTextEdits(text: string, edits: TextEdit[]): string {
  const lines = text.split("\n");
  const starts = [0];
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length + 1);
  const offset = (line: number, column: number): number => (starts[line - 1] ?? text.length) + column;
  return edits
    .map(({ at, text: put }) => ({ from: offset(at.line, at.start), to: offset(at.endLine, at.end), put }))
    .sort((a, b) => b.from - a.from)
    .reduce((now, { from, to, put }) => now.slice(0, from) + put + now.slice(to), text);
}

/** Puts a verdict behind a sentence in the place of the one that stands there, and counts anew in the front matter. */
export function verdictEdits(
  markdown: string,
  report: ParsedReport,
  sentence: ParsedSentence,
  verdict: Verdict,
  reason: string,
): TextEdit[] {
  const last = sentence.citations.at(-1);
  if (last === undefined) return [];
  const own = ownMark(report, sentence);
  const at = { line: last.line, start: last.end, endLine: last.line, end: own?.end ?? last.end };
  return [
    { at, text: renderVerdictMark(verdict, reason) },
    ...countEdits(markdown, report, (each) => (each === sentence ? verdict : null)),
  ];
}

/** Takes a citation away, and with a sentence's last one what was said of the sentence. */
export function removalEdits(markdown: string, report: ParsedReport, citation: ParsedCitation): TextEdit[] {
  const lines = splitReportLines(markdown);
  const sentence = report.sentences.find(({ citations }) => citations.includes(citation));
  if (sentence === undefined) return [];
  const line = lines[citation.line - 1] ?? "";
  const start = line.slice(0, citation.start).endsWith(" ") ? citation.start - 1 : citation.start;
  const isLast = sentence.citations.length === 1;
  const own = isLast ? ownMark(report, sentence) : null;
  return [
    { at: { line: citation.line, start, endLine: citation.line, end: own?.end ?? citation.end }, text: "" },
    ...(isLast ? countEdits(markdown, report, (each) => (each === sentence ? "left out" : null)) : []),
  ];
}

/** A quote that a sentence shall cite: of a source that the report has, or of a new one with its entry. */
export interface NewQuote {
  quote: string;
  /** Its first and last line in the workspace's file; null where lines do not count. */
  lines: [number, number] | null;
  source: number | { entry: string[] };
}

/** A file's links, from its title to the last place: what it leads to, and what stands behind. */
const PLACES =
  /^(\[(?:\\.|[^\\\]])*\]\(([^)#\s]+)(?:#[^)\s]*)?\).*?)((?: at `[0-9a-f]+`)?, read on \d{4}-\d{2}-\d{2}\.)$/;

/** The number that a quote has in the report, or will have once it is cited. */
export function citationNumber({ sources }: ParsedReport, { quote, source }: NewQuote): string {
  const s = typeof source === "number" ? source : Math.max(0, ...sources.keys()) + 1;
  const quotes = sources.get(s)?.quotes ?? [];
  const known = quotes.indexOf(quote);
  return `${s}.${known < 0 ? quotes.length + 1 : known + 1}`;
}

/**
 * Cites a quote behind a sentence. A quote that the report has already keeps its number.
 * @param at the sentence: one that cites something, or a stretch that cites nothing
 * @param judged what the check of the sentence said, with this quote among its quotes
 */
export function citationEdits(
  markdown: string,
  report: ParsedReport,
  at: ParsedSentence | TextRange,
  added: NewQuote,
  judged: { verdict: Verdict; reason: string },
): TextEdit[] {
  const { quote, source, lines: span } = added;
  const lines = splitReportLines(markdown);
  const n = citationNumber(report, added);
  const [s = 0, q = 0] = n.split(".").map(Number);
  const entry = report.sources.get(s);
  const place = behind(lines, at);
  const isCiting = "citations" in at;
  const isCited = isCiting && at.citations.some((each) => each.n === n);
  const own = isCiting ? ownMark(report, at) : null;
  const mark = renderVerdictMark(judged.verdict, judged.reason);
  return [
    {
      at: { ...place, end: own?.end ?? place.end },
      text: `${isCited ? "" : ` [[${n}]](#source-${s})`}${mark}`,
    },
    ...(q <= (entry?.quotes.length ?? 0)
      ? []
      : typeof source === "number"
        ? [item(), ...lined()]
        : [appended(source.entry)]),
    ...countEdits(
      markdown,
      report,
      (each) => (each === at ? judged.verdict : null),
      isCiting ? [] : [judged.verdict],
    ),
  ];

  function item(): TextEdit {
    const line = entry?.quotesAt.at(-1)?.endLine ?? entry?.endLine ?? lines.length;
    return { at: endOf(lines, line), text: `${q === 1 ? "\n\n" : "\n"}${q}. "${quoteToMarkdown(quote)}"` };
  }

  /** Says above the quotes where the new one stands. */
  function lined(): TextEdit[] {
    const { file, line: first = 0, endLine = 0 } = entry ?? {};
    const known = file?.ranges.some(
      (range) => span !== null && range.first <= span[0] && span[1] <= range.last,
    );
    if (
      span === null ||
      file == null ||
      known === true ||
      file.ranges.some(({ counts }) => counts !== "lines")
    )
      return [];
    for (let number = first; number <= endLine; number++) {
      const line = lines[number - 1] ?? "";
      const [, before, target, end] = PLACES.exec(line) ?? [];
      if (before === undefined || target === undefined || end === undefined) continue;
      const [from, to] = span;
      const anchor = from === to ? `#L${from}` : `#L${from}-L${to}`;
      const words = from === to ? `${from}` : `${from} to ${to}`;
      const and = / and \[\d/.test(before) ? "," : " and";
      const at = before.length;
      return [
        {
          at: { line: number, start: at, endLine: number, end: at },
          text: `${and} [${words}](${target}${anchor})`,
        },
      ];
    }
    return [];
  }

  function appended(blocks: string[]): TextEdit {
    let line = lines.length;
    while (line > 1 && lines[line - 1]?.trim() === "") line--;
    return { at: endOf(lines, line), text: `\n\n${[`### Source ${s}`, ...blocks].join("\n\n")}` };
  }
}

/** The place where a citation goes: behind those that are there, or behind the sentence; within a row's last cell. */
function behind(lines: string[], at: ParsedSentence | TextRange): TextRange {
  const last = "citations" in at ? at.citations.at(-1) : undefined;
  const line = lines[at.endLine - 1] ?? "";
  let end = last?.end ?? at.end;
  if (last === undefined && line.startsWith("|")) {
    end = line.trimEnd().replace(/\|$/, "").trimEnd().length;
  }
  return { line: at.endLine, start: end, endLine: at.endLine, end };
}

function endOf(lines: string[], line: number): TextRange {
  const end = lines[line - 1]?.length ?? 0;
  return { line, start: end, endLine: line, end };
}

/** The mark that stands right behind a sentence's own citations. */
function ownMark({ sentences }: ParsedReport, { mark, citations }: ParsedSentence): ParsedSentence["mark"] {
  const end = citations.at(-1)?.end ?? 0;
  if (mark === null || mark.start < end) return null;
  // One further on is the next sentence's, which has it, too.
  const next = sentences.find(({ line, start }) => line === mark.line && start > end);
  return next === undefined || mark.end <= next.start ? mark : null;
}

/** The count of the verdicts in the front matter, where it changes. */
function countEdits(
  markdown: string,
  { sentences, fields }: ParsedReport,
  verdictOf: (sentence: ParsedSentence) => Verdict | "left out" | null,
  more: Verdict[] = [],
): TextEdit[] {
  if (!fields.has("checked")) return [];
  const lines = splitReportLines(markdown);
  const index = lines.findIndex((line) => line.startsWith("checked: "));
  const line = lines[index] ?? "";
  const verdicts = sentences.flatMap((each): Verdict[] => {
    const verdict = verdictOf(each) ?? each.mark?.verdict ?? "supported";
    return verdict === "left out" ? [] : [verdict];
  });
  const text = `checked: ${formatVerdictCounts(countVerdicts([...verdicts, ...more]))}`;
  if (index < 0 || text === line) return [];
  return [{ at: { line: index + 1, start: 0, endLine: index + 1, end: line.length }, text }];
}
