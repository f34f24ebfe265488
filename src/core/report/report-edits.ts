import { quoteToMarkdown } from "../text/markdown-escape.js";
import {
  splitReportLines,
  type ParsedCitation,
  type ParsedReport,
  type ParsedSentence,
  type TextRange,
  shownVerdict,
} from "./parse-report.js";
import { countVerdicts, formatVerdictCounts, renderVerdictMark } from "./render-report.js";
import { isRenderedBlock, renderQuoteBlock } from "./quote-block.js";
import type { Verdict } from "../domain/schema.js";

/*
 * Changes to an existing report as text edits, which an editor applies and undoes in one step.
 */

/** Replaces the range `at` with `text`. */
export interface TextEdit {
  at: TextRange;
  text: string;
}

/** Applies edits whose ranges all refer to the original text. */
export function applyTextEdits(text: string, edits: TextEdit[]): string {
  const lines = text.split("\n");
  const starts = [0];
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length + 1);
  const offset = (line: number, column: number): number => (starts[line - 1] ?? text.length) + column;
  return edits
    .map(({ at, text: replacement }) => ({
      from: offset(at.line, at.start),
      to: offset(at.endLine, at.end),
      put: replacement,
    }))
    .sort((a, b) => b.from - a.from)
    .reduce(
      (result, { from, to, put: replacement }) => result.slice(0, from) + replacement + result.slice(to),
      text,
    );
}

/** Replaces the verdict mark of a sentence and updates the counts in the front matter. */
export function verdictEdits(
  markdown: string,
  report: ParsedReport,
  sentence: ParsedSentence,
  verdict: Verdict,
  reason: string,
): TextEdit[] {
  const last = sentence.citations.at(-1);
  if (last === undefined) return [];
  const existingMark = directMark(report, sentence);
  const at = { line: last.line, start: last.end, endLine: last.line, end: existingMark?.end ?? last.end };
  return [
    { at, text: renderVerdictMark(verdict, reason) },
    ...countEdits(markdown, report, (each) => (each === sentence ? verdict : null)),
  ];
}

/** Puts the first cited quote in place of what a block shows, if the block does not show it already. */
export function blockEdits(
  markdown: string,
  report: ParsedReport,
  { block, citations }: ParsedSentence,
): TextEdit[] {
  const [first] = citations;
  const quote = report.sources.get(first?.source ?? 0)?.quotes[(first?.quote ?? 0) - 1];
  if (block === null || quote === undefined) return [];
  const shown = splitReportLines(markdown).slice(block.line - 1, block.endLine);
  const restored = { text: quote, language: block.language };
  return isRenderedBlock(shown, restored) ? [] : [{ at: block, text: renderQuoteBlock(restored).join("\n") }];
}

/** Removes a citation; with the last one of a sentence, its verdict mark as well. */
export function removalEdits(markdown: string, report: ParsedReport, citation: ParsedCitation): TextEdit[] {
  const lines = splitReportLines(markdown);
  const sentence = report.sentences.find(({ citations }) => citations.includes(citation));
  if (sentence === undefined) return [];
  const line = lines[citation.line - 1] ?? "";
  const start = line.slice(0, citation.start).endsWith(" ") ? citation.start - 1 : citation.start;
  const isLast = sentence.citations.length === 1;
  const existingMark = isLast ? directMark(report, sentence) : null;
  return [
    {
      at: { line: citation.line, start, endLine: citation.line, end: existingMark?.end ?? citation.end },
      text: "",
    },
    ...(isLast ? countEdits(markdown, report, (each) => (each === sentence ? "left out" : null)) : []),
  ];
}

/** A quote to cite: from a source of the report, or from a new source given by its entry. */
export interface NewQuote {
  quote: string;
  /** First and last line in the workspace file; null where line numbers do not apply. */
  lines: [number, number] | null;
  source: number | { entry: string[] };
}

/** The first line of a file source: its links, the target of the first, and the end from the commit or date on. */
const FILE_LINKS =
  /^(\[(?:\\.|[^\\\]])*\]\(([^)#\s]+)(?:#[^)\s]*)?\).*?)((?: at `[0-9a-f]+`)?, read on \d{4}-\d{2}-\d{2}\.)$/;

/** The number that a quote has in the report, or gets once it is cited. */
export function citationNumber({ sources }: ParsedReport, { quote, source }: NewQuote): string {
  const s = typeof source === "number" ? source : Math.max(0, ...sources.keys()) + 1;
  const quotes = sources.get(s)?.quotes ?? [];
  const known = quotes.indexOf(quote);
  return `${s}.${known < 0 ? quotes.length + 1 : known + 1}`;
}

/**
 * Adds a citation to a sentence. A quote that the report already has keeps its number.
 * @param at a sentence with citations, or the range of one without
 * @param judged the verdict on the sentence with this quote included
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
  const place = citationPosition(lines, at);
  const isCiting = "citations" in at;
  const isCited = isCiting && at.citations.some((each) => each.n === n);
  const existingMark = isCiting ? directMark(report, at) : null;
  const mark = renderVerdictMark(judged.verdict, judged.reason);
  return [
    {
      at: { ...place, end: existingMark?.end ?? place.end },
      text: `${isCited ? "" : ` [[${n}]](#source-${s})`}${mark}`,
    },
    ...(q <= (entry?.quotes.length ?? 0)
      ? []
      : typeof source === "number"
        ? [quoteEdit(), ...lineLinkEdits()]
        : [newSourceEdit(source.entry)]),
    ...countEdits(
      markdown,
      report,
      (each) => (each === at ? judged.verdict : null),
      isCiting ? [] : [judged.verdict],
    ),
  ];

  function quoteEdit(): TextEdit {
    const line = entry?.quotesAt.at(-1)?.endLine ?? entry?.endLine ?? lines.length;
    return {
      at: endOfLine(lines, line),
      text: `${q === 1 ? "\n\n" : "\n"}${q}. "${quoteToMarkdown(quote)}"`,
    };
  }

  /** Adds a link to the new quote's lines in the source's first line. */
  function lineLinkEdits(): TextEdit[] {
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
      const [, before, target, end] = FILE_LINKS.exec(line) ?? [];
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

  function newSourceEdit(blocks: string[]): TextEdit {
    let line = lines.length;
    while (line > 1 && lines[line - 1]?.trim() === "") line--;
    return { at: endOfLine(lines, line), text: `\n\n${[`### Source ${s}`, ...blocks].join("\n\n")}` };
  }
}

/** The position for a new citation: after existing ones, else after the sentence, inside a table row's last cell. */
function citationPosition(lines: string[], at: ParsedSentence | TextRange): TextRange {
  const last = "citations" in at ? at.citations.at(-1) : undefined;
  const line = lines[at.endLine - 1] ?? "";
  let end = last?.end ?? at.end;
  if (last === undefined && line.startsWith("|")) {
    end = line.trimEnd().replace(/\|$/, "").trimEnd().length;
  }
  return { line: at.endLine, start: end, endLine: at.endLine, end };
}

function endOfLine(lines: string[], line: number): TextRange {
  const end = lines[line - 1]?.length ?? 0;
  return { line, start: end, endLine: line, end };
}

/** The verdict mark directly after the sentence's own citations. */
function directMark(
  { sentences }: ParsedReport,
  { mark, citations }: ParsedSentence,
): ParsedSentence["mark"] {
  const end = citations.at(-1)?.end ?? 0;
  if (mark === null || mark.start < end) return null;
  // A mark after the next sentence belongs to that one, though both sentences refer to it.
  const next = sentences.find(({ line, start }) => line === mark.line && start > end);
  return next === undefined || mark.end <= next.start ? mark : null;
}

/** Updates the verdict counts in the front matter if they change. */
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
    const verdict = verdictOf(each) ?? shownVerdict(each);
    return verdict === "left out" ? [] : [verdict];
  });
  const text = `checked: ${formatVerdictCounts(countVerdicts([...verdicts, ...more]))}`;
  if (index < 0 || text === line) return [];
  return [{ at: { line: index + 1, start: 0, endLine: index + 1, end: line.length }, text }];
}
