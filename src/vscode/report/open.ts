import * as vscode from "vscode";
import type { Commands } from "../commands.js";
import type { Key } from "../key.js";
import { openBadges } from "./badges.js";
import { definitionProvider } from "./definition.js";
import { openDiagnostics } from "./diagnostics.js";
import { openReports } from "./documents.js";
import { fixProvider } from "./fixes.js";
import { hoverProvider } from "./hover.js";
import { openRemovals } from "./keep-edit.js";
import { lensProvider } from "./lens.js";
import { lookForSource } from "./look-for-source.js";
import { openCitation } from "./open-citation.js";
import { outsideLinkProvider } from "./outside-links.js";
import { pageLinkProvider } from "./page-links.js";
import { referenceProvider } from "./references.js";
import { openSnapshots } from "./snapshot-document.js";
import { openSnapshotMarks } from "./snapshot-marks.js";
import { verifyAgain } from "./verify-again.js";

type ReportCommands = Pick<
  Commands,
  "deepResearch.openCitation" | "deepResearch.verifyAgain" | "deepResearch.lookForSource"
>;

/** Makes reports in editors what code is there: with hovers, definitions, references, lenses, diagnostics and fixes. */
export function reportCommands(
  context: vscode.ExtensionContext,
  key: Key,
  log: vscode.LogOutputChannel,
): ReportCommands {
  const reports = openReports(log);
  const snapshots = openSnapshots(reports);
  const removals = openRemovals(log);
  const ours: vscode.DocumentSelector = { language: "markdown", scheme: "file" };
  const { languages } = vscode;
  context.subscriptions.push(
    reports,
    snapshots,
    removals,
    openSnapshotMarks(snapshots),
    openDiagnostics(reports),
    openBadges(reports),
    languages.registerHoverProvider(ours, hoverProvider(reports)),
    languages.registerDefinitionProvider(ours, definitionProvider(reports)),
    languages.registerReferenceProvider(ours, referenceProvider(reports)),
    languages.registerDocumentLinkProvider(ours, pageLinkProvider(reports)),
    languages.registerDocumentLinkProvider(ours, outsideLinkProvider()),
    languages.registerCodeLensProvider(ours, lensProvider(context, reports)),
    languages.registerCodeActionsProvider(ours, fixProvider(reports, removals), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
  );
  const rechecking = { reports, key, log };
  return {
    "deepResearch.openCitation": (argument) => openCitation(argument, reports, snapshots),
    "deepResearch.verifyAgain": (argument) => verifyAgain(argument, rechecking),
    "deepResearch.lookForSource": (argument) => lookForSource(argument, rechecking),
  };
}
