import { bySurface, msg } from "../common/messages.js";
import { getModelProvider } from "../models/providers.js";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import type { ReportChanges } from "../core/report/report-diff.js";
import { ResearchError } from "../common/errors.js";
import {
  draftPath,
  readChanges,
  readReportIfPresent,
  removeDraft,
  type ReportFile,
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
import { confirmForeignSources } from "./session-consent.js";
import { assertProviderUsable } from "./model-access.js";
import { beginSession, unarchiveIfNeeded, requireStorage } from "./run-session.js";
import type { EngineConfig, RunCallbacks } from "./types.js";
import { systemClock } from "./create-ports.js";
import type { RefreshHeader } from "./run-refresh.js";
import { resolveReportPath } from "../storage/reports/report-path.js";
import { toWorkspaceRelative, type RunResult } from "./run-result.js";

/* A saved report brought up to date: as a draft first, which the user accepts or discards. */

/**
 * Refreshes a report as a new session. What comes of it waits in the session's folder.
 * @param file the report, absolute
 * @throws ResearchError where no session could begin: no report of ours, its session is gone, no key
 */
export async function startRefresh(
  config: EngineConfig,
  file: string,
  watch: RunCallbacks,
): Promise<RunResult> {
  const currentReport = await reportAt(file);
  if (currentReport.session !== null) await resolveReportPath(config, file);
  const id = currentReport.session;
  if (id === null) {
    throw new ResearchError(
      "bad-report",
      msg`${path.basename(file)} is not a Deep Research report.`,
      msg`Specify a report, such as data/reports/NAME.md.`,
    );
  }
  await unarchiveIfNeeded(config, id, watch).catch((error: unknown) => {
    if (error instanceof ResearchError && error.code === "no-session") return;
    throw error;
  });
  const { header } = await readSession(config.settings.sessionStoragePath, id).catch((error: unknown) => {
    if (!(error instanceof ResearchError) || error.code !== "no-session") throw error;
    throw new ResearchError(
      "no-session",
      msg`${path.basename(file)} can't be refreshed because its session (${id}) no longer exists. You can still verify it.`,
      msg`Restore it from a backup, or ask the question again.`,
      { cause: error },
    );
  });
  const { question, engine, depth, maxSources, pages, scope } = header;
  const provider = getModelProvider(engine);
  assertProviderUsable(
    config,
    provider,
    msg`The report was made`,
    bySurface(msg`Set GEMINI_API_KEY and refresh it.`, msg`Set an API key and refresh it.`),
  );
  await confirmForeignSources(
    config.settings.sessionStoragePath,
    id,
    watch,
    msg`deep-research refresh REPORT --yes`,
  );
  const refreshes = {
    session: id,
    report: toWorkspaceRelative(config.workspace, file),
    sha256: currentReport.sha256,
  };
  const { environment } = config.settings;
  return beginSession(
    config,
    // Sources are read again; nothing is searched for.
    {
      question,
      engine,
      depth,
      maxSources,
      pages,
      scope: scope.filter((each) => each !== "google"),
      environment,
      refreshes,
    },
    watch,
  );
}

async function reportAt(file: string): Promise<ReportFile> {
  const currentReport = await readReportIfPresent(file);
  if (currentReport !== null) return currentReport;
  throw new ResearchError(
    "bad-report",
    msg`${file} cannot be read.`,
    msg`Specify a report, such as data/reports/NAME.md.`,
  );
}

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
