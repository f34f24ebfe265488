import { readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { ResearchError } from "../research/errors.js";
import { checkReport, type CheckedReport } from "../sessions/check-report.js";
import { openReadingThreads } from "../sources/text/reading-threads.js";
import { openWorkspace } from "../sources/workspace/workspace.js";

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
  const threads = openReadingThreads();
  const files = openWorkspace({ root: workspace, exclude: [], text: threads.read });
  const root = await realpath(workspace).catch(() => workspace);
  const today = async (file: string) => {
    const real = await realpath(file).catch(() => path.resolve(root, path.relative(workspace, file)));
    const inside = path.relative(root, real);
    // A report of another workspace, or a link that somebody wrote into one: not ours to look at.
    if (inside.startsWith("..") || path.isAbsolute(inside)) return undefined;
    try {
      return await files.read({ kind: "workspace", path: inside.split(path.sep).join("/") }, signal);
    } catch {
      signal.throwIfAborted();
      return null;
    }
  };
  const checked: CheckedReport[] = [];
  const others: string[] = [];
  try {
    for (const each of named) {
      const isFolder = (await stat(each).catch(() => null))?.isDirectory() === true;
      if (!isFolder) {
        checked.push(await checkReport(each, today));
        continue;
      }
      for (const file of await markdownIn(each)) {
        try {
          checked.push(await checkReport(file, today));
        } catch (error) {
          if (!(error instanceof ResearchError)) throw error;
          others.push(file);
        }
      }
    }
  } finally {
    await threads.close();
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
