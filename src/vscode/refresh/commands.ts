import type * as vscode from "vscode";
import type { Commands } from "../commands.js";
import type { Key } from "../key.js";
import type { Runs } from "../runs.js";
import { followUp } from "./follow.js";
import { insertClaim } from "./insert.js";
import { accepted, discarded, refreshReport, showChanges } from "./refresh.js";

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
