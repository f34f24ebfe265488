import { escapePathTarget, sentenceToMarkdown } from "../text/markdown-escape.js";
import { parseReport } from "./parse-report.js";
import type { Verdict } from "../domain/schema.js";
import { findVerdictMarks } from "./verdict-marks.js";

/* The claims of a report, and how one is written into another document. */

export interface ReportClaim {
  sentence: string;
  /** What it cites, in order. */
  marks: { n: string; source: number }[];
  verdict: Verdict;
  /** What the report says of it in italics, with its brackets; empty where it is plainly supported. */
  state: string;
  /** The quotes that it cites; empty where Google vouches. */
  quotes: string[];
}

/** Every claim of a report that cites, once each. @throws ResearchError "bad-report" */
export function readReportClaims(markdown: string): ReportClaim[] {
  const { citations, sources } = parseReport(markdown);
  const lines = markdown.split(/\r?\n/);
  const claims = new Map<string, ReportClaim>();
  const lineOf = new Map<string, number>();
  for (const { n, source, quote, sentence: raw, line } of citations) {
    const sentence = plain(raw);
    if (sentence === "") continue;
    const known = claims.get(sentence);
    // The summary repeats what a section says.
    if (known !== undefined && lineOf.get(sentence) !== line) continue;
    const { state, word } = stateIn(lines[line - 1] ?? "");
    const claim = known ?? { sentence, marks: [], verdict: verdictOf(word), state, quotes: [] };
    claim.marks.push({ n, source });
    const text = quote === null ? undefined : sources.get(source)?.quotes[quote - 1];
    if (text !== undefined) claim.quotes.push(text.replace(/\s+/g, " "));
    claims.set(sentence, claim);
    lineOf.set(sentence, line);
  }
  return [...claims.values()];
}

/** What a line says of its claims in italics, with its brackets, and the word for the verdict. */
function stateIn(line: string): { state: string; word: string } {
  const marks = findVerdictMarks(line);
  const [first] = marks;
  if (first === undefined) return { state: "", word: "" };
  // A reason may hold what looks like its end: the last one counts.
  const end = first.inner === "" ? first.end : line.lastIndexOf(")*") + 2;
  return { state: line.slice(first.start + 1, end - 1), word: first.words };
}

/** A row of a table as a sentence would have it. */
function plain(sentence: string): string {
  if (!sentence.startsWith("|")) return sentence;
  return sentence
    .split("|")
    .map((cell) => cell.trim())
    .filter((cell) => cell !== "")
    .join(", ");
}

function verdictOf(word: string): Verdict {
  if (word === "not checked") return "not-checked";
  return word === "qualified" || word === "contradicted" || word === "unsupported" ? word : "supported";
}

/** A claim for a Markdown document. @param report its path as seen from the document, with forward slashes */
export function claimToMarkdown({ sentence, marks, state }: ReportClaim, report: string): string {
  const target = escapePathTarget(report);
  const links = marks.map(({ n, source }) => `[[${n}]](${target}#source-${source})`);
  return [sentenceToMarkdown(sentence), ...links, ...(state === "" ? [] : [`*${state}*`])].join(" ");
}

/** A claim for any other document. @param report its path as people name it */
export function claimToText({ sentence, marks, state }: ReportClaim, report: string): string {
  const cited = marks.map(({ n }) => n).join(", ");
  return `${sentence} (${[`${report}, ${cited}`, state.slice(1, -1)].filter((part) => part !== "").join("; ")})`;
}
