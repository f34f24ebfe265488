import { type Finding, type FindingKind, type ReportProblem } from "../core/report/findings.js";
import { type QuoteLocation } from "../core/evidence/locate-quote.js";
import { type ParsedReport, type TextRange } from "../core/report/parse-report.js";
import { type QuoteStatus } from "./quote-status.js";

/* The result of a check of a report by code. */

/** The state of one quote. */
export interface QuoteState {
  /** Location in the snapshot text; null if it is not found or there is no snapshot. */
  inSnapshot: QuoteLocation | null;
  problem: ReportProblem | null;
  /** State in the current workspace file; null for pages, and if workspace files are not checked. */
  today: QuoteStatus | null;
}

export interface CheckedText {
  read: ParsedReport;
  findings: Finding[];
  /** The problem of each citation, in text order; null if it is valid or grounded. */
  problems: (ReportProblem | null)[];
  /** By "S.Q". */
  quotes: Map<string, QuoteState>;
  grounded: number;
  /** Absolute paths of all files read: if one of them changes, the report has to be checked again. */
  files: string[];
  /** Texts of the intact snapshots, by source number. */
  snapshots: Map<number, string>;
  /** "all" if the session's record was available, "quotes" if only the snapshots could be checked. */
  checked: "all" | "quotes";
  /** The report that the session refreshes, as named in its journal; null if it is not a refresh. */
  refreshes: string | null;
}

/** Kinds reported at citations and quotes; all others concern the report as a whole. */
const CITATION_PROBLEMS: ReadonlySet<FindingKind> = new Set([
  "no-source",
  "other-link",
  "no-quote",
  "bare",
  "no-snapshot",
  "not-in-snapshot",
  "facts",
  "not-verbatim",
  "refuted",
]);

/** True for a problem of a citation or its quote. */
export function isCitationProblem({ kind }: ReportProblem): boolean {
  return CITATION_PROBLEMS.has(kind) || kind.startsWith("snapshot-");
}

/**
 * Counts the results of a check: checkable citations, failed ones, quotes that are outdated in the workspace, and
 * other errors. A quote that only moved is not outdated.
 */
export function summarizeCheck({ problems, grounded, quotes, findings }: CheckedText): {
  all: number;
  failed: number;
  outdated: number;
  others: number;
} {
  const isOutdated = ({ today }: QuoteState): boolean =>
    today?.problem?.kind === "changed" || today?.problem?.kind === "gone";
  return {
    all: problems.length - grounded,
    failed:
      problems.filter((each) => each !== null).length +
      findings.filter(({ kind }) => kind === "long-line").length,
    outdated: [...quotes.values()].filter(isOutdated).length,
    others: findings.filter((each) => each.severity === "error" && !isCitationProblem(each)).length,
  };
}

/** The result for a report that was not checked, with the reason as its only finding. */
export function uncheckedText(problem: ReportProblem): CheckedText {
  const at = { line: 1, start: 0, endLine: 1, end: 0 };
  const lines = { title: null, sources: 1, body: 1 };
  return {
    read: { fields: new Map(), sentences: [], citations: [], sources: new Map(), google: null, lines },
    findings: [finding("error", problem, at)],
    problems: [],
    quotes: new Map(),
    grounded: 0,
    files: [],
    snapshots: new Map(),
    checked: "quotes",
    refreshes: null,
  };
}

export function finding(
  severity: Finding["severity"],
  problem: ReportProblem,
  at: TextRange,
  n: string | null = null,
  quoteAt: TextRange | null = null,
): Finding {
  const { line, start, endLine, end } = at;
  return { ...problem, severity, n, quoteAt, line, start, endLine, end };
}
