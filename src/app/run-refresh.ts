import { msg } from "../common/messages.js";
import { ResearchError } from "../common/errors.js";
import { sentenceFromMarkdown } from "../core/text/markdown-escape.js";
import type { Ports } from "../core/domain/ports.js";
import { parseReport } from "../core/report/parse-report.js";
import { refreshResearch, type SessionReport } from "../core/pipeline/refresh.js";
import { listClaims, renderReport } from "../core/report/render-report.js";
import type { Report } from "../core/domain/schema.js";
import type { Header } from "../storage/sessions/journal-schema.js";
import {
  adoptSnapshots,
  reportLinksFrom,
  readReportIfPresent,
  removeDraft,
  saveDraft,
} from "../storage/reports/refresh-draft.js";
import { resolveSessionFolder, type Session } from "../storage/sessions/session.js";
import { toResearchInput, loadRefreshBase, type RefreshBase } from "./prior-session.js";
import type { EngineConfig } from "./types.js";
import { loadSessionReport } from "./load-session-report.js";
import { resolveReportPath } from "../storage/reports/report-path.js";
import { toWorkspaceRelative, type RefreshResult } from "./run-result.js";

/* What a run does in a session that refreshes a report. */

/** The report that a session refreshes. */
export type RefreshHeader = NonNullable<Header["refreshes"]>;

/**
 * Refreshes the report that the session names. The draft is written by `keep`.
 * @returns the new report, null where nothing changed, what it goes on from, and how to keep it
 */
export async function runRefresh(
  config: EngineConfig,
  { header, folder }: Session,
  refreshes: RefreshHeader,
  ports: Ports,
  signal: AbortSignal,
): Promise<{ report: Report | null; base: SessionReport; keep: () => Promise<RefreshResult> }> {
  const sessions = config.settings.sessionStoragePath;
  const file = await resolveReportPath(config, refreshes.report);
  const { edited, ...base } = await loadRefreshBase(ports.steps, refreshes.session, () =>
    beginFrom(config, file, refreshes.session, signal),
  );
  await adoptSnapshots(base.report.sources, resolveSessionFolder(sessions, base.report.session), folder);
  // Only what Google found is searched for again; everything else is read again.
  const searches = ports.searches.filter(({ kind }) => kind === "answers");
  const { report, changes } = await refreshResearch(
    base,
    toResearchInput(header),
    { ...ports, searches },
    signal,
  );
  const keep = async (): Promise<RefreshResult> => {
    const shown = toWorkspaceRelative(config.workspace, file);
    const isAccepted = (await readReportIfPresent(file))?.session === header.id;
    if (report === null || isAccepted) {
      await removeDraft(folder);
      return { report: shown, draft: null, edited, changes };
    }
    const draft = await saveDraft(report, changes, folder, reportLinksFrom(file, config.workspace, folder));
    return { report: shown, draft: toWorkspaceRelative(config.workspace, draft), edited, changes };
  };
  return { report, base, keep };
}

/** The earlier report, whole, if the file is what its session wrote. */
async function beginFrom(
  config: EngineConfig,
  file: string,
  id: string,
  signal: AbortSignal,
): Promise<RefreshBase> {
  const sessions = config.settings.sessionStoragePath;
  const currentReport = await readReportIfPresent(file);
  if (currentReport?.session !== id) {
    throw new ResearchError("bad-report", msg`${file} no longer belongs to session ${id}.`);
  }
  const base = await loadSessionReport(sessions, id, true, signal);
  if (!fits(currentReport.text, base)) {
    throw new ResearchError(
      "damaged-session",
      msg`${file} does not match its session: another version made it, or most of it was edited.`,
      msg`Ask the question again.`,
    );
  }
  const links = reportLinksFrom(file, config.workspace, resolveSessionFolder(sessions, id));
  const report = { ...base.report, partial: partialIn(currentReport.text) ?? base.report.partial };
  const lf = (text: string): string => text.replaceAll("\r\n", "\n");
  return { ...base, report, edited: renderReport(report, links) !== lf(currentReport.text) };
}

/** Whether most of what a file quotes (or, where Google alone was asked, says) is the report's. */
function fits(markdown: string, { report }: SessionReport): boolean {
  const { sources, citations } = parseReport(markdown);
  const quotes = [...sources.values()].flatMap((source) => source.quotes);
  const known = new Set(report.evidence.map(({ quote }) => quote));
  const said = new Set(listClaims(report).map(({ text }) => text));
  const found =
    quotes.length > 0
      ? quotes.map((quote) => known.has(quote))
      : citations.map(({ sentence }) => said.has(sentence));
  return found.filter(Boolean).length * 2 >= found.length;
}

/** Why a report says that it is partial. */
function partialIn(markdown: string): string | null {
  const said = /^> \*\*Partial report\.\*\* (.*?)\r?$/m.exec(markdown)?.[1];
  return said === undefined ? null : sentenceFromMarkdown(said);
}
