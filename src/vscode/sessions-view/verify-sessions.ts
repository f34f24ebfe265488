import { formatMessage } from "../../common/messages.js";
import * as vscode from "vscode";
import { findSession } from "../../app/sessions.js";
import { describeVerification, verifyReports } from "../../app/verify-reports.js";
import { showInformation, showWarning } from "../show-messages.js";
import { WindowProblem } from "../errors.js";
import { reportUri } from "../reports/open-report.js";
import { verifyReport } from "../reports/verify-report.js";
import { groupByFolder } from "./resolve-sessions.js";
import { diskFolderOf, toDiskPath, toWindowUri } from "../virtual/virtual-paths.js";

/** Verifies the reports of sessions: a single one as `Verify Report` does, several with one summary. */
export async function verifySessions(
  argument: unknown,
  selected: unknown,
  log: vscode.LogOutputChannel,
  extension: vscode.Uri,
): Promise<unknown> {
  const files: { file: string; folder: string; sessions: string }[] = [];
  for (const { folder, config, ids } of await groupByFolder(argument, selected)) {
    const sessions = config.settings.sessionStoragePath;
    for (const id of ids) {
      const report = (await findSession(sessions, id))?.report ?? null;
      if (report !== null)
        files.push({
          file: toDiskPath(await reportUri(folder.uri, report)) ?? report,
          folder: diskFolderOf(folder),
          sessions,
        });
    }
  }
  const [first, ...more] = files;
  if (first === undefined)
    throw new WindowProblem("no-report", vscode.l10n.t("This session has no report yet."));
  if (more.length === 0) return verifyReport(toWindowUri(first.file), log, extension);

  const results = await vscode.window.withProgress(
    { location: { viewId: "deepResearch.sessions" } },
    async () => {
      const { signal } = new AbortController();
      const all = await Promise.all(
        files.map(async ({ file, folder, sessions }) => {
          return (await verifyReports([file], folder, signal, { sessions })).checked;
        }),
      );
      return all.flat();
    },
  );
  for (const each of results) {
    const shown = { ...each, report: vscode.workspace.asRelativePath(toWindowUri(each.report)) };
    for (const line of describeVerification(shown)) {
      if (each.ok) log.info(formatMessage(line));
      else log.warn(formatMessage(line));
    }
  }
  const broken = results.filter(({ ok }) => !ok).length;
  const details = vscode.l10n.t("Show Log");
  const message =
    broken === 0
      ? vscode.l10n.t("{0} reports checked: every citation verified.", results.length)
      : vscode.l10n.t("{0} of {1} reports have citations that failed verification.", broken, results.length);
  const show = broken === 0 ? showInformation : showWarning;
  void show(message, details).then((chosen) => {
    if (chosen === details) log.show();
  });
  return results;
}
