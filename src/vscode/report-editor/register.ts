import * as vscode from "vscode";
import type { Commands } from "../command-ids.js";
import type { Key } from "../api-key.js";
import { openBadges } from "./file-decorations.js";
import { definitionProvider } from "./definition-provider.js";
import { openDiagnostics } from "./diagnostics.js";
import { openReports } from "./checked-documents.js";
import { fixProvider } from "./quick-fixes.js";
import { hoverProvider } from "./hover-provider.js";
import { openRemovals } from "./record-edit.js";
import { lensProvider } from "./code-lens-provider.js";
import { lookForSource } from "./find-source.js";
import { openCitation } from "./open-citation.js";
import { outsideLinkProvider } from "./outside-link-provider.js";
import { pageLinkProvider } from "./document-link-provider.js";
import { referenceProvider } from "./reference-provider.js";
import { openSnapshots } from "./snapshot-documents.js";
import { openSnapshotMarks } from "./snapshot-decorations.js";
import { verifyAgain } from "./recheck-sentence.js";

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
