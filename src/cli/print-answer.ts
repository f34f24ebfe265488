import { formatElapsed } from "./format-elapsed.js";
import { formatUsd } from "../core/progress/progress-line.js";
import { OFFLINE_PROVIDER, type Verdict } from "../core/domain/schema.js";
import { VERDICT_WORDS } from "../core/report/verdict-marks.js";
import type { RunResult } from "../app/run-result.js";

/*
 * The answer in short, for people at a terminal: it goes to stderr, because the last line of stdout is the report's path.
 */

/** Sentences of the summary, and remarks on what stays unanswered, that are shown at most. */
const MAX_SENTENCES = 8;
const MAX_REMARKS = 4;

/** The lines of a run's answer: title, summary, what stays unanswered, verdicts and time; none without a report. */
export function describeAnswer({ answer, citations, engine, seconds, usd, evidence }: RunResult): string[] {
  if (answer === null) return [];
  const { title, summary, unanswered } = answer;
  const verdicts = describeVerdicts(citations, engine === OFFLINE_PROVIDER);
  const cited = new Set(citations.flatMap((each) => each.evidence));
  const places = evidence.filter(({ id }) => cited.has(id)).map(({ source }) => placeOf(source).join(" "));
  const sources = new Set(places).size;
  return [
    "",
    title,
    "",
    ...cut(summary, MAX_SENTENCES).map((sentence) => `  ${sentence}`),
    ...(summary.length === 0 ? [] : [""]),
    ...cut(unanswered, MAX_REMARKS),
    ...(summary.length === 0
      ? ["To get an answer, use words that appear in the text, or add sources with --source."]
      : []),
    [
      verdicts,
      `${sources} ${sources === 1 ? "source" : "sources"} cited`,
      formatElapsed(seconds * 1000),
      ...(usd > 0 ? [formatUsd(usd)] : []),
    ].join(" · "),
  ];
}

/** "3 of 4 sentences supported, 1 qualified"; the offline engine’s sentences are quotes, which nobody judged. */
function describeVerdicts(citations: RunResult["citations"], isOffline: boolean): string {
  const claims = new Map(citations.map(({ claim, verdict }) => [claim, verdict]));
  const counts = new Map<Verdict, number>();
  for (const verdict of claims.values()) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const supported = counts.get("supported") ?? 0;
  counts.delete("supported");
  if (claims.size === 0) return "No sentence with a citation";
  const first = isOffline
    ? `${supported} of ${claims.size} quotes found`
    : `${supported} of ${claims.size} sentences supported`;
  return [first, ...[...counts].map(([verdict, many]) => `${many} ${VERDICT_WORDS[verdict]}`)].join(", ");
}

/** What tells one source from another: its place without the lines. */
function placeOf(source: RunResult["evidence"][number]["source"]): string[] {
  switch (source.kind) {
    case "workspace":
      return [source.kind, source.path];
    case "package":
      return [source.kind, source.package, source.path];
    case "commit":
      return [source.kind, source.commit];
    default:
      return [source.kind, source.url];
  }
}

function cut(lines: string[], most: number): string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), `… and ${lines.length - most} more`];
}
