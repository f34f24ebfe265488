import { msg } from "../../common/messages.js";
import { rm, stat } from "node:fs/promises";
import path from "node:path";
import { readRegularText } from "../../common/read-file.js";
import { ReportChanges } from "../../core/report/report-diff.js";
import { systemErrorCode, ResearchError } from "../../common/errors.js";
import { parseReport } from "../../core/report/parse-report.js";
import { renderReport, snapshotFileName, type ReportLinks } from "../../core/report/render-report.js";
import type { Report, Source } from "../../core/domain/schema.js";
import { readArchivedSnapshot } from "../archive/archived-sessions.js";
import { DRAFT_LIMITS, REPORT_LIMITS, SNAPSHOT_LIMITS } from "../file-limits.js";
import { ensureFolder, PRIVATE_FILE, PRIVATE_FOLDER, writeFileAtomic } from "../../common/files.js";
import { parseJson } from "../../common/parse-json.js";
import { isSha256 } from "../sessions/snapshots.js";
import { sha256Hex } from "../../common/hash.js";

/*
 * A refreshed report stays in its session's folder until it is accepted or discarded: as a draft whose links fit its
 * final location, with its changes next to it.
 */

export function draftPath(folder: string): string {
  return path.join(folder, "refreshed.md");
}

/** True for the path of a draft in a session's folder, by its form alone. */
export function isDraftPath(file: string): boolean {
  return /[\\/]\d{8}-\d{6}-[0-9a-z-]+[\\/]refreshed\.md$/.test(file);
}

function changesPath(folder: string): string {
  return path.join(folder, "changes.json");
}

/** The workspace and session folders relative to a report. */
export function reportLinksFrom(report: string, workspace: string, session: string): ReportLinks {
  const from = path.dirname(report);
  const to = (target: string): string => path.relative(from, target).split(path.sep).join("/") || ".";
  return { workspace: to(workspace), session: to(session) };
}

/** Writes the draft and its changes. @returns the draft's path */
export async function saveDraft(
  report: Report,
  changes: ReportChanges,
  folder: string,
  links: ReportLinks,
): Promise<string> {
  await writeFileAtomic(changesPath(folder), `${JSON.stringify(changes, null, 2)}\n`, PRIVATE_FILE);
  await writeFileAtomic(draftPath(folder), renderReport(report, links), PRIVATE_FILE);
  return draftPath(folder);
}

/** Reads the changes of a draft; null if there is no draft. */
export async function readChanges(folder: string): Promise<ReportChanges | null> {
  if ((await stat(draftPath(folder)).catch(() => null)) === null) return null;
  const text = await readRegularText(changesPath(folder), DRAFT_LIMITS).catch(() => "");
  return ReportChanges.safeParse(parseJson(text)).data ?? null;
}

export async function removeDraft(folder: string): Promise<void> {
  await rm(draftPath(folder), { force: true });
  await rm(changesPath(folder), { force: true });
}

/** A report file on disk. */
export interface ReportFile {
  text: string;
  sha256: string;
  /** The session named in its front matter; null if it is not a Deep Research report. */
  session: string | null;
}

/** @returns null if there is no file. @throws ResearchError "bad-report" if it exists but cannot be read */
export async function readReportIfPresent(file: string): Promise<ReportFile | null> {
  let text: string;
  try {
    text = await readRegularText(file, REPORT_LIMITS);
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return null;
    throw new ResearchError("bad-report", msg`${file} cannot be read.`, "", { cause: error });
  }
  return { text, sha256: sha256Hex(text), session: parseSessionId(text) };
}

function parseSessionId(text: string): string | null {
  try {
    return parseReport(text).fields.get("session") ?? null;
  } catch {
    return null;
  }
}

/**
 * Copies missing snapshots from another session, archived or not. Missing or changed snapshots are skipped; using
 * such a source reports that later.
 */
export async function adoptSnapshots(sources: Source[], from: string, to: string): Promise<void> {
  for (const { sha256 } of sources) {
    // The hash becomes part of a path.
    if (sha256 === null || !isSha256(sha256)) continue;
    const name = snapshotFileName(sha256);
    const file = path.join(to, "sources", name);
    if ((await stat(file).catch(() => null)) !== null) continue;
    const origin = path.join(from, "sources", name);
    const text = await readRegularText(origin, SNAPSHOT_LIMITS).catch(() => readArchivedSnapshot(origin));
    if (text === null || ![text, text.replaceAll("\r\n", "\n")].some((each) => sha256Hex(each) === sha256))
      continue;
    await ensureFolder(path.dirname(to), path.dirname(file), PRIVATE_FOLDER);
    await writeFileAtomic(file, text, PRIVATE_FILE);
  }
}
