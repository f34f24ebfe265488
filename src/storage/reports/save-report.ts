import path from "node:path";
import { FileRefusedError, readRegularText } from "../../common/read-file.js";
import { trustedRoot } from "../../common/real-folder.js";
import { parseReport } from "../../core/report/parse-report.js";
import { renderReport } from "../../core/report/render-report.js";
import type { Report } from "../../core/domain/schema.js";
import { REPORT_LIMITS } from "../file-limits.js";
import {
  toReadError,
  ensureFolder,
  syncFolder,
  writeFileExclusive,
  writeFileAtomic,
} from "../../common/files.js";
import { slug } from "../sessions/session.js";
import { systemErrorCode } from "../../common/errors.js";

/**
 * Writes a session's report as DATE-SLUG.md. A report of the same session is replaced; if the name belongs to
 * another one, a number is added.
 * @returns the file's path
 */
export async function saveReport(
  report: Report,
  folders: { workspace: string; session: string; reports: string },
): Promise<string> {
  await ensureFolder(trustedRoot(folders.reports, folders.workspace), folders.reports);
  const links = {
    workspace: relativeLink(folders.reports, folders.workspace),
    session: relativeLink(folders.reports, folders.session),
  };
  const text = renderReport(report, links);
  const base = [report.date, slug(report.title) || slug(report.question) || "report"].join("-");
  for (let n = 1; ; n++) {
    const file = path.join(folders.reports, `${base}${n === 1 ? "" : `-${n}`}.md`);
    const session = await readSessionOfReport(file);
    if (session !== null && session !== report.session) continue;
    if (session === null) {
      // A session that ends at the same time may take the name first.
      if (!(await writeFileExclusive(file, text))) continue;
      await syncFolder(folders.reports);
    } else await writeFileAtomic(file, text);
    return file;
  }
}

function relativeLink(from: string, to: string): string {
  return path.relative(from, to).split(path.sep).join("/") || ".";
}

/** The session of the report at a path: null if there is no file, undefined if it is a link or not a report. */
async function readSessionOfReport(file: string): Promise<string | null | undefined> {
  let text: string;
  try {
    text = await readRegularText(file, REPORT_LIMITS);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ENOENT") return null;
    if (error instanceof FileRefusedError || code === "EACCES" || code === "EPERM") return undefined;
    throw toReadError(file, error);
  }
  try {
    return parseReport(text).fields.get("session");
  } catch {
    return undefined;
  }
}
