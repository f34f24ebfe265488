import type * as vscode from "vscode";
import type { Commands } from "../command-ids.js";
import type { ApiKeyStore } from "../api-key.js";
import type { RunController } from "../runs/run-controller.js";
import { askFollowUp } from "../runs/follow-up.js";
import { insertClaim } from "../reports/insert-claim.js";
import { refreshReport } from "./refresh-report.js";
import { acceptPendingRefresh, discardPendingRefresh, showChanges } from "./review-refresh.js";

/** Commands on existing reports: refresh, follow up, insert a claim. */
export function refreshCommands(
  context: vscode.ExtensionContext,
  runs: RunController,
  key: ApiKeyStore,
): Pick<
  Commands,
  | "deepResearch.refreshReport"
  | "deepResearch.acceptRefresh"
  | "deepResearch.discardRefresh"
  | "deepResearch.showRefreshChanges"
  | "deepResearch.followUp"
  | "deepResearch.insertClaim"
> {
  return {
    "deepResearch.refreshReport": (argument) => refreshReport(argument, context, runs, key),
    "deepResearch.acceptRefresh": (argument) => acceptPendingRefresh(argument),
    "deepResearch.discardRefresh": (argument) => discardPendingRefresh(argument),
    "deepResearch.showRefreshChanges": (argument) => showChanges(argument),
    "deepResearch.followUp": (argument, given) => askFollowUp(argument, given, context, runs, key),
    "deepResearch.insertClaim": (argument) => insertClaim(argument),
  };
}
