import { headingKey } from "../core/report/render-report.js";
import type { ParsedReport } from "../core/report/parse-report.js";
import type { ReportPart } from "../core/report/findings.js";
import { sentenceFromMarkdown } from "../core/text/markdown-escape.js";

/*
 * Lines of a report without citations that its session did not write. Sessions of the first versions kept no report, but
 * every answer of their model: a line is one of these texts, or one of the few that code wrote then.
 */

const NOTES = /^> \*\*(?:Question|Offline engine|Partial report)\.\*\* /;
const HEADINGS = new Set(["where the sources disagree", "what could not be settled", "in detail"]);
const REMARKS = [
  /^One sentence was removed because its quotes did not show what it said\.$/,
  /^\d{1,9} sentences were removed because their quotes did not show what they said\.$/,
  /^(?:One invisible character was|\d{1,9} invisible characters were) removed from what the model wrote\.$/,
];
const GAPS = /^Nothing was found about: (.*)\.$/;
/** What made a heading distinct from the others. */
const ADDED_TO_HEADING = /^About | \(\d{1,3}\)$/g;

/**
 * The 1-based lines that stand in none of a session's answers.
 * @param said every text of these answers
 */
export function findUnrecordedLines(
  lines: string[],
  report: ParsedReport,
  said: ReadonlySet<string>,
): { line: number; part: ReportPart }[] {
  const headings = new Set([...said].map(headingKey));
  const cited = new Set(report.sentences.map(({ line }) => line));
  const isHeading = (text: string): boolean =>
    HEADINGS.has(headingKey(text)) ||
    headings.has(headingKey(text)) ||
    headings.has(headingKey(text.replace(ADDED_TO_HEADING, "")));
  const isSaid = (text: string): boolean => text === "" || said.has(text);
  const isRemark = (text: string): boolean =>
    REMARKS.some((each) => each.test(text)) || GAPS.exec(text)?.[1]?.split("; ").every(isSaid) === true;
  const found: { line: number; part: ReportPart }[] = [];
  for (let line = report.lines.body; line < report.lines.sources; line++) {
    const text = (lines[line - 1] ?? "").trim();
    if (text === "" || line === report.lines.title || cited.has(line)) continue;
    const plain = sentenceFromMarkdown(text).trim();
    if (text.startsWith(">")) {
      if (text !== ">" && !NOTES.test(text)) found.push({ line, part: "note" });
    } else if (text.startsWith("## ")) {
      if (!isHeading(sentenceFromMarkdown(text.slice(3)))) found.push({ line, part: "heading" });
    } else if (text.startsWith("|")) {
      if (!cellsOf(text).every((cell) => cell === "---" || isSaid(cell))) found.push({ line, part: "table" });
    } else if (!isSaid(plain) && !isRemark(plain)) found.push({ line, part: "text" });
  }
  return found;
}

function cellsOf(row: string): string[] {
  return row.split(/(?<!\\)\|/).map((cell) => sentenceFromMarkdown(cell.replaceAll("\\|", "|")).trim());
}
