import { escapePathTarget, sentenceToMarkdown } from "../text/markdown-escape.js";
import { parseReport } from "./parse-report.js";
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
}

/** Every cited claim of a report, without repetitions. @throws ResearchError "bad-report" */
export function readReportClaims(markdown: string): ReportClaim[] {
  const { citations, sources } = parseReport(markdown);
  const lines = markdown.split(/\r?\n/);
  const claims = new Map<string, ReportClaim>();
  const lineOfClaim = new Map<string, number>();
  for (const { n, source, quote, sentence: raw, line } of citations) {
    const sentence = rowToSentence(raw);
    if (sentence === "") continue;
    const known = claims.get(sentence);
    // The summary repeats sentences of the sections.
    if (known !== undefined && lineOfClaim.get(sentence) !== line) continue;
    const claim = known ?? { sentence, marks: [], ...verdictNoteOfLine(lines[line - 1] ?? ""), quotes: [] };
    claim.marks.push({ n, source });
    const text = quote === null ? undefined : sources.get(source)?.quotes[quote - 1];
    if (text !== undefined) claim.quotes.push(text.replace(/\s+/g, " "));
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
  if (!sentence.startsWith("|")) return sentence;
  return sentence
    .split("|")
    .map((cell) => cell.trim())
    .filter((cell) => cell !== "")
    .join(", ");
}

/** Formats a claim for a Markdown document. @param report its path relative to that document, with forward slashes */
export function claimToMarkdown({ sentence, marks, state }: ReportClaim, report: string): string {
  const target = escapePathTarget(report);
  const links = marks.map(({ n, source }) => `[[${n}]](${target}#source-${source})`);
  return [sentenceToMarkdown(sentence), ...links, ...(state === "" ? [] : [`*${state}*`])].join(" ");
}

/** Formats a claim as plain text. @param report its path as shown to people */
export function claimToText({ sentence, marks, state }: ReportClaim, report: string): string {
  const cited = marks.map(({ n }) => n).join(", ");
  return `${sentence} (${[`${report}, ${cited}`, state.slice(1, -1)].filter((part) => part !== "").join("; ")})`;
}
