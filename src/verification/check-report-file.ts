import { FileRefusedError, readRegularText } from "../common/read-file.js";
import { systemErrorCode, ResearchError } from "../common/errors.js";
import {
  isManualEdit,
  describeProblem,
  type FindingKind,
  type ReportProblem,
} from "../core/report/findings.js";
import {
  isCitationProblem,
  createReportChecker,
  type CheckedText,
  type ReportChecker,
} from "./report-checker.js";
import { REPORT_LIMITS } from "../storage/file-limits.js";

/** Something that `verify` says of a report. */
export interface CheckFailure {
  /** The citation's number; empty where it is not about one. */
  n: string;
  /** A sentence for people. */
  why: string;
  kind: FindingKind;
  /** 1-based; null where it is about the report as a whole. */
  line: number | null;
}

/** What `verify` says of one report. */
export interface CheckedReport {
  report: string;
  ok: boolean;
  citations: number;
  /** Citations among them that only Google vouches for: they cannot be checked. */
  grounded: number;
  failed: CheckFailure[];
  /** Quotes whose file in the workspace was edited since: they stand in their snapshots all the same. */
  since: { n: string; state: "moved" | "changed" | "gone"; why: string }[];
  /** "all" where the report was held against its session's record; "quotes" where that was not at hand. */
  checked: "all" | "quotes";
  /** Differences from the record: among `failed` too, unless edits are allowed. */
  edited: CheckFailure[];
}

/** What passes all the same. */
export interface Allowances {
  /** A report without a citation that can be checked. */
  empty: boolean;
  /** A report that differs from what its session recorded, as long as quotes and facts stand. */
  edited: boolean;
}

export const NOTHING_ALLOWED: Allowances = { empty: false, edited: false };

/**
 * Checks every citation of a report against the snapshots beside it, and the report against its session's record: no
 * model, no network. A grounded citation cannot be checked; it counts, and the report itself says so.
 *
 * @param file the report; snapshots are found by its links
 * @param checks those of a workspace tell moved quotes of its files from changed ones, too
 * @throws ResearchError "bad-report" if the file is missing, cannot be read or is no report of ours
 */
export async function checkReportFile(
  file: string,
  checks: ReportChecker = createReportChecker(null),
  signal: AbortSignal = new AbortController().signal,
  allowed: Allowances = NOTHING_ALLOWED,
): Promise<CheckedReport> {
  return toCheckedReport(file, await checks.check(await readReportFile(file), file, signal), allowed);
}

/** The text of a report. A link is not followed. @throws ResearchError "bad-report" */
export async function readReportFile(file: string): Promise<string> {
  try {
    return await readRegularText(file, REPORT_LIMITS);
  } catch (cause) {
    const why =
      systemErrorCode(cause) === "ENOENT"
        ? "it is missing"
        : cause instanceof FileRefusedError
          ? cause.code === "EFBIG"
            ? "it is larger than 5 MB"
            : "it is a link or not a regular file"
          : "it is not accessible";
    const remedy = "Specify a report, such as data/reports/NAME.md.";
    throw new ResearchError("bad-report", `${file} cannot be read: ${why}.`, remedy, { cause });
  }
}

/** A check's result in English, as `verify` tells it. */
export function toCheckedReport(
  report: string,
  { read, problems, quotes, grounded, findings, checked }: CheckedText,
  allowed: Allowances = NOTHING_ALLOWED,
): CheckedReport {
  const failed = read.citations.flatMap(({ n, line }, index): CheckFailure[] => {
    const problem = problems[index] ?? null;
    return problem === null ? [] : [failure(problem, n, line)];
  });
  // A quote that no sentence cites is still a promise of the report's.
  const cited = new Set(read.citations.map(({ n }) => n));
  const since: CheckedReport["since"] = [];
  for (const [n, { problem, today }] of quotes) {
    const [source, quote] = n.split(".").map(Number);
    const line = read.sources.get(source ?? 0)?.quotesAt[(quote ?? 0) - 1]?.line ?? null;
    if (problem !== null && !cited.has(n)) failed.push(failure(problem, n, line));
    const moved = today?.problem ?? null;
    if (moved !== null && isSince(moved.kind))
      since.push({ n, state: moved.kind, why: describeProblem(moved) });
  }
  const told = new Set(failed.map(({ kind, n }) => `${kind} ${n.split(".")[0] ?? ""}`));
  const edited: CheckFailure[] = [];
  for (const each of findings) {
    if (each.severity !== "error") continue;
    const one = failure(each, each.n ?? "", each.line);
    if (isManualEdit(each)) {
      edited.push(one);
      if (!allowed.edited) failed.push(one);
    } else if (each.kind === "empty") {
      if (!allowed.empty) failed.push({ ...one, line: null });
    } else if (!isCitationProblem(each)) failed.push(one);
    else {
      // A source that nobody cites may have a snapshot that cannot be read.
      const number = [...read.sources].find(
        ([, source]) => source.line <= each.line && each.line <= source.endLine,
      );
      if (each.n === null && number !== undefined && !told.has(`${each.kind} ${number[0]}`)) failed.push(one);
    }
  }
  const counts = { citations: read.citations.length, grounded };
  return { report, ok: failed.length === 0, ...counts, failed, since, checked, edited };
}

/** The result of a report that could not be checked at all. */
export function uncheckedReport(
  report: string,
  why: string,
  kind: FindingKind = "unreadable",
): CheckedReport {
  const failed: CheckFailure[] = [{ n: "", why, kind, line: null }];
  return { report, ok: false, citations: 0, grounded: 0, failed, since: [], checked: "quotes", edited: [] };
}

function failure(problem: ReportProblem, n: string, line: number | null): CheckFailure {
  return { n, why: describeProblem(problem), kind: problem.kind, line };
}

function isSince(kind: FindingKind): kind is "moved" | "changed" | "gone" {
  return kind === "moved" || kind === "changed" || kind === "gone";
}
