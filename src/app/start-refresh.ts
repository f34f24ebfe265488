import path from "node:path";
import { ResearchError } from "../common/errors.js";
import { bySurface, msg } from "../common/messages.js";
import { getModelProvider } from "../models/providers.js";
import { readReportIfPresent, type ReportFile } from "../storage/reports/refresh-draft.js";
import { resolveReportPath } from "../storage/reports/report-path.js";
import { readSession } from "../storage/sessions/session.js";
import { assertProviderUsable } from "./model-access.js";
import { toWorkspaceRelative, type RunResult } from "./run-result.js";
import { beginSession, unarchiveIfNeeded } from "./run-session.js";
import { confirmForeignSources } from "./session-consent.js";
import type { EngineConfig, RunCallbacks } from "./types.js";

/**
 * Refreshes a report as a new session. The new version waits as a draft in the session's folder.
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
