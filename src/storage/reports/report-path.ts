import { msg } from "../../common/messages.js";
import { lstat } from "node:fs/promises";
import path from "node:path";
import { findObstacle, describeObstacle, trustedRoot } from "../../common/real-folder.js";
import { isBelow } from "../../common/is-below.js";
import { ResearchError } from "../../common/errors.js";

/** The workspace and the folder of its reports, both absolute. */
interface ReportFolders {
  workspace: string;
  settings: { reportOutputPath: string };
}

/**
 * Resolves a report path from a journal or a caller. A journal may come from anyone, so every such path has to pass
 * here before it is read, written or opened.
 * @param report relative to the workspace, or absolute
 * @returns the absolute path; the file need not exist
 * @throws ResearchError "bad-report" unless it is a Markdown file in real folders below the reports folder
 */
export async function resolveReportPath(
  { workspace, settings }: ReportFolders,
  report: string,
): Promise<string> {
  const reports = settings.reportOutputPath;
  const file = path.resolve(workspace, report);
  if (!isBelow(file, reports) || !file.endsWith(".md")) {
    throw new ResearchError(
      "bad-report",
      msg`${report} is not in the reports folder.`,
      msg`Move it to that folder and refresh it there.`,
    );
  }
  const root = trustedRoot(reports, workspace);
  const obstacle = await findObstacle(root, path.dirname(file));
  if (obstacle !== null)
    throw new ResearchError("bad-report", describeObstacle(obstacle), msg`Remove it first.`);
  const found = await lstat(file).catch(() => null);
  if (found === null || found.isFile()) return file;
  throw new ResearchError(
    "bad-report",
    msg`${report} is a link or not a regular file.`,
    msg`Remove it first.`,
  );
}
