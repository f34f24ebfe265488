import { rm, stat } from "node:fs/promises";
import { createHash } from "node:crypto";
import path from "node:path";
import { readRegularText } from "../../common/read-file.js";
import { Changes } from "../../core/report/report-diff.js";
import { codeOf, ResearchError } from "../../common/errors.js";
import { readReport } from "../../core/report/parse-report.js";
import { renderReport, snapshotName, type Links } from "../../core/report/render-report.js";
import type { Report, Source } from "../../core/domain/schema.js";
import { archivedSnapshot } from "../archive/archived-sessions.js";
import { DRAFT_LIMITS, REPORT_LIMITS, SNAPSHOT_LIMITS } from "../file-limits.js";
import { makeFolder, PRIVATE_FILE, PRIVATE_FOLDER, writeWhole } from "../../common/files.js";
import { parseJson } from "../../common/parse-json.js";
import { isHash } from "../sessions/snapshots.js";

/*
 * A refreshed report waits in its session's folder until it is accepted or discarded: as a draft whose
 * links are right once it lies where the earlier report lies, and beside it what it changes.
 */

export function draftOf(folder: string): string {
  return path.join(folder, "refreshed.md");
}

function changesOf(folder: string): string {
  return path.join(folder, "changes.json");
}

/** Where things are, seen from a report's folder. */
export function linksFrom(report: string, workspace: string, session: string): Links {
  const from = path.dirname(report);
  const to = (target: string): string => path.relative(from, target).split(path.sep).join("/") || ".";
  return { workspace: to(workspace), session: to(session) };
}

/** Writes the draft and what it changes. @returns the draft's path */
export async function saveDraft(
  report: Report,
  changes: Changes,
  folder: string,
  links: Links,
): Promise<string> {
  await writeWhole(changesOf(folder), `${JSON.stringify(changes, null, 2)}\n`, PRIVATE_FILE);
  await writeWhole(draftOf(folder), renderReport(report, links), PRIVATE_FILE);
  return draftOf(folder);
}

/** What a draft changes; null where there is no draft. */
export async function readChanges(folder: string): Promise<Changes | null> {
  if ((await stat(draftOf(folder)).catch(() => null)) === null) return null;
  const text = await readRegularText(changesOf(folder), DRAFT_LIMITS).catch(() => "");
  return Changes.safeParse(parseJson(text)).data ?? null;
}

export async function removeDraft(folder: string): Promise<void> {
  await rm(draftOf(folder), { force: true });
  await rm(changesOf(folder), { force: true });
}

/** A report as it lies there; null where it is gone. */
export interface Lying {
  text: string;
  sha256: string;
  /** The session that its first lines name; null where it is no report of ours. */
  session: string | null;
}

/** @throws ResearchError "bad-report" where the file is there and cannot be read */
export async function readLying(file: string): Promise<Lying | null> {
  let text: string;
  try {
    text = await readRegularText(file, REPORT_LIMITS);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw new ResearchError("bad-report", `${file} cannot be read.`, "", { cause: error });
  }
  return { text, sha256: hash(text), session: sessionIn(text) };
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function sessionIn(text: string): string | null {
  try {
    return readReport(text).fields.get("session") ?? null;
  } catch {
    return null;
  }
}

/**
 * Copies the snapshots of another session, archived or not, that are not here yet. What is missing or was changed
 * there is left out: whoever needs it finds that out.
 */
export async function adoptSnapshots(sources: Source[], from: string, to: string): Promise<void> {
  for (const { sha256 } of sources) {
    // It becomes a part of a path.
    if (sha256 === null || !isHash(sha256)) continue;
    const name = snapshotName(sha256);
    const file = path.join(to, "sources", name);
    if ((await stat(file).catch(() => null)) !== null) continue;
    const origin = path.join(from, "sources", name);
    const text = await readRegularText(origin, SNAPSHOT_LIMITS).catch(() => archivedSnapshot(origin));
    if (text === null || ![text, text.replaceAll("\r\n", "\n")].some((each) => hash(each) === sha256))
      continue;
    await makeFolder(path.dirname(to), path.dirname(file), PRIVATE_FOLDER);
    await writeWhole(file, text, PRIVATE_FILE);
  }
}
