import { escapePathTarget, sentenceToMarkdown } from "../text/markdown-escape.js";
import { parseReport } from "./parse-report.js";
import { renderQuoteBlock } from "./quote-block.js";
import type { Verdict } from "../domain/schema.js";
import { findVerdictMarks } from "./verdict-marks.js";

/* Reads the claims of a report and formats one for another document. */

export interface ReportClaim {
  sentence: string;
  /** Its citations, in order. */
  marks: { n: string; source: number }[];
  verdict: Verdict;
  /** The verdict note of the report, in brackets; empty if plainly supported. */
  state: string;
  /** The cited quotes; empty for grounded sources. */
  quotes: string[];
  /** Whether the claim is shown as a block, whose text is `sentence`, and the language if it is code. */
  block: { language: string | null } | null;
}

/** Every cited claim of a report, without repetitions. @throws ResearchError "bad-report" */
export function readReportClaims(markdown: string): ReportClaim[] {
  const { sentences, sources } = parseReport(markdown);
  const lines = markdown.split(/\r?\n/);
  const claims = new Map<string, ReportClaim>();
  const lineOfClaim = new Map<string, number>();
  for (const { text: raw, row, line, block, citations } of sentences) {
    const sentence = row ? rowToSentence(raw) : raw;
    if (sentence === "") continue;
    const known = claims.get(sentence);
    // The summary repeats sentences of the sections.
    if (known !== undefined && lineOfClaim.get(sentence) !== line) continue;
    const claim = known ?? {
      sentence,
      marks: [],
      ...verdictNoteOfLine(lines[line - 1] ?? ""),
      quotes: [],
      block: block === null ? null : { language: block.language },
    };
    for (const { n, source, quote } of citations) {
      claim.marks.push({ n, source });
      const text = quote === null ? undefined : sources.get(source)?.quotes[quote - 1];
      if (text !== undefined) claim.quotes.push(text.replace(/\s+/g, " "));
    }
    claims.set(sentence, claim);
    lineOfClaim.set(sentence, line);
  }
  return [...claims.values()];
}

/** The verdict note of a line, in brackets, and its verdict. */
function verdictNoteOfLine(line: string): { state: string; verdict: Verdict } {
  const marks = findVerdictMarks(line);
  const [first] = marks;
  if (first === undefined) return { state: "", verdict: "supported" };
  // A reason may contain ")*", so the last one ends the note.
  const end = first.inner === "" ? first.end : line.lastIndexOf(")*") + 2;
  return { state: line.slice(first.start + 1, end - 1), verdict: first.verdict };
}

/** A table row as a comma-separated sentence. */
function rowToSentence(sentence: string): string {
  return sentence
    .split("|")
    .map((cell) => cell.trim())
    .filter((cell) => cell !== "")
    .join(", ");
}

/** Formats a claim for a Markdown document. @param report its path relative to that document, with forward slashes */
export function claimToMarkdown({ sentence, marks, state, block }: ReportClaim, report: string): string {
  const target = escapePathTarget(report);
  const links = marks.map(({ n, source }) => `[[${n}]](${target}#source-${source})`);
  const cited = [...links, ...(state === "" ? [] : [`*${state}*`])];
  if (block === null) return [sentenceToMarkdown(sentence), ...cited].join(" ");
  return [...renderQuoteBlock({ text: sentence, ...block }), "", cited.join(" ")].join("\n");
}

/** Formats a claim as plain text. @param report its path as shown to people */
export function claimToText({ sentence, marks, state, block }: ReportClaim, report: string): string {
  const cited = marks.map(({ n }) => n).join(", ");
  return `${sentence}${block === null ? " " : "\n"}(${[`${report}, ${cited}`, state.slice(1, -1)].filter((part) => part !== "").join("; ")})`;
}
