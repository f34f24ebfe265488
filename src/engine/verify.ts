import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { ResearchError } from "../research/errors.js";
import { checkReport, type CheckedReport } from "../sessions/check-report.js";
import { openReportChecks } from "../sessions/report-check.js";
import { openFilesToday } from "./today.js";

/**
 * Checks reports against their snapshots, and says where the workspace's own files have moved on. No
 * model, no network, no settings, and nothing outside the workspace but the reports and snapshots.
 *
 * @param named reports, or folders of reports; absolute paths
 * @returns one result a report, and the files of a folder that are no reports
 * @throws ResearchError "bad-report" if a report that was named cannot be read or is none
 */
export async function verifyReports(
  named: string[],
  workspace: string,
  signal: AbortSignal,
): Promise<{ checked: CheckedReport[]; others: string[] }> {
  const today = openFilesToday(workspace);
  const checks = openReportChecks(today.read);
  const checked: CheckedReport[] = [];
  const others: string[] = [];
  try {
    for (const each of named) {
      const isFolder = (await stat(each).catch(() => null))?.isDirectory() === true;
      if (!isFolder) {
        checked.push(await checkReport(each, checks, signal));
        continue;
      }
      for (const file of await markdownIn(each)) {
        try {
          checked.push(await checkReport(file, checks, signal));
        } catch (error) {
          if (!(error instanceof ResearchError)) throw error;
          others.push(file);
        }
      }
    }
  } finally {
    await today.close();
  }
  return { checked, others };
}

async function markdownIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

const SINCE = { moved: "moved since", changed: "changed since", gone: "gone since" };

/** The result of one report, as lines for people: first whether it stands, then what does not. */
export function verifyLines({ report, ok, citations, grounded, failed, since }: CheckedReport): string[] {
  const counted = `${citations} ${citations === 1 ? "citation" : "citations"}`;
  const beside = grounded === 0 ? "" : ` (${grounded} found by Google, which cannot be checked)`;
  const said = ok
    ? `${counted}${beside}, ${grounded === 0 ? "all stand" : "the others stand"}`
    : `${failed.length} of ${counted}${beside} failed`;
  return [
    `${report}: ${said}.`,
    ...failed.map(({ n, why }) => `  ${n}: ${why}`),
    ...since.map(({ n, state, why }) => `  ${n} ${SINCE[state]}: ${why}`),
  ];
}
