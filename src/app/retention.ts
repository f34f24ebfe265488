import { readGitState } from "../common/git-state.js";
import { trustedRoot } from "../common/real-folder.js";
import { archiveZipPath } from "../storage/archive/archived-sessions.js";
import { resolveReportPath } from "../storage/reports/report-path.js";
import { readReportIfPresent } from "../storage/reports/refresh-draft.js";
import { removeOldErrorRecords, readErrorRecords } from "../storage/statistics/error-records.js";
import { findSnapshots, removeSnapshots } from "../storage/sessions/remove-snapshots.js";
import { discardPermanently } from "../storage/sessions/delete-session.js";
import { listSessions } from "../storage/sessions/list-sessions.js";
import { isRunning } from "../storage/sessions/session-lock.js";
import type { ListedSession } from "../storage/sessions/session-summary.js";
import { journalPath, resolveSessionFolder } from "../storage/sessions/session.js";
import { deleteListedSession } from "./sessions.js";
import type { EngineConfig } from "./types.js";
import { abortAfter } from "../common/abort.js";

/*
 * How long what is finished stays. Nothing is removed unless a limit is set; it is removed after a run, and by the command
 * “clean”. Sessions that git tracks stay.
 */

type RetentionSettings = Pick<
  EngineConfig["settings"],
  "retentionSessionDays" | "retentionSnapshotDays" | "retentionErrorDays"
>;

/** What is older than its limit. */
export interface OldData {
  /** Finished sessions, which go with their reports. */
  sessions: ListedSession[];
  /** Finished sessions whose snapshots go, and nothing else. */
  snapshots: ListedSession[];
  /** Counted errors that were not seen for so long. */
  errors: number;
  /** Sessions that stay, because git has their journal or their report. */
  inGit: ListedSession[];
}

const DAY_MS = 24 * 60 * 60_000;
/** The longest time, in milliseconds, that the end of a run spends on finding what is old. */
const AFTER_RUN_MS = 20_000;

/** Whether anything is ever removed. */
export function hasRetention(settings: RetentionSettings): boolean {
  const { retentionSessionDays, retentionSnapshotDays, retentionErrorDays } = settings;
  return retentionSessionDays + retentionSnapshotDays + retentionErrorDays > 0;
}

/**
 * Finds what is older than the settings' limits. Removes nothing.
 * @param withGit whether sessions count, too, whose journal or report git has
 * @param except sessions that stay, whatever their age
 */
export async function findOldData(
  config: EngineConfig,
  now: Date,
  signal: AbortSignal,
  { withGit = false, except = [] }: { withGit?: boolean; except?: readonly string[] } = {},
): Promise<OldData> {
  const { settings } = config;
  const found: OldData = { sessions: [], snapshots: [], errors: 0, inGit: [] };
  const isOlder = (time: string, days: number): boolean =>
    days > 0 && now.getTime() - new Date(time).getTime() > days * DAY_MS;
  if (settings.retentionSessionDays + settings.retentionSnapshotDays > 0) {
    for (const session of await listSessions(settings.sessionStoragePath)) {
      signal.throwIfAborted();
      if (session.status !== "done" || except.includes(session.id)) continue;
      const isOld = isOlder(session.started, settings.retentionSessionDays);
      const losesSnapshots = !isOld && (await hasOldSnapshots(session));
      if (!isOld && !losesSnapshots) continue;
      if (await isRunning(resolveSessionFolder(settings.sessionStoragePath, session.id))) continue;
      if (!withGit && (await isInGit(config, session, signal))) found.inGit.push(session);
      else (isOld ? found.sessions : found.snapshots).push(session);
    }
  }
  if (settings.retentionErrorDays > 0) {
    const errors = await readErrorRecords(settings.sessionStoragePath);
    found.errors = errors.filter(({ last }) => isOlder(last, settings.retentionErrorDays)).length;
  }
  return found;

  async function hasOldSnapshots({ id, started, archived }: ListedSession): Promise<boolean> {
    if (archived === true || !isOlder(started, settings.retentionSnapshotDays)) return false;
    return (await findSnapshots(settings.sessionStoragePath, id)).length > 0;
  }
}

/** Removes what was found. @throws ResearchError "cannot-write" */
export async function removeOldData(config: EngineConfig, old: OldData, now: Date): Promise<void> {
  const { settings, workspace } = config;
  const sessions = settings.sessionStoragePath;
  for (const each of old.sessions)
    await deleteListedSession(config, each, await isOwnReport(config, each), discardPermanently);
  for (const { id } of old.snapshots) await removeSnapshots(sessions, id);
  if (old.errors > 0) {
    const before = new Date(now.getTime() - settings.retentionErrorDays * DAY_MS);
    await removeOldErrorRecords(sessions, trustedRoot(sessions, workspace), before);
  }
}

/** A report that another session refreshed belongs to that one. */
async function isOwnReport(config: EngineConfig, { id, report }: ListedSession): Promise<boolean> {
  if (report === null) return false;
  const file = await resolveReportPath(config, report).catch(() => null);
  return file !== null && (await readReportIfPresent(file).catch(() => null))?.session === id;
}

/**
 * Removes what is older than its limit, after a run. What cannot be removed now is found by `health` and by the next run.
 * @param except the run's session, and those that it is about
 */
export async function cleanAfterRun(config: EngineConfig, except: readonly string[]): Promise<void> {
  if (!hasRetention(config.settings)) return;
  const now = new Date();
  try {
    await removeOldData(config, await findOldData(config, now, abortAfter(AFTER_RUN_MS), { except }), now);
  } catch {
    // The run itself has ended well.
  }
}

/** Whether git tracks a session's journal, its archive or its report; also where git cannot say. */
async function isInGit(
  config: EngineConfig,
  { id, archived, report }: ListedSession,
  signal: AbortSignal,
): Promise<boolean> {
  const sessions = config.settings.sessionStoragePath;
  const own =
    archived === true ? archiveZipPath(sessions, id) : journalPath(resolveSessionFolder(sessions, id));
  const shown = report === null ? null : await resolveReportPath(config, report).catch(() => null);
  for (const file of [own, ...(shown === null ? [] : [shown])]) {
    const state = await readGitState(file, signal);
    if (state === "tracked" || state === "unknown") return true;
  }
  return false;
}
