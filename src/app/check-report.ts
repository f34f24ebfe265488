import path from "node:path";
import type { ReportCheckThread } from "../verification/report-check-thread.js";
import type { CheckedText } from "../verification/checked-text.js";
import { findSessionsFolder, type SettingsLayer } from "./load-config.js";

/* Checks of one report while it is edited, and what an editor shows of them. */

export { reportLinksFrom } from "../storage/reports/refresh-draft.js";
export type { QuoteStatus } from "../verification/quote-status.js";
export { openReportCheckThread } from "../verification/report-check-thread.js";
export { summarizeCheck, type CheckedText } from "../verification/checked-text.js";
export { resolveFromReport, sessionFolderOfReport } from "../verification/locate-report-session.js";

/** The folder that a report belongs to, absolute, and an interface's own layers of its settings. */
export interface ReportWorkspace {
  folder: string;
  layers: SettingsLayer[];
}

/**
 * Checks the text of a report against its snapshots, its session and the files of its workspace.
 * @param file the report's path, absolute; the file need not have this text
 * @param workspace null where it is unknown: then files are looked for next to the report
 * @throws ResearchError "bad-report" if it is not a Deep Research report; the signal's reason
 */
export async function checkReportText(
  thread: ReportCheckThread,
  file: string,
  markdown: string,
  workspace: ReportWorkspace | null,
  signal: AbortSignal,
): Promise<CheckedText> {
  const folder = workspace?.folder ?? null;
  const sessions = workspace === null ? null : await findSessionsFolder(workspace.folder, workspace.layers);
  return thread.check(
    { root: folder ?? path.dirname(file), workspace: folder, sessions, markdown, file },
    signal,
  );
}
