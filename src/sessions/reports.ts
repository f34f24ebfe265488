import { readFile } from "node:fs/promises";
import path from "node:path";
import { readReport } from "../research/read-report.js";
import { renderReport } from "../research/report.js";
import type { Report } from "../research/schema.js";
import { isInside, makeFolder, writeWhole } from "./files.js";
import { slug } from "./session.js";
import { ResearchError } from "../research/errors.js";

/**
 * Writes a session's report as DATE-SLUG.md. A report of the same session is replaced; another's
 * never is: it gets the next number.
 * @returns the file's path
 */
export async function saveReport(
  report: Report,
  folders: { workspace: string; session: string; reports: string },
): Promise<string> {
  await makeFolder(folders.reports);
  const links = {
    workspace: relativeLink(folders.reports, folders.workspace),
    session: relativeLink(folders.reports, folders.session),
  };
  const text = renderReport(report, links);
  const base = [report.date, slug(report.title) || slug(report.question) || "report"].join("-");
  for (let n = 1; ; n++) {
    const file = path.join(folders.reports, `${base}${n === 1 ? "" : `-${n}`}.md`);
    if (!(await isFreeFor(report.session, file))) continue;
    if (!(await isInside(file, folders.reports))) {
      throw new ResearchError(
        "cannot-write",
        `${file} leads out of the reports' folder.`,
        "Remove the link and resume.",
      );
    }
    await writeWhole(file, text);
    return file;
  }
}

function relativeLink(from: string, to: string): string {
  return path.relative(from, to).split(path.sep).join("/") || ".";
}

async function isFreeFor(session: string, file: string): Promise<boolean> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT";
  }
  try {
    return readReport(text).fields.get("session") === session;
  } catch {
    return false;
  }
}
