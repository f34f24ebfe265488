import { readFile } from "node:fs/promises";
import { ResearchError } from "../research/errors.js";
import { sayProblem, type FindingKind } from "../research/findings.js";
import { openReportChecks, type CheckedText, type ReportChecks } from "./report-check.js";

/** What `verify` says of one report. `n` is the citation's number, `why` a sentence for people. */
export interface CheckedReport {
  report: string;
  ok: boolean;
  citations: number;
  /** Citations among them that only Google vouches for: they cannot be checked. */
  grounded: number;
  failed: { n: string; why: string }[];
  /** Quotes whose file in the workspace was edited since: they stand in their snapshots all the same. */
  since: { n: string; state: "moved" | "changed" | "gone"; why: string }[];
}

/**
 * Checks every citation of a report against the snapshots beside it: no model, no network, no
 * settings. A grounded citation cannot be checked; it counts, and the report itself says so.
 *
 * @param file the report; snapshots are found by its links
 * @param checks those of a workspace tell moved quotes of its files from changed ones, too
 * @throws ResearchError "bad-report" if the file is missing or is no report of ours
 */
export async function checkReport(
  file: string,
  checks: ReportChecks = openReportChecks(null),
  signal: AbortSignal = new AbortController().signal,
): Promise<CheckedReport> {
  let markdown: string;
  try {
    markdown = await readFile(file, "utf8");
  } catch (cause) {
    const remedy = "Name a report, such as data/reports/NAME.md.";
    throw new ResearchError("bad-report", `${file} cannot be read.`, remedy, { cause });
  }
  return resultOf(file, await checks.check(markdown, file, signal));
}

/** A check's result in English, as `verify` tells it. */
export function resultOf(
  report: string,
  { read, findings, problems, quotes, grounded }: CheckedText,
): CheckedReport {
  const failed = read.citations.flatMap(({ n }, index) => {
    const problem = problems[index] ?? null;
    return problem === null ? [] : [{ n, why: sayProblem(problem) }];
  });
  // A quote that no sentence cites is still a promise of the report's.
  const cited = new Set(read.citations.map(({ n }) => n));
  const since: CheckedReport["since"] = [];
  for (const [n, { problem, today }] of quotes) {
    if (problem !== null && !cited.has(n)) failed.push({ n, why: sayProblem(problem) });
    const moved = today?.problem ?? null;
    if (moved !== null && isSince(moved.kind)) since.push({ n, state: moved.kind, why: sayProblem(moved) });
  }
  for (const each of findings) {
    if (each.kind === "long-line") failed.push({ n: `line ${each.line}`, why: sayProblem(each) });
  }
  return { report, ok: failed.length === 0, citations: read.citations.length, grounded, failed, since };
}

function isSince(kind: FindingKind): kind is "moved" | "changed" | "gone" {
  return kind === "moved" || kind === "changed" || kind === "gone";
}
