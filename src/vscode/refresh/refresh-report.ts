import * as vscode from "vscode";
import { readSessionOverview } from "../../app/sessions.js";
import type { RunResult } from "../../app/run-result.js";
import { startRefresh } from "../../app/start-refresh.js";
import type { ApiKeyStore } from "../api-key.js";
import { commandTitle, confirmForeignCall, isOwnCall } from "../command-callers.js";
import { assertTrusted, chooseReport } from "../reports/pick-report.js";
import type { RunController } from "../runs/run-controller.js";
import { toDiskPath } from "../virtual/virtual-paths.js";
import { loadWorkspaceConfig } from "../workspace-config.js";
import { documentAt } from "./review-refresh.js";

/** Refreshes the chosen report. @returns the result; undefined if the pick was dismissed */
export async function refreshReport(
  argument: unknown,
  context: vscode.ExtensionContext,
  runs: RunController,
  key: ApiKeyStore,
): Promise<RunResult | undefined> {
  assertTrusted();
  const report = await chooseReport(argument, vscode.l10n.t("Deep Research: Refresh Report"));
  if (report === undefined) return undefined;
  const { folder, session, uri, title } = report;
  const leaves = (await key.get()) !== null || /\]\(https?:/i.test(report.markdown);
  if (leaves && !isOwnCall([argument])) {
    if (!(await confirmForeignCall(commandTitle(context, "deepResearch.refreshReport"), [report.title])))
      return undefined;
  }
  // Unsaved changes would later count as edits made during the refresh.
  await documentAt(uri)?.save();
  const withoutKey = await loadWorkspaceConfig(folder, null);
  const isOffline = await readSessionOverview(withoutKey, session).then(
    (overview) => overview.isOffline,
    () => false,
  );
  const config = { ...withoutKey, key: isOffline ? null : await key.get() };
  return runs.run({ config, folder, question: title }, (watch) =>
    startRefresh(config, toDiskPath(uri) ?? uri.fsPath, watch),
  );
}
