import { lstat, realpath } from "node:fs/promises";
import path from "node:path";
import { type ReportProblem } from "../core/report/findings.js";
import { type ParsedReport, type ParsedSource } from "../core/report/parse-report.js";
import { archiveZipPath } from "../storage/archive/archived-sessions.js";
import { isInside, pathExists } from "../common/files.js";
import { isSessionId } from "../storage/archive/allowed-paths.js";
import type { ReadCurrentSource } from "./current-sources.js";
import { isBelow } from "../common/is-below.js";

/** The folders that reports and their sessions may be in. */
export interface ReportFolders {
  /** Files named by a report must be in this folder; null disables that check. */
  workspace: string | null;
  /** The sessions folder from the settings, if set. */
  sessions?: () => Promise<string | null>;
  /** Reads cited packages and commits as they are today; absent: they are checked against snapshots alone. */
  readSource?: ReadCurrentSource;
}

/** The actual or expected location of a report's session. */
export interface SessionPlace {
  id: string;
  /** The folder of sessions. */
  sessions: string;
  folder: string;
  /** True if the sessions folder is neither in the workspace nor the one from the settings. */
  isOutside: boolean;
}

/** Locates a report's session: in the folder from the settings, the default folder, or next to its snapshots. */
export async function locateReportSession(
  read: ParsedReport,
  file: string,
  { workspace, sessions: named }: ReportFolders,
  paths: Set<string>,
): Promise<SessionPlace | null> {
  const id = read.fields.get("session") ?? "";
  if (!isSessionId(id)) return null;
  const sessions = (await named?.()) ?? null;
  const linked = linkedSessions(read, file);
  const defaultFolders = workspace === null ? [] : [path.join(workspace, "data", "sessions")];
  const candidates = [...(sessions === null ? [] : [sessions]), ...defaultFolders];
  for (const place of [...candidates, ...(linked === null ? [] : [linked])]) {
    for (const each of [path.join(place, id), archiveZipPath(place, id)]) {
      if (!(await pathExists(each))) continue;
      const isOutside = !(await mayHoldSessions(place, file, workspace, sessions));
      return { id, sessions: place, folder: path.join(place, id), isOutside };
    }
  }
  if (linked === null) return null;
  const folder = path.join(linked, id);
  paths.add(folder);
  return {
    id,
    sessions: linked,
    folder,
    isOutside: !(await mayHoldSessions(linked, file, workspace, sessions)),
  };
}

/** Whether a folder is the session's folder, with links resolved. */
export async function isSessionFolder(
  folder: string,
  { folder: own, sessions, id }: SessionPlace,
): Promise<boolean> {
  if (folder === own) return true;
  if (path.basename(folder) !== id) return false;
  const [one, other] = await Promise.all(
    [path.dirname(folder), sessions].map((each) => realpath(each).catch(() => each)),
  );
  return one === other;
}

/** Whether sessions may be there: in the workspace with links resolved, or in the folder from the settings. */
async function mayHoldSessions(
  place: string,
  report: string,
  workspace: string | null,
  sessions: string | null,
): Promise<boolean> {
  // The workspace of a report outside of it is unknown.
  if (workspace === null || !isBelow(report, workspace)) return true;
  // The user may choose a folder elsewhere, but one in the workspace must not be a link that leads out.
  if (sessions !== null && path.resolve(sessions) === path.resolve(place) && !isBelow(place, workspace))
    return true;
  const real = await realpath(place).catch(() => null);
  return real === null || isInside(real, workspace);
}

/** The sessions folder that the report's links point to; null if there is none. */
function linkedSessions(read: ParsedReport, report: string): string | null {
  for (const source of read.sources.values()) {
    const place = snapshotPath(source, report);
    if (typeof place === "string") return path.dirname(path.dirname(path.dirname(place)));
  }
  return null;
}

/** True if one of the paths is a link or neither a file nor a folder. */
export async function isAnyLink(all: string[]): Promise<boolean> {
  const found = await Promise.all(all.map((place) => lstat(place).catch(() => null)));
  return found.some((each) => each !== null && !each.isFile() && !each.isDirectory());
}

/** Resolves the link to a snapshot. Only names in our own form are accepted, so that nothing else is read. */
export function snapshotPath(source: ParsedSource, report: string): string | ReportProblem {
  if (source.grounded || source.snapshot === null) return { kind: "no-snapshot", says: [] };
  const { path: link, sha256 } = source.snapshot;
  const named = /(^|\/)sources\/([0-9a-f]{16})\.md$/.exec(link)?.[2];
  const place = resolveFromReport(report, link);
  if (named === undefined || place === null || !sha256.startsWith(named))
    return { kind: "snapshot-name", says: [] };
  return place;
}

/** The session's folder according to the links to its snapshots; null if they name none. */
export function sessionFolderOfReport(read: ParsedReport, report: string): string | null {
  const session = read.fields.get("session") ?? "";
  const sessions = isSessionId(session) ? linkedSessions(read, report) : null;
  return sessions === null ? null : path.join(sessions, session);
}

/** Resolves a path relative to a report; null for one that would lead to another machine. */
export function resolveFromReport(report: string, link: string): string | null {
  if (/^[/\\]{2}/.test(link) || link.includes("\u0000")) return null;
  return path.resolve(path.dirname(report), link);
}
