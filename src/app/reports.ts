import { readdir } from "node:fs/promises";
import path from "node:path";
import { readRegularFile } from "../common/read-file.js";
import { parseReport } from "../core/report/parse-report.js";
import { REPORT_LIMITS } from "../storage/file-limits.js";

/* The reports on disk. */

export { isDraftPath } from "../storage/reports/refresh-draft.js";

/** A report file, and what its front matter says. */
export interface SavedReport {
  /** Absolute. */
  file: string;
  title: string;
  /** YYYY-MM-DD. */
  date: string;
  session: string;
  markdown: string;
}

/**
 * Lists the Markdown files in the folder of reports, newest first: their names start with the date. They are not read.
 * @returns absolute paths; none where there is no such folder
 */
export async function listReportFiles(reports: string): Promise<string[]> {
  const entries = await readdir(reports, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
    .map(({ name }) => name)
    .sort((a, b) => (a < b ? 1 : -1))
    .map((name) => path.join(reports, name));
}

/** The text of a report file. @throws an error of the system; FileRefusedError for a link or a file that is too large */
export async function readReportText(file: string): Promise<string> {
  return new TextDecoder().decode(await readRegularFile(file, REPORT_LIMITS));
}

/** Reads a report file; null if it is no report. @throws as `readReportText` */
export async function readSavedReport(file: string): Promise<SavedReport | null> {
  const markdown = await readReportText(file);
  try {
    const { fields } = parseReport(markdown);
    const title = fields.get("title") ?? path.basename(file, ".md");
    return { file, title, date: fields.get("date") ?? "", session: fields.get("session") ?? "", markdown };
  } catch {
    return null;
  }
}
