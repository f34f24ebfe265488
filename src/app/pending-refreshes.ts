import { bySurface, msg } from "../common/messages.js";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import type { ReportChanges } from "../core/report/report-diff.js";
import { ResearchError } from "../common/errors.js";
import {
  draftPath,
  readChanges,
  readReportIfPresent,
  removeDraft,
} from "../storage/reports/refresh-draft.js";
import { writeFileAtomic } from "../common/files.js";
import type { EndedLine } from "../storage/sessions/journal-schema.js";
import { isSessionId } from "../storage/archive/allowed-paths.js";
import {
  readSession,
  reopenSession,
  assertOwnFolder,
  resolveSessionFolder,
} from "../storage/sessions/session.js";
import { requireStorage } from "./run-session.js";
import type { EngineConfig } from "./types.js";
import { systemClock } from "./create-ports.js";
import type { RefreshHeader } from "./run-refresh.js";
import { resolveReportPath } from "../storage/reports/report-path.js";

/* Refreshed reports that wait as drafts, each in its session's folder, until the user accepts or discards them. */

/** A refreshed report that waits. */
export interface PendingRefresh {
  session: string;
  question: string;
  /** The report that it would replace, and the draft; absolute. */
  report: string;
  draft: string;
  changes: ReportChanges | null;
}

/** The draft of a session. @throws ResearchError "no-session"; "bad-report" where none waits */
async function getPendingRefresh(config: EngineConfig, id: string): Promise<PendingRefresh> {
  const { refreshes, question } = await refreshing(config, id);
  const sessions = config.settings.sessionStoragePath;
  await assertOwnFolder(sessions, id);
  const folder = resolveSessionFolder(sessions, id);
  const draft = draftPath(folder);
  if ((await readReportIfPresent(draft)) === null) throw nothingWaits(id);
  const report = await resolveReportPath(config, refreshes.report);
  return { session: id, question, report, draft, changes: await readChanges(folder) };
}

/** All that wait, newest first. */
export async function listPendingRefreshes(config: EngineConfig): Promise<PendingRefresh[]> {
  const sessions = config.settings.sessionStoragePath;
  const names = await readdir(sessions).catch(() => [] as string[]);
  // The journals of the others, which may be thousands, are not read for this.
  const hasDraft = (id: string): boolean => existsSync(draftPath(resolveSessionFolder(sessions, id)));
  const ids = names
    .filter((name) => isSessionId(name) && hasDraft(name))
    .sort()
    .reverse();
  const found = await Promise.all(ids.map((id) => getPendingRefresh(config, id).catch(() => null)));
  return found.filter((each) => each !== null);
}

/**
 * Puts the draft of a session in the place of the report that it refreshes.
 * @param overwrite also where the report was edited or removed since the refresh began
 * @returns the report, relative to the workspace
 * @throws ResearchError "no-session"; "bad-report" where no draft waits; "conflict"; "session-running"
 */
export async function acceptRefresh(
  config: EngineConfig,
  id: string,
  overwrite: boolean,
): Promise<{ session: string; report: string }> {
  const { refreshes, ended } = await refreshing(config, id);
  const file = await resolveReportPath(config, refreshes.report);
  await requireStorage(config);
  const draft = await readReportIfPresent(
    draftPath(resolveSessionFolder(config.settings.sessionStoragePath, id)),
  );
  const currentReport = await readReportIfPresent(file);
  const isAccepted = currentReport?.session === id;
  if (draft === null && isAccepted) return { session: id, report: refreshes.report };
  if (draft === null) throw nothingWaits(id);
  if (draft.session !== id) {
    throw new ResearchError(
      "bad-report",
      msg`The draft of “${id}” is damaged.`,
      msg`Resume the session to get it back.`,
    );
  }
  if (currentReport !== null && !isAccepted && currentReport.session !== refreshes.session) {
    throw new ResearchError(
      "conflict",
      msg`${refreshes.report} has been replaced by a different report.`,
      msg`Move it away first.`,
    );
  }
  if (!overwrite && !isAccepted && currentReport?.sha256 !== refreshes.sha256) {
    throw new ResearchError(
      "conflict",
      currentReport === null
        ? msg`${refreshes.report} no longer exists.`
        : msg`${refreshes.report} was edited since the refresh began.`,
      bySurface(
        msg`To replace it anyway: deep-research accept ${id} --overwrite`,
        msg`Accept it again to replace the report.`,
      ),
    );
  }
  await commitDecision(config, id, refreshes.report, ended, async () => {
    if (!isAccepted) await writeFileAtomic(await resolveReportPath(config, refreshes.report), draft.text);
  });
  return { session: id, report: refreshes.report };
}

/**
 * Removes the draft of a session; the session stays, and resuming it brings the draft back.
 * @throws ResearchError as `acceptRefresh`
 */
export async function discardRefresh(
  config: EngineConfig,
  id: string,
): Promise<{ session: string; report: string }> {
  const { refreshes, ended } = await refreshing(config, id);
  const { report } = refreshes;
  await requireStorage(config);
  // Wherever its report is said to lie: a draft that cannot be accepted can be removed.
  if (
    (await readReportIfPresent(draftPath(resolveSessionFolder(config.settings.sessionStoragePath, id)))) ===
    null
  ) {
    throw nothingWaits(id);
  }
  await commitDecision(config, id, null, ended, () => Promise.resolve());
  return { session: id, report };
}

/** Does what was decided while nobody else has the session, and notes where its report is now. */
async function commitDecision(
  config: EngineConfig,
  id: string,
  report: string | null,
  ended: EndedLine | null,
  decide: () => Promise<void>,
): Promise<void> {
  const session = await reopenSession(config.settings.sessionStoragePath, id, systemClock.now(), {
    resumes: false,
  });
  try {
    await decide();
    const at = systemClock.now().toISOString();
    const last = ended ?? { type: "ended", status: "done", error: null };
    await session.journal.append({ ...last, at, report });
    await removeDraft(session.folder);
  } finally {
    await session.journal.close().finally(() => session.lock.release());
  }
}

async function refreshing(
  config: EngineConfig,
  id: string,
): Promise<{ refreshes: RefreshHeader; question: string; ended: EndedLine | null }> {
  const { header, ended } = await readSession(config.settings.sessionStoragePath, id);
  if (header.refreshes === undefined) {
    throw new ResearchError(
      "no-session",
      msg`Session “${id}” is not a refresh: there is nothing to accept or discard.`,
    );
  }
  return { refreshes: header.refreshes, question: header.question, ended };
}

function nothingWaits(id: string): ResearchError {
  return new ResearchError(
    "bad-report",
    msg`The session “${id}” has no pending refresh: nothing had changed, or it was accepted or discarded.`,
  );
}
