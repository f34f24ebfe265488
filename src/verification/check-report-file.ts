import { msg, type Message } from "../common/messages.js";
import { FileRefusedError, readRegularText } from "../common/read-file.js";
import { systemErrorCode, ResearchError } from "../common/errors.js";
import {
  isManualEdit,
  describeProblem,
  type FindingKind,
  type ReportProblem,
} from "../core/report/findings.js";
import { isCitationProblem, type CheckedText } from "./checked-text.js";
import { createReportChecker, type ReportChecker } from "./report-checker.js";
import { REPORT_LIMITS } from "../storage/file-limits.js";

/** A failure that `verify` reports. */
interface CheckFailure {
  /** The citation's number; empty if it does not concern one. */
  n: string;
  /** The message, as a sentence. */
  why: Message;
  kind: FindingKind;
  /** 1-based; null if it concerns the whole report. */
  line: number | null;
}

/** The result of `verify` for one report. */
export interface CheckedReport {
  report: string;
  ok: boolean;
  citations: number;
  /** Grounded citations, included in `citations`: they cannot be checked. */
  grounded: number;
  /** Whether the report has a section by Google Search, which is not checked; absent: no. */
  google?: true;
  failed: CheckFailure[];
  /** Quotes whose workspace file was edited later, or whose package was updated; they are still valid in their snapshots. */
  since: { n: string; state: "moved" | "changed" | "gone" | "version"; why: Message }[];
  /** "all" if the report was compared with its session's record, "quotes" if that was not available. */
  checked: "all" | "quotes";
  /** Sentences in neither English nor German, whose sense code cannot compare. */
  otherLanguage: number;
  /** Differences from the record; also in `failed`, unless edits are allowed. */
  edited: CheckFailure[];
}

/** Exceptions that do not fail a check. */
export interface Allowances {
  /** Reports without a checkable citation. */
  empty: boolean;
  /** Differences from the session's record, as long as quotes and facts are valid. */
  edited: boolean;
}

export const NOTHING_ALLOWED: Allowances = { empty: false, edited: false };

/**
 * Checks every citation of a report against its snapshots, and the report against its session's record, without a
 * model or the network. Grounded citations cannot be checked but are counted.
 *
 * @param file the report; its links lead to the snapshots
 * @param checks one created for a workspace also distinguishes moved quotes from changed ones
 * @throws ResearchError "bad-report" if the file is missing, unreadable or not a Deep Research report
 */
export async function checkReportFile(
  file: string,
  checks: ReportChecker = createReportChecker(null),
  signal: AbortSignal = new AbortController().signal,
  allowed: Allowances = NOTHING_ALLOWED,
): Promise<CheckedReport> {
  return toCheckedReport(file, await checks.check(await readReportFile(file), file, signal), allowed);
}

/** Reads a report without following links. @throws ResearchError "bad-report" */
export async function readReportFile(file: string): Promise<string> {
  try {
    return await readRegularText(file, REPORT_LIMITS);
  } catch (cause) {
    const why =
      systemErrorCode(cause) === "ENOENT"
        ? msg`it is missing`
        : cause instanceof FileRefusedError
          ? cause.code === "EFBIG"
            ? msg`it is larger than 5 MB`
            : msg`it is a link or not a regular file`
          : msg`it is not accessible`;
    const remedy = msg`Specify a report, such as data/reports/NAME.md.`;
    throw new ResearchError("bad-report", msg`${file} cannot be read: ${why}.`, remedy, { cause });
  }
}

/** Converts a check's result for `verify`, with messages. */
export function toCheckedReport(
  report: string,
  { read, problems, quotes, grounded, findings, checked }: CheckedText,
  allowed: Allowances = NOTHING_ALLOWED,
): CheckedReport {
  const failed = read.citations.flatMap(({ n, line }, index): CheckFailure[] => {
    const problem = problems[index] ?? null;
    return problem === null ? [] : [failure(problem, n, line)];
  });
  // Quotes that no sentence cites are checked as well.
  const cited = new Set(read.citations.map(({ n }) => n));
  const since: CheckedReport["since"] = [];
  for (const [n, { problem, today }] of quotes) {
    const [source, quote] = n.split(".").map(Number);
    const line = read.sources.get(source ?? 0)?.quotesAt[(quote ?? 0) - 1]?.line ?? null;
    if (problem !== null && !cited.has(n)) failed.push(failure(problem, n, line));
    const change = today?.problem ?? null;
    if (change !== null && isFileChange(change.kind))
      since.push({ n, state: change.kind, why: describeProblem(change) });
  }
  const reportedSources = new Set(failed.map(({ kind, n }) => `${kind} ${n.split(".")[0] ?? ""}`));
  const edited: CheckFailure[] = [];
  for (const each of findings) {
    if (each.severity !== "error") continue;
    const entry = failure(each, each.n ?? "", each.line);
    if (isManualEdit(each)) {
      edited.push(entry);
      if (!allowed.edited) failed.push(entry);
    } else if (each.kind === "empty") {
      if (!allowed.empty) failed.push({ ...entry, line: null });
    } else if (!isCitationProblem(each)) failed.push(entry);
    else {
      // The snapshot of an uncited source may be unreadable.
      const number = [...read.sources].find(
        ([, source]) => source.line <= each.line && each.line <= source.endLine,
      );
      if (each.n === null && number !== undefined && !reportedSources.has(`${each.kind} ${number[0]}`))
        failed.push(entry);
    }
  }
  const otherLanguage = findings.filter(({ kind }) => kind === "language").length;
  const counts = {
    citations: read.citations.length,
    grounded,
    ...(read.google === null ? {} : { google: true as const }),
  };
  return { report, ok: failed.length === 0, ...counts, failed, since, checked, otherLanguage, edited };
}

/** The result of a report that could not be checked at all. */
export function uncheckedReport(
  report: string,
  why: Message,
  kind: FindingKind = "unreadable",
): CheckedReport {
  const failed: CheckFailure[] = [{ n: "", why, kind, line: null }];
  return {
    report,
    ok: false,
    citations: 0,
    grounded: 0,
    failed,
    since: [],
    checked: "quotes",
    otherLanguage: 0,
    edited: [],
  };
}

function failure(problem: ReportProblem, n: string, line: number | null): CheckFailure {
  return { n, why: describeProblem(problem), kind: problem.kind, line };
}

function isFileChange(kind: FindingKind): kind is "moved" | "changed" | "gone" | "version" {
  return kind === "moved" || kind === "changed" || kind === "gone" || kind === "version";
}
