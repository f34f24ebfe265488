import type * as vscode from "vscode";
import type { Commands } from "../command-ids.js";
import type { Key } from "../api-key.js";
import type { Runs } from "../runs/run-controller.js";
import { followUp } from "../runs/follow-up.js";
import { insertClaim } from "../reports/insert-claim.js";
import { accepted, discarded, refreshReport, showChanges } from "./refresh-report.js";

/** What is done with a report that is there: refresh it, go on from it, use a claim of it. */
export function refreshCommands(
  context: vscode.ExtensionContext,
  runs: Runs,
  key: Key,
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
    "deepResearch.acceptRefresh": (argument) => accepted(argument),
    "deepResearch.discardRefresh": (argument) => discarded(argument),
    "deepResearch.showRefreshChanges": (argument) => showChanges(argument),
    "deepResearch.followUp": (argument, given) => followUp(argument, given, context, runs, key),
    "deepResearch.insertClaim": (argument) => insertClaim(argument),
  };
}
