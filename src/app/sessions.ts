import { msg } from "../common/messages.js";
import { existsSync } from "node:fs";
import path from "node:path";
import { ResearchError } from "../common/errors.js";
import { trustedRoot } from "../common/real-folder.js";
import { OFFLINE_PROVIDER } from "../core/domain/schema.js";
import { isArchived } from "../storage/archive/archive-sessions.js";
import { archiveZipPath } from "../storage/archive/archived-sessions.js";
import { resolveReportPath } from "../storage/reports/report-path.js";
import { deleteSession, findRestoreCopies } from "../storage/sessions/delete-session.js";
import { findSession, listSession, listSessions } from "../storage/sessions/list-sessions.js";
import { isRunning } from "../storage/sessions/session-lock.js";
import type { ListedSession } from "../storage/sessions/session-summary.js";
import { journalPath, readSession, resolveSessionFolder } from "../storage/sessions/session.js";
import { snapshotFile } from "../storage/sessions/snapshots.js";
import type { EngineConfig } from "./types.js";

/* The sessions of a folder, running or not: to list, find, rename, watch and delete. */

export { isSessionId } from "../storage/archive/allowed-paths.js";
export { discardPermanently } from "../storage/sessions/delete-session.js";
export { compareNewestFirst, findSession, listSessions } from "../storage/sessions/list-sessions.js";
export { MAX_NAME_LENGTH, renameSession } from "../storage/sessions/rename-session.js";
export type { ListedSession, SessionStatus } from "../storage/sessions/session-summary.js";
export { findChangedSessions, SESSION_WATCH_GLOB } from "../storage/sessions/session-watch.js";

/** The sessions that a question can go on from, newest first. */
export async function listAnsweredSessions({ settings }: EngineConfig): Promise<ListedSession[]> {
  const all = await listSessions(settings.sessionStoragePath);
  return all.filter(({ status }) => status === "done" || status === "partial");
}

/** Whether a session has nothing left to do: it is done, and its report is where it was saved. */
export async function isFinishedSession({ workspace, settings }: EngineConfig, id: string): Promise<boolean> {
  const session = await findSession(settings.sessionStoragePath, id);
  return (
    session?.status === "done" &&
    session.report !== null &&
    existsSync(path.resolve(workspace, session.report))
  );
}

/** The file that holds a session: its journal or, of an archived one, its zip. @throws ResearchError "no-session" */
export async function locateSession({ settings }: EngineConfig, id: string): Promise<string> {
  const sessions = settings.sessionStoragePath;
  const folder = resolveSessionFolder(sessions, id);
  return (await isArchived(sessions, id)) ? archiveZipPath(sessions, id) : journalPath(folder);
}

/** The file of a session's snapshot, which need not exist; null for a hash that is none. */
export function locateSnapshot({ settings }: EngineConfig, id: string, sha256: string): string | null {
  return snapshotFile(resolveSessionFolder(settings.sessionStoragePath, id), sha256);
}

/** What an interface needs to know about a session before it continues. */
export interface SessionOverview {
  question: string;
  /** Whether it is answered without a remote model, whatever key there is. */
  isOffline: boolean;
  /** Whether its plan was reviewed, or something was searched or read. */
  isBegun: boolean;
}

/** @throws ResearchError "no-session", "damaged-session" or "newer-session" */
export async function readSessionOverview({ settings }: EngineConfig, id: string): Promise<SessionOverview> {
  const { header, plan, spent } = await readSession(settings.sessionStoragePath, id);
  return {
    question: header.question,
    isOffline: header.engine === OFFLINE_PROVIDER,
    isBegun: plan !== null || spent.calls.search + spent.calls.read > 0,
  };
}

/** Looks up sessions to delete; those that are gone are left out. @throws ResearchError "session-running" */
export async function findSessionsToDelete(
  { settings }: EngineConfig,
  ids: string[],
): Promise<ListedSession[]> {
  const sessions = settings.sessionStoragePath;
  const here = await Promise.all(ids.map((id) => listSession(sessions, id)));
  const found = here.includes(null)
    ? (await listSessions(sessions)).filter(({ id }) => ids.includes(id))
    : here.filter((each) => each !== null);
  for (const { id, archived, question } of found) {
    if (archived !== true && (await isRunning(resolveSessionFolder(sessions, id)))) {
      throw new ResearchError(
        "session-running",
        msg`“${question}” is running, so it cannot be deleted.`,
        msg`Cancel it first.`,
      );
    }
  }
  return found;
}

/**
 * Deletes a session and, if asked for, its report, with the copies that restores kept of them. The cache, which all
 * sessions share, and backups stay.
 * @param discard removes a file or a folder, or moves it to a trash
 * @throws ResearchError "cannot-write" if a folder is reached through a link
 */
export async function deleteListedSession(
  config: EngineConfig,
  { id, archived, report }: ListedSession,
  withReport: boolean,
  discard: (file: string) => Promise<void>,
): Promise<void> {
  const sessions = config.settings.sessionStoragePath;
  await deleteSession(sessions, id, trustedRoot(sessions, config.workspace), archived === true, discard);
  if (!withReport || report === null) return;
  // The report path comes from the journal, which is untrusted.
  const file = await resolveReportPath(config, report).catch(() => null);
  if (file === null) return;
  for (const each of [file, ...(await findRestoreCopies(file))]) if (existsSync(each)) await discard(each);
}
