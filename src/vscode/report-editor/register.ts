import * as vscode from "vscode";
import type { Commands } from "../command-ids.js";
import type { ApiKeyStore } from "../api-key.js";
import { createReportDecorations } from "./file-decorations.js";
import { createDefinitionProvider } from "./definition-provider.js";
import { createDiagnostics } from "./diagnostics.js";
import { createCheckedDocuments, type CheckedDocuments } from "./checked-documents.js";
import { createQuickFixProvider } from "./quick-fixes.js";
import { createHoverProvider } from "./hover-provider.js";
import { createOfferedRemovals } from "./record-edit.js";
import { createReportCodeLensProvider } from "./code-lens-provider.js";
import { findSourceForSentence } from "./find-source.js";
import { openCitation } from "./open-citation.js";
import { createOutsideLinkProvider } from "./outside-link-provider.js";
import { createPageLinkProvider } from "./document-link-provider.js";
import { createReferenceProvider } from "./reference-provider.js";
import { createSnapshotDocuments, type SnapshotDocuments } from "./snapshot-documents.js";
import { createSnapshotDecorations } from "./snapshot-decorations.js";
import { recheckReport } from "./recheck-sentence.js";

/** What edits and shows reports. */
export interface ReportFeatures {
  commands: Pick<
    Commands,
    "deepResearch.openCitation" | "deepResearch.verifyAgain" | "deepResearch.lookForSource"
  >;
  reports: CheckedDocuments;
  snapshots: SnapshotDocuments;
}

/** Registers hovers, definitions, references, lenses, diagnostics and fixes for reports. */
export function registerReportFeatures(
  context: vscode.ExtensionContext,
  key: ApiKeyStore,
  log: vscode.LogOutputChannel,
): ReportFeatures {
  const reports = createCheckedDocuments(log);
  const snapshots = createSnapshotDocuments(reports);
  const removals = createOfferedRemovals(log);
  const ours: vscode.DocumentSelector = { language: "markdown", scheme: "file" };
  const { languages } = vscode;
  context.subscriptions.push(
    reports,
    snapshots,
    removals,
    createSnapshotDecorations(snapshots),
    createDiagnostics(reports),
    createReportDecorations(reports),
    languages.registerHoverProvider(ours, createHoverProvider(reports)),
    languages.registerDefinitionProvider(ours, createDefinitionProvider(reports)),
    languages.registerReferenceProvider(ours, createReferenceProvider(reports)),
    languages.registerDocumentLinkProvider(ours, createPageLinkProvider(reports)),
    languages.registerDocumentLinkProvider(ours, createOutsideLinkProvider()),
    languages.registerCodeLensProvider(ours, createReportCodeLensProvider(context, reports)),
    languages.registerCodeActionsProvider(ours, createQuickFixProvider(reports, removals), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
  );
  const rechecking = { reports, key, log };
  const commands = {
    "deepResearch.openCitation": (argument: unknown) => openCitation(argument, reports, snapshots),
    "deepResearch.verifyAgain": (argument: unknown) => recheckReport(argument, rechecking),
    "deepResearch.lookForSource": (argument: unknown) => findSourceForSentence(argument, rechecking),
  };
  return { commands, reports, snapshots };
}
